/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the guest freed and the host did not get back: a wait-freed step makes it of the guest's
 * free memory and of host_rss (harness/run/step_freed.c).
 */
#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "host_leftover", "host_leftover", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "host_leftover_end",
		.series = "host_leftover",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_REPORTING,
		.column = "left over",
		.beside_steps = true,
		.about = "host memory that the guest freed and the host still has resident, at the "
			 "end of the wait-freed step",
	},
	{ 0 },
};

const struct fl_collector fl_collect_leftover = {
	.name = "leftover",
	.side = FL_SIDE_STEP,
	.file = "leftover",
	.value = fl_value_space,
	.series = series,
	.metrics = metrics,
};
