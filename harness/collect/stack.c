/* SPDX-License-Identifier: GPL-2.0 */
/* What a point of several guests holds on the host (harness/run/stack.c). */
#include "harness/collect/collectors.h"

#define GUEST(number)                                                         \
	{                                                                     \
		"stack_rss_" #number, "stack_rss_" #number, FL_UNIT_KIB, true \
	}

static const struct fl_series series[] = {
	GUEST(1),
	GUEST(2),
	GUEST(3),
	GUEST(4),
	GUEST(5),
	GUEST(6),
	GUEST(7),
	GUEST(8),
	GUEST(9),
	GUEST(10),
	GUEST(11),
	GUEST(12),
	GUEST(13),
	GUEST(14),
	GUEST(15),
	GUEST(16),
	{ "stack_charge", "stack_charge", FL_UNIT_KIB, true },
	{ "stack_rss", "stack_rss", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "stack_charge_peak", "stack_charge", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "memory charged to the control group of all guests, largest sample" },
	{ "stack_rss_end", "stack_rss", FL_LAST, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of all guests' memory on the host after the last round" },
	{ "stack_rss_peak", "stack_rss", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of all guests' memory on the host, largest sample" },
	{ 0 },
};

const struct fl_collector fl_collect_stack = {
	.name = "stack",
	.side = FL_SIDE_STEP,
	.file = "stack",
	.value = fl_value_space,
	.series = series,
	.metrics = metrics,
};
