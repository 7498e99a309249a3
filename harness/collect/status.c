/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "guest_page_tables", "VmPTE", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "guest_page_tables_peak",
		.series = "guest_page_tables",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "page tables of the workload's processes, largest sample (VmPTE of "
			 "/proc/PID/status)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_status = {
	.name = "status",
	.side = FL_SIDE_PROCESS,
	.file = "status",
	.value = fl_value_colon,
	.series = series,
	.metrics = metrics,
};
