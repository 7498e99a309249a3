/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of /proc/vmstat, as differences over the workload. */
#include "harness/collect/collectors.h"

#include <string.h>

#define MEMMAP "nr_memmap_pages"
#define PAGE_KIB 4

#define COUNTER(name, timeline)                     \
	{                                           \
		name, name, FL_UNIT_COUNT, timeline \
	}

static const struct fl_series series[] = {
	COUNTER("allocstall_movable", false),
	COUNTER("balloon_deflate", false),
	COUNTER("balloon_inflate", true),
	COUNTER("balloon_inflate_block", true),
	COUNTER("balloon_inflate_fallback", true),
	COUNTER("balloon_migrate", true),
	COUNTER("compact_stall", false),
	COUNTER("compact_success", false),
	{ "guest_memmap", MEMMAP, FL_UNIT_KIB, true },
	COUNTER("nr_thp_reserved", true),
	COUNTER("page_hinting_blocks", false),
	COUNTER("page_hinting_isolate_failed", false),
	COUNTER("page_reporting_batches", false),
	COUNTER("page_reporting_pages", true),
	COUNTER("pgfault", false),
	COUNTER("pgmajfault", false),
	COUNTER("pgsteal_anon", false),
	COUNTER("pgsteal_direct", false),
	COUNTER("pgsteal_file", true),
	COUNTER("pgsteal_kswapd", false),
	COUNTER("pswpin", false),
	COUNTER("pswpout", false),
	COUNTER("thp_collapse_alloc", true),
	COUNTER("thp_deferred_split_page", false),
	COUNTER("thp_fault_alloc", true),
	COUNTER("thp_fault_fallback", true),
	COUNTER("thp_res_alloc", true),
	COUNTER("thp_res_alloc_failed", false),
	COUNTER("thp_res_promoted", true),
	COUNTER("thp_res_released", false),
	COUNTER("thp_split_page", true),
	COUNTER("thp_split_pmd", true),
	COUNTER("thp_underused_split_page", false),
	COUNTER("workingset_refault_file", false),
	{ 0 },
};

#define DELTA(metric, counter, better, about)                           \
	{                                                               \
		metric, counter, FL_DELTA, FL_UNIT_COUNT, better, true, \
			about " (/proc/vmstat " counter ")"             \
	}

/* Counters as they are, the memory map as the memory that it takes. */
static int value_of(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	int bad = fl_value_space(text, len, key, ram, out);

	if (!bad && !strcmp(key, MEMMAP))
		*out *= PAGE_KIB;
	return bad;
}

static const struct fl_metric metrics[] = {
	DELTA("balloon_deflate", "balloon_deflate", FL_NEITHER, "pages that the balloon gave back"),
	DELTA("balloon_inflate", "balloon_inflate", FL_NEITHER, "pages that the balloon took"),
	DELTA("balloon_inflate_block", "balloon_inflate_block", FL_NEITHER,
	      "blocks of more than a page that the balloon took"),
	DELTA("balloon_inflate_fallback", "balloon_inflate_fallback", FL_LESS,
	      "times that the balloon had to do with a smaller block than it asked for"),
	DELTA("balloon_migrate", "balloon_migrate", FL_LESS,
	      "pages that compaction or offlining moved for the balloon"),
	DELTA("blocks_hinted", "page_hinting_blocks", FL_NEITHER,
	      "free blocks noted in a bitmap, to be reported to the host"),
	DELTA("blocks_not_isolated", "page_hinting_isolate_failed", FL_LESS,
	      "noted blocks that were free and could not be taken to report them"),
	DELTA("collapse_alloc", "thp_collapse_alloc", FL_NEITHER,
	      "huge pages that khugepaged allocated to copy into"),
	DELTA("compact_stall", "compact_stall", FL_LESS, "allocations that waited for compaction"),
	DELTA("direct_reclaims", "allocstall_movable", FL_LESS,
	      "allocations of user memory that had to reclaim"),
	DELTA("page_faults", "pgfault", FL_LESS,
	      "faults of the whole guest, the agent's with them"),
	DELTA("pages_reported", "page_reporting_pages", FL_NEITHER,
	      "free pages that the guest reported to the host"),
	DELTA("promotions_fault", "thp_res_promoted", FL_NEITHER,
	      "reserved ranges made huge in place, by a fault, khugepaged or madvise"),
	DELTA("reclaimed_anon", "pgsteal_anon", FL_LESS, "anonymous pages reclaimed"),
	DELTA("reclaimed_direct", "pgsteal_direct", FL_LESS, "pages reclaimed by who wanted some"),
	DELTA("reclaimed_file", "pgsteal_file", FL_LESS, "pages of files reclaimed"),
	DELTA("reclaimed_kswapd", "pgsteal_kswapd", FL_LESS, "pages reclaimed by kswapd"),
	DELTA("refaults_file", "workingset_refault_file", FL_LESS,
	      "pages of files read again soon after they were reclaimed"),
	DELTA("report_batches", "page_reporting_batches", FL_NEITHER,
	      "batches of free pages that the guest reported to the host"),
	DELTA("reservations", "thp_res_alloc", FL_NEITHER, "huge-page-sized ranges reserved"),
	DELTA("reservations_failed", "thp_res_alloc_failed", FL_LESS,
	      "reservations that got no huge block"),
	DELTA("reservations_released", "thp_res_released", FL_NEITHER,
	      "reservations given back unused"),
	{ "reserved_peak", "nr_thp_reserved", FL_PEAK, FL_UNIT_COUNT, FL_NEITHER, true,
	  "unused pages held in reservations, at most (/proc/vmstat nr_thp_reserved)" },
	DELTA("splits_page", "thp_split_page", FL_LESS, "huge pages split into base pages"),
	DELTA("splits_pmd", "thp_split_pmd", FL_LESS,
	      "huge mappings split into base-page mappings"),
	DELTA("splits_underused", "thp_underused_split_page", FL_NEITHER,
	      "huge pages split because mostly zero"),
	DELTA("swap_in", "pswpin", FL_LESS, "pages swapped in"),
	DELTA("swap_out", "pswpout", FL_LESS, "pages swapped out"),
	DELTA("thp_fault_alloc", "thp_fault_alloc", FL_NEITHER,
	      "huge pages allocated at a fault; these are no promotions"),
	DELTA("thp_fault_fallback", "thp_fault_fallback", FL_LESS,
	      "faults that wanted a huge page and got a base page"),
	{ 0 },
};

const struct fl_collector fl_collect_vmstat = {
	.name = "vmstat",
	.side = FL_SIDE_GUEST,
	.file = "/proc/vmstat",
	.value = value_of,
	.series = series,
	.metrics = metrics,
};
