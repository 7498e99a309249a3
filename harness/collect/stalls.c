/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/stalls.h"

#include <errno.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/collect/tables.h"

#define STALLS "stalls"
#define ONE STALLS "_"
#define ENTRIES "stall_entries_"
#define FUNCTION_ROOM 49 /* of a metric's name */

static int take_line(struct fl_stall_count *c, char *line)
{
	char *blank = strchr(line, ' ');

	if (!blank)
		return -EPROTO;
	*blank = '\0';
	return fl_parse_u64(line, 0, UINT64_MAX, &c->entries) ||
			       fl_parse_u64(blank + 1, 0, c->entries, &c->stalls)
		       ? -EPROTO
		       : 0;
}

int fl_stall_counts_parse(struct fl_stall_count *counts, size_t n, const char *text, size_t len)
{
	cleanup_free char *copy = fl_calloc(1, len + 1);
	char *rest = copy;

	memcpy(copy, text, len);
	for (size_t i = 0; i < n; i++) {
		char *line = strsep(&rest, "\n");

		if (!rest || take_line(&counts[i], line))
			return -EPROTO;
	}
	return *rest || rest != copy + len ? -EPROTO : 0;
}

void fl_stall_counts_put(struct fl_result *r, const struct fl_stalls *stalls,
			 const struct fl_stall_count *counts)
{
	double sum = 0;

	for (size_t i = 0; i < stalls->n; i++) {
		const char *function = stalls->v[i].function;
		cleanup_free char *one = fl_asprintf(ONE "%.*s", FUNCTION_ROOM, function);
		cleanup_free char *all = fl_asprintf(ENTRIES "%.*s", FUNCTION_ROOM, function);

		fl_result_put(r, one, (double)counts[i].stalls, FL_UNIT_COUNT);
		fl_result_put(r, all, (double)counts[i].entries, FL_UNIT_COUNT);
		sum += (double)counts[i].stalls;
	}
	fl_result_put(r, STALLS, sum, FL_UNIT_COUNT);
}

static const struct fl_metric metrics[] = {
	{
		.name = STALLS,
		.unit = FL_UNIT_COUNT,
		.class = FL_UNJUDGED,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_GUESTS,
		.column = "stalls",
		.beside_steps = true,
		.any_end = true,
		.about = "times that guest.stall held up a CPU while the workload ran",
	},
	{
		.name = ONE "FUNCTION",
		.unit = FL_UNIT_COUNT,
		.class = FL_UNJUDGED,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_GUESTS,
		.any_end = true,
		.about = "of these, those at the entry of that function",
	},
	{
		.name = ENTRIES "FUNCTION",
		.unit = FL_UNIT_COUNT,
		.class = FL_UNJUDGED,
		.owner = FL_OWNER_HARNESS,
		.topic = FL_TOPIC_GUESTS,
		.any_end = true,
		.about = "times that the function of a stall was entered while the workload ran",
	},
	{ 0 },
};

const struct fl_metric *fl_stall_metrics(void)
{
	return metrics;
}
