/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <string.h>

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=123" (Documentation/accounting/psi.rst): total, us.
 */
static int total_us(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	const char *line = memmem(text, len, key, strlen(key));
	const char *total = line ? strstr(line, "total=") : NULL;

	if (!total)
		return -ENOENT;
	return fl_value_number(total + 6, len - (size_t)(total + 6 - text), key, ram, out);
}

static const struct fl_series series[] = {
	{ "pressure_full", "full", FL_UNIT_US, false },
	{ "pressure_some", "some", FL_UNIT_US, false },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "pressure_full",
		.series = "pressure_full",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_US,
		.better = FL_LESS,
		.class = FL_TAIL,
		.topic = FL_TOPIC_PRESSURE,
		.about = "time in which all tasks waited for memory (/proc/pressure/memory)",
	},
	{
		.name = "pressure_some",
		.series = "pressure_some",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_US,
		.better = FL_LESS,
		.class = FL_TAIL,
		.topic = FL_TOPIC_PRESSURE,
		.about = "time in which some task waited for memory (/proc/pressure/memory)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_pressure = {
	.name = "pressure",
	.side = FL_SIDE_GUEST,
	.file = "/proc/pressure/memory",
	.value = total_us,
	.series = series,
	.metrics = metrics,
};
