/* SPDX-License-Identifier: GPL-2.0 */
/* What a point of several guests holds on the host (harness/run/stack.c). */
#include <stdio.h>

#include "harness/collect/collectors.h"

static const struct fl_series series[] = {
	{ "stack_charge", "stack_charge", FL_UNIT_KIB, true },
	{ "stack_rss", "stack_rss", FL_UNIT_KIB, true },
	{ "stack_rss_GUEST", "", FL_UNIT_KIB, true },
	{ 0 },
};

/* Lines "stack_rss_NUMBER KIB". */
static void discover(const char *text, size_t len, const struct fl_series *families,
		     fl_found_fn *found, void *arg)
{
	const char *at = text, *end = text + len;
	char line[64];

	while (fl_text_next(&at, end, line, sizeof(line))) {
		char name[32];
		double value;

		if (sscanf(line, "%31s %lf", name, &value) == 2 &&
		    fl_metric_fits(families[2].name, name))
			found(arg, &families[2], name, value);
	}
}

static const struct fl_metric metrics[] = {
	{
		.name = "stack_charge_peak",
		.series = "stack_charge",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.column = "charged",
		.beside_steps = true,
		.about = "charge of the control group of all guests, largest sample",
	},
	{
		.name = "stack_rss_end",
		.series = "stack_rss",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.about = "RSS of all guests' memory on the host after the last round",
	},
	{
		.name = "stack_rss_peak",
		.series = "stack_rss",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.owner = FL_OWNER_STEP,
		.topic = FL_TOPIC_GUESTS,
		.column = "guests RSS",
		.beside_steps = true,
		.about = "RSS of all guests' memory on the host, largest sample",
	},
	{ 0 },
};

const struct fl_collector fl_collect_stack = {
	.name = "stack",
	.side = FL_SIDE_STEP,
	.file = "stack",
	.value = fl_value_space,
	.discover = discover,
	.series = series,
	.metrics = metrics,
};
