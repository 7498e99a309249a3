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
	{
		.name = "guest_available_delta",
		.series = "guest_available",
		.reduce = FL_DROP,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "drop of MemAvailable in /proc/meminfo",
	},
	{
		.name = "guest_free_delta",
		.series = "guest_free",
		.reduce = FL_DROP,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "drop of MemFree in /proc/meminfo",
	},
	{
		.name = "guest_swap_used_peak",
		.series = "guest_swap_free",
		.reduce = FL_DROP,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_SWAP,
		.about = "largest drop of SwapFree in /proc/meminfo",
	},
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
