/* SPDX-License-Identifier: GPL-2.0 */
/* Metrics that the workload itself gives: latencies, its output, its exit; and the harness's own.
 */
#include "harness/collect/collect.h"

#include <string.h>

#define LATENCY(stem, what)                                                                           \
	{ stem "_max", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", longest" },                    \
		{ stem "_mean", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", mean" },              \
		{ stem "_p50", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", median" },             \
		{ stem "_p90", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", 90th percentile" },    \
		{ stem "_p99", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", 99th percentile" },    \
		{ stem "_p999", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", 99.9th percentile" }, \
	{                                                                                             \
		stem "_p9999", "", FL_LAST, FL_UNIT_NS, FL_LESS, true, what ", 99.99th percentile"    \
	}

#define ONE(name, unit, better, about)                       \
	{                                                    \
		name, "", FL_LAST, unit, better, true, about \
	}

static const struct fl_metric metrics[] = {
	ONE("cache_evicted", FL_UNIT_COUNT, FL_LESS,
	    "hungry: pages of the file that went out of the page cache"),
	ONE("cache_kept", FL_UNIT_PERCENT, FL_MORE,
	    "hungry: of the file's pages in the page cache, those that are still there"),
	ONE("cases_changed", FL_UNIT_COUNT, FL_LESS,
	    "test cases with another outcome than in the first row of their workload"),
	ONE("cases_failed", FL_UNIT_COUNT, FL_LESS, "test cases that failed"),
	ONE("cases_passed", FL_UNIT_COUNT, FL_MORE, "test cases that passed"),
	ONE("cases_skipped", FL_UNIT_COUNT, FL_LESS,
	    "test cases that this kernel, setting or machine does not have"),
	ONE("cases_unexplained", FL_UNIT_COUNT, FL_LESS,
	    "of cases_changed, those for which the experiment has no [explained NAME]"),
	ONE("children_ok", FL_UNIT_COUNT, FL_MORE,
	    "fork-density: children that lived, when none failed"),
	ONE("children_until_failure", FL_UNIT_COUNT, FL_MORE,
	    "fork-density: number of the child that failed"),
	ONE("fault_count", FL_UNIT_COUNT, FL_LESS,
	    "faults of the workload's processes (getrusage minor + major)"),
	ONE("faults_caught", FL_UNIT_COUNT, FL_MORE,
	    "wrong pages that were made on purpose and found, with their address (0, 1)"),
	LATENCY("fault_latency", "touch of a base page in a region touched before: a fault under "
				 "base pages, a store under a huge page"),
	ONE("fork_time", FL_UNIT_NS, FL_LESS, "fork-snapshot: time in fork(2), mean"),
	ONE("fork_time_max", FL_UNIT_NS, FL_LESS, "fork-snapshot: time in fork(2), longest"),
	ONE("fork_time_min", FL_UNIT_NS, FL_LESS,
	    "fork-snapshot: time in fork(2), shortest: the one that nothing disturbed"),
	ONE("fork_time_per_gb", FL_UNIT_MS_PER_GB, FL_LESS,
	    "fork-snapshot: time in fork(2) for each GB of the dataset"),
	ONE("free_before_online_delta", FL_UNIT_KIB, FL_LESS,
	    "free memory that added memory cost while it was still offline (first dimm-add step)"),
	ONE("free_latency_mean", FL_UNIT_NS, FL_LESS,
	    "page_fault: munmap, for each page touched, all tasks together"),
	ONE("free_rate", FL_UNIT_PER_S, FL_MORE, "usemem: pages unmapped, per second"),
	ONE("guests_fit", FL_UNIT_COUNT, FL_MORE,
	    "of several guests: those that the host's memory limit left alive"),
	ONE("held_anon_huge", FL_UNIT_KIB, FL_NEITHER,
	    "usemem: AnonHugePages of its first process before it unmaps"),
	ONE("held_rss", FL_UNIT_KIB, FL_LESS, "usemem: Rss of its first process before it unmaps"),
	ONE("hungry_failed", FL_UNIT_COUNT, FL_LESS,
	    "hungry: processes that did not get their memory or lost it"),
	ONE("hungry_kswapd_runs", FL_UNIT_COUNT, FL_NEITHER,
	    "hungry: runs of kswapd while the hungry process took its memory"),
	ONE("hungry_reclaims", FL_UNIT_COUNT, FL_LESS,
	    "hungry: allocations that had to reclaim while it took its memory"),
	ONE("hungry_time", FL_UNIT_NS, FL_LESS,
	    "hungry: time that the hungry process took to touch its memory"),
	ONE("memmap_in_movable", FL_UNIT_KIB, FL_NEITHER,
	    "of memmap_in_new_memory, what lies in a zone Movable"),
	ONE("memmap_in_new_memory", FL_UNIT_KIB, FL_NEITHER,
	    "added memory that is present and not managed: its memory map, where it lies in it"),
	ONE("memmap_node", FL_UNIT_COUNT, FL_NEITHER,
	    "number of the NUMA node that gave most for the memory map"),
	ONE("model_children_base", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-density: children that fit with base pages, by the model"),
	ONE("model_children_thp", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-density: children that fit with huge pages, by the model"),
	ONE("oom_kills", FL_UNIT_COUNT, FL_LESS, "kills by the OOM killer, from the console"),
	ONE("promotions_copy", FL_UNIT_COUNT, FL_NEITHER,
	    "ranges that khugepaged made huge by copying (pages_collapsed - res_pages_collapsed)"),
	ONE("region_count", FL_UNIT_COUNT, FL_NEITHER, "first touches of a huge-page-sized region"),
	LATENCY("region_latency",
		"first touch of an aligned huge-page-sized region: the huge fault under THP"),
	ONE("sample_cost", FL_UNIT_PERCENT, FL_LESS,
	    "CPU time of sampling, of the workload's time"),
	ONE("sample_count", FL_UNIT_COUNT, FL_NEITHER, "samples of the guest"),
	ONE("search_largest", FL_UNIT_KIB, FL_MORE,
	    "largest size of LOW..HIGH/STEP with which the point ended well"),
	ONE("search_least_bad", FL_UNIT_KIB, FL_MORE,
	    "least size with which it did not; absent where HIGH went well"),
	ONE("search_tries", FL_UNIT_COUNT, FL_NEITHER, "guests that the search took"),
	ONE("snapshot_pages_written", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-snapshot: distinct pages written during snapshots, mean"),
	ONE("snapshot_private_dirty", FL_UNIT_KIB, FL_LESS,
	    "fork-snapshot: Private_Dirty of the dataset in the child, mean"),
	ONE("snapshot_regions_written", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-snapshot: distinct huge-page-sized regions written during all snapshots"),
	ONE("snapshot_rss_before", FL_UNIT_KIB, FL_LESS,
	    "fork-snapshot: Rss of the dataset when the child is forked, mean"),
	ONE("snapshot_rss_during", FL_UNIT_KIB, FL_LESS,
	    "fork-snapshot: Rss of the dataset in the parent and Private_Dirty in the child, mean"),
	ONE("snapshot_rss_after", FL_UNIT_KIB, FL_LESS,
	    "fork-snapshot: Rss of the dataset after the last snapshot"),
	ONE("snapshot_extra_memory", FL_UNIT_KIB, FL_LESS,
	    "fork-snapshot: how far MemAvailable went down over a snapshot, mean"),
	ONE("released_by_hunger", FL_UNIT_COUNT, FL_NEITHER,
	    "hungry: unused pages of reservations that were given back meanwhile"),
	ONE("reserved_before_fork", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-snapshot: unused pages of reservations just before the fork, mean"),
	ONE("reserved_after_fork", FL_UNIT_COUNT, FL_NEITHER,
	    "fork-snapshot: unused pages of reservations just after the fork, mean"),
	ONE("reserved_before_hunger", FL_UNIT_COUNT, FL_NEITHER,
	    "hungry: unused pages of reservations when it begins"),
	ONE("sparse_rss", FL_UNIT_KIB, FL_LESS, "hungry: RSS of the sparse process"),
	ONE("survived", FL_UNIT_COUNT, FL_MORE,
	    "1: the point ended well; 0: it ran out of memory, panicked or hung"),
	ONE("total_short", FL_UNIT_KIB, FL_NEITHER,
	    "added memory that is online and that MemTotal does not count"),
	ONE("touch_count", FL_UNIT_COUNT, FL_NEITHER, "first touches of a page that were timed"),
	ONE("touch_latency_mean", FL_UNIT_NS, FL_LESS,
	    "what a touched page cost, faults of regions spread over their pages"),
	ONE("touch_rate", FL_UNIT_PER_S, FL_MORE, "pages touched per second"),
	ONE("unplug_free_lost", FL_UNIT_KIB, FL_LESS,
	    "free memory that was there before a DIMM came and is not after it went"),
	ONE("unplug_time", FL_UNIT_NS, FL_LESS, "dimm-del step: until the DIMM was gone, or kept"),
	ONE("unplugged", FL_UNIT_COUNT, FL_MORE, "dimm-del step: 1 when the guest gave it back"),
	ONE("usable_time", FL_UNIT_NS, FL_LESS,
	    "added memory: until the guest had taken it, and until all was online, without what "
	    "the "
	    "steps wait between"),
	ONE("usable_time_per_gb", FL_UNIT_MS_PER_GB, FL_LESS, "usable_time for each GB added"),
	ONE("verified_pages", FL_UNIT_COUNT, FL_NEITHER, "verify: pages checked"),
	ONE("workload_maxrss", FL_UNIT_KIB, FL_LESS, "largest RSS of one process (ru_maxrss)"),
	ONE("workload_system_time", FL_UNIT_NS, FL_LESS, "CPU time in the kernel (ru_stime)"),
	ONE("workload_time", FL_UNIT_NS, FL_LESS,
	    "from the workload's start to its exit, guest clock"),
	ONE("workload_user_time", FL_UNIT_NS, FL_LESS, "CPU time in the program (ru_utime)"),
	LATENCY("write_latency_after", "fork-snapshot: a write after the snapshot"),
	LATENCY("write_latency_before", "fork-snapshot: a write before the snapshot"),
	LATENCY("write_latency_during", "fork-snapshot: a write while the child reads"),
	{ 0 },
};

bool fl_metric_of_any_end(const char *name)
{
	return !strcmp(name, "survived");
}

const struct fl_metric *fl_workload_metrics(void)
{
	return metrics;
}
