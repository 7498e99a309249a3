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
	{
		.name = "guest_anon_huge_end",
		.series = "guest_anon_huge",
		.unit = FL_UNIT_KIB,
		.topic = FL_TOPIC_HUGE,
		.about = "AnonHugePages of the workload's processes at its exit",
	},
	{
		.name = "guest_anon_huge_peak",
		.series = "guest_anon_huge",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.topic = FL_TOPIC_HUGE,
		.about = "AnonHugePages of the workload's processes, largest sample",
	},
	{
		.name = "guest_private_dirty_peak",
		.series = "guest_private_dirty",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "Private_Dirty of the workload's processes, largest sample",
	},
	{
		.name = "guest_rss_end",
		.series = "guest_rss",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "RSS of the workload's processes at its exit",
	},
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
