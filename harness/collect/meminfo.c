/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "guest_available", "MemAvailable", FL_UNIT_KIB, true },
	{ "guest_free", "MemFree", FL_UNIT_KIB, true },
	{ "guest_hugetlb", "Hugetlb", FL_UNIT_KIB, true },
	{ "guest_swap_free", "SwapFree", FL_UNIT_KIB, true },
	{ "guest_total", "MemTotal", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "guest_available_delta", "guest_available", FL_DROP, FL_UNIT_KIB, FL_LESS, true,
	  "how far MemAvailable of /proc/meminfo went down" },
	{ "guest_free_delta", "guest_free", FL_DROP, FL_UNIT_KIB, FL_LESS, true,
	  "how far MemFree of /proc/meminfo went down" },
	{ "guest_swap_used_peak", "guest_swap_free", FL_DROP, FL_UNIT_KIB, FL_LESS, true,
	  "how far SwapFree of /proc/meminfo went down" },
	{ 0 },
};

const struct fl_collector fl_collect_meminfo = {
	.name = "meminfo",
	.side = FL_SIDE_GUEST,
	.file = "/proc/meminfo",
	.value = fl_value_colon,
	.series = series,
	.metrics = metrics,
};
