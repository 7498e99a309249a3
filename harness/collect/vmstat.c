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
	COUNTER("balloon_inflate_emptied", true),
	COUNTER("balloon_inflate_fallback", true),
	COUNTER("balloon_inflate_made", true),
	COUNTER("balloon_inflate_make_fail", true),
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
	COUNTER("swpin_zero", false),
	COUNTER("swpout_zero", false),
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
	COUNTER("thp_split_page_failed", false),
	COUNTER("thp_swpout", false),
	COUNTER("thp_swpout_fallback", false),
	COUNTER("thp_underused_split_page", false),
	COUNTER("thp_zero_page_alloc", false),
	COUNTER("workingset_refault_file", false),
	COUNTER("zswpin", false),
	COUNTER("zswpout", false),
	COUNTER("zswpwb", false),
	{ 0 },
};

#define VMSTAT(counter) " (/proc/vmstat " counter ")"

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
	{
		.name = "balloon_deflate",
		.series = "balloon_deflate",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_BALLOON,
		.about = "pages released from the balloon" VMSTAT("balloon_deflate"),
	},
	{
		.name = "balloon_inflate",
		.series = "balloon_inflate",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_BALLOON,
		.about = "pages taken into the balloon" VMSTAT("balloon_inflate"),
	},
	{
		.name = "balloon_inflate_block",
		.series = "balloon_inflate_block",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_BALLOON,
		.column = "blocks taken",
		.hide_zero = true,
		.beside_steps = true,
		.about = "free blocks larger than a page taken into the balloon" VMSTAT(
			"balloon_inflate_block"),
	},
	{
		.name = "balloon_inflate_emptied",
		.series = "balloon_inflate_emptied",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_BALLOON,
		.column = "pages emptied",
		.hide_zero = true,
		.beside_steps = true,
		.about = "pages in use in blocks made for the balloon: moved elsewhere, or clean "
			 "page cache that was dropped" VMSTAT("balloon_inflate_emptied"),
	},
	{
		.name = "balloon_inflate_fallback",
		.series = "balloon_inflate_fallback",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_BALLOON,
		.column = "blocks short",
		.hide_zero = true,
		.beside_steps = true,
		.about =
			"times that the balloon fell back to a smaller block than requested" VMSTAT(
				"balloon_inflate_fallback"),
	},
	{
		.name = "balloon_inflate_made",
		.series = "balloon_inflate_made",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_BALLOON,
		.column = "blocks made",
		.hide_zero = true,
		.beside_steps = true,
		.about =
			"blocks made for the balloon by moving the pages in use out of them" VMSTAT(
				"balloon_inflate_made"),
	},
	{
		.name = "balloon_inflate_make_fail",
		.series = "balloon_inflate_make_fail",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_BALLOON,
		.column = "not made",
		.hide_zero = true,
		.beside_steps = true,
		.about = "times that no block could be made for the balloon" VMSTAT(
			"balloon_inflate_make_fail"),
	},
	{
		.name = "balloon_migrate",
		.series = "balloon_migrate",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_BALLOON,
		.column = "balloon moved",
		.hide_zero = true,
		.beside_steps = true,
		.about = "balloon pages migrated by compaction or offlining" VMSTAT(
			"balloon_migrate"),
	},
	{
		.name = "blocks_hinted",
		.series = "page_hinting_blocks",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_REPORTING,
		.about = "free blocks marked in the bitmap, to be reported to the host" VMSTAT(
			"page_hinting_blocks"),
	},
	{
		.name = "blocks_not_isolated",
		.series = "page_hinting_isolate_failed",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_REPORTING,
		.about = "marked blocks that were free and could not be isolated" VMSTAT(
			"page_hinting_isolate_failed"),
	},
	{
		.name = "collapse_alloc",
		.series = "thp_collapse_alloc",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "huge pages that khugepaged allocated for a collapse" VMSTAT(
			"thp_collapse_alloc"),
	},
	{
		.name = "compact_stall",
		.series = "compact_stall",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "allocations that waited for compaction" VMSTAT("compact_stall"),
	},
	{
		.name = "direct_reclaims",
		.series = "allocstall_movable",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "allocations of user memory that entered direct reclaim" VMSTAT(
			"allocstall_movable"),
	},
	{
		.name = "page_faults",
		.series = "pgfault",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_TOUCH,
		.about = "page faults of the whole guest, including the agent's" VMSTAT("pgfault"),
	},
	{
		.name = "pages_reported",
		.series = "page_reporting_pages",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_REPORTING,
		.column = "reported",
		.hide_zero = true,
		.beside_steps = true,
		.about = "free pages that the guest reported to the host" VMSTAT(
			"page_reporting_pages"),
	},
	{
		.name = "promotions_in_place_total",
		.series = "thp_res_promoted",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "reserved ranges promoted in place, by a fault, khugepaged or "
			 "MADV_COLLAPSE" VMSTAT("thp_res_promoted"),
	},
	{
		.name = "reclaimed_anon",
		.series = "pgsteal_anon",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "anonymous pages reclaimed" VMSTAT("pgsteal_anon"),
	},
	{
		.name = "reclaimed_direct",
		.series = "pgsteal_direct",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "pages reclaimed by the allocating task itself (direct reclaim)" VMSTAT(
			"pgsteal_direct"),
	},
	{
		.name = "reclaimed_file",
		.series = "pgsteal_file",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "file pages reclaimed" VMSTAT("pgsteal_file"),
	},
	{
		.name = "reclaimed_kswapd",
		.series = "pgsteal_kswapd",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "pages reclaimed by kswapd" VMSTAT("pgsteal_kswapd"),
	},
	{
		.name = "refaults_file",
		.series = "workingset_refault_file",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PRESSURE,
		.about = "file pages that were read again soon after they were reclaimed" VMSTAT(
			"workingset_refault_file"),
	},
	{
		.name = "report_batches",
		.series = "page_reporting_batches",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_REPORTING,
		.about = "batches of free pages that the guest reported to the host" VMSTAT(
			"page_reporting_batches"),
	},
	{
		.name = "reservations",
		.series = "thp_res_alloc",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.state = "reservations",
		.about = "huge-page-sized ranges reserved" VMSTAT("thp_res_alloc"),
	},
	{
		.name = "reservations_failed",
		.series = "thp_res_alloc_failed",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_HUGE,
		.about = "reservations for which no huge block was free" VMSTAT(
			"thp_res_alloc_failed"),
	},
	{
		.name = "reservations_ended_unpromoted",
		.series = "thp_res_released",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "reservations that ended without a promotion" VMSTAT("thp_res_released"),
	},
	{
		.name = "reserved_peak",
		.series = "nr_thp_reserved",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "largest number of unused pages in reservations (/proc/vmstat "
			 "nr_thp_reserved)",
	},
	{
		.name = "splits_page",
		.series = "thp_split_page",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_HUGE,
		.state = "split huge pages",
		.about = "huge pages split into base pages" VMSTAT("thp_split_page"),
	},
	{
		.name = "splits_pmd",
		.series = "thp_split_pmd",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_HUGE,
		.column = "PMD splits",
		.hide_zero = true,
		.beside_steps = true,
		.about = "huge mappings split into base-page mappings" VMSTAT("thp_split_pmd"),
	},
	{
		.name = "splits_underused",
		.series = "thp_underused_split_page",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "huge pages split because they were mostly zero" VMSTAT(
			"thp_underused_split_page"),
	},
	{
		.name = "swap_in",
		.series = "pswpin",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_SWAP,
		.about = "pages swapped in" VMSTAT("pswpin"),
	},
	{
		.name = "swap_out",
		.series = "pswpout",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_SWAP,
		.state = "pages swapped out",
		.about = "pages swapped out" VMSTAT("pswpout"),
	},
	{
		.name = "thp_fault_alloc",
		.series = "thp_fault_alloc",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.column = "huge at fault",
		.state = "huge pages allocated at a fault",
		.headline = true,
		.hide_zero = true,
		.beside_steps = true,
		.about = "huge pages allocated at a fault; these are not promotions" VMSTAT(
			"thp_fault_alloc"),
	},
	{
		.name = "thp_fault_fallback",
		.series = "thp_fault_fallback",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_HUGE,
		.about = "faults that fell back from a huge page to a smaller one" VMSTAT(
			"thp_fault_fallback"),
	},
	{
		.name = "splits_failed",
		.series = "thp_split_page_failed",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_HUGE,
		.about = "huge pages that could not be split, for example because they were "
			 "pinned" VMSTAT("thp_split_page_failed"),
	},
	{
		.name = "swap_in_zero",
		.series = "swpin_zero",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_SWAP,
		.about = "zero-filled pages swapped in without a read" VMSTAT("swpin_zero"),
	},
	{
		.name = "swap_out_zero",
		.series = "swpout_zero",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_SWAP,
		.about = "zero-filled pages swapped out without a write" VMSTAT("swpout_zero"),
	},
	{
		.name = "swap_out_huge",
		.series = "thp_swpout",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_SWAP,
		.about = "huge pages swapped out without a split" VMSTAT("thp_swpout"),
	},
	{
		.name = "swap_out_huge_split",
		.series = "thp_swpout_fallback",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_SWAP,
		.about = "huge pages that had to be split to be swapped out" VMSTAT(
			"thp_swpout_fallback"),
	},
	{
		.name = "zero_huge_pages",
		.series = "thp_zero_page_alloc",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_HUGE,
		.about = "huge zero pages allocated" VMSTAT("thp_zero_page_alloc"),
	},
	{
		.name = "zswap_in",
		.series = "zswpin",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_SWAP,
		.about = "pages read back from zswap" VMSTAT("zswpin"),
	},
	{
		.name = "zswap_out",
		.series = "zswpout",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_SWAP,
		.about = "pages compressed into zswap" VMSTAT("zswpout"),
	},
	{
		.name = "zswap_written_back",
		.series = "zswpwb",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_SWAP,
		.about = "pages that zswap wrote to the swap device" VMSTAT("zswpwb"),
	},
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
