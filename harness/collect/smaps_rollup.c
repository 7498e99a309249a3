/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of the workload's processes, summed (proc_pid_smaps_rollup of the kernel's
 * Documentation/ABI). */
#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "guest_anon_huge", "AnonHugePages", FL_UNIT_KIB, true },
	{ "guest_lazy_free", "LazyFree", FL_UNIT_KIB, true },
	{ "guest_private_dirty", "Private_Dirty", FL_UNIT_KIB, true },
	{ "guest_rss", "Rss", FL_UNIT_KIB, true },
	{ "guest_swap", "Swap", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "guest_anon_huge_end", "guest_anon_huge", FL_LAST, FL_UNIT_KIB, FL_NEITHER, true,
	  "AnonHugePages of the workload's processes at its exit" },
	{ "guest_anon_huge_peak", "guest_anon_huge", FL_PEAK, FL_UNIT_KIB, FL_NEITHER, false,
	  "AnonHugePages of the workload's processes, largest sample" },
	{ "guest_private_dirty_peak", "guest_private_dirty", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "Private_Dirty of the workload's processes, largest sample" },
	{ "guest_rss_end", "guest_rss", FL_LAST, FL_UNIT_KIB, FL_LESS, true,
	  "Rss of the workload's processes at its exit" },
	{ "guest_rss_peak", "guest_rss", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of the workload's processes, largest sample" },
	{ 0 },
};

const struct fl_collector fl_collect_smaps_rollup = {
	.name = "smaps_rollup",
	.side = FL_SIDE_PROCESS,
	.file = "smaps_rollup",
	.value = fl_value_colon,
	.series = series,
	.metrics = metrics,
};
