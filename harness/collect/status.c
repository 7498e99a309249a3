/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "guest_page_tables", "VmPTE", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "guest_page_tables_peak", "guest_page_tables", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "page tables of the workload's processes, largest sample (VmPTE of /proc/PID/status)" },
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
