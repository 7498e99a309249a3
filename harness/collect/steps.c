/* SPDX-License-Identifier: GPL-2.0 */
/* Metrics that steps of the experiment make; most hold the name of the step. */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <string.h>

#define AT "SERIES_at_STEP"
#define MODEL "model_host_huge_at_"

static const struct fl_metric metrics[] = {
	{ AT, "SERIES", FL_LAST, FL_UNIT_KIB, FL_NEITHER, false,
	  "a series over time at the sample step of that name" },
	{ AT, "SERIES", FL_LAST, FL_UNIT_COUNT, FL_NEITHER, false,
	  "a counter over time at the sample step of that name" },
	{ "METRIC_of_STEP", "", FL_LAST, FL_UNIT_COUNT, FL_NEITHER, false,
	  "a metric that the program of the run step of that name prints, in its own unit" },
	{ MODEL "STEP", "", FL_LAST, FL_UNIT_KIB, FL_NEITHER, false,
	  "host huge pages left by a balloon that takes free huge blocks, then half-free ranges" },
	{ "step_STEP_cpu", "STEP", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "CPU time of the QEMU process over the step" },
	{ "step_STEP_ok", "STEP", FL_LAST, FL_UNIT_COUNT, FL_MORE, false,
	  "of a step that may fail (try): 1 when it did not" },
	{ "guest_freed", "STEP", FL_LAST, FL_UNIT_KIB, FL_NEITHER, false,
	  "what the guest has freed between the sample step and the wait-freed step, in blocks of "
	  "a "
	  "huge page" },
	{ "report_time_95", "STEP", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "from the begin of the wait-freed step until the host had 95 % of the freed memory back; "
	  "none: never" },
	{ "report_time_999", "STEP", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "... until it had 99.9 %" },
	{ "round_time_GUEST_ROUND", "GUEST", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "of several guests: the turn of the guest of that number in that round, on the host's "
	  "clock" },
	{ "round_time_max", "GUEST", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "of several guests: the longest turn" },
	{ "round_time_mean", "GUEST", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "of several guests: a turn, mean over guests and rounds" },
	{ "step_STEP_start", "STEP", FL_LAST, FL_UNIT_NS, FL_NEITHER, false,
	  "begin of the step, since the workload's start, guest clock" },
	{ "step_STEP_time", "STEP", FL_LAST, FL_UNIT_NS, FL_LESS, false,
	  "from the step's begin until what it waits for was there" },
	{ 0 },
};

const struct fl_metric *fl_step_metrics(void)
{
	return metrics;
}

static const struct fl_metric *entry(const char *name, enum fl_unit unit)
{
	for (const struct fl_metric *m = metrics; m->name; m++)
		if (!strcmp(m->name, name) && m->unit == unit)
			return m;
	return NULL;
}

static const struct fl_series *series_of(const char *name, size_t len)
{
	for (const struct fl_collector *const *c = fl_collectors(); *c; c++)
		for (const struct fl_series *s = (*c)->series; s->name; s++)
			if (s->timeline && strlen(s->name) == len && !strncmp(s->name, name, len))
				return s;
	return NULL;
}

/* METRIC_of_STEP has the unit and direction of METRIC. */
static const struct fl_metric *of_program(const char *name)
{
	for (const char *at = strstr(name, "_of_"); at; at = strstr(at + 1, "_of_"))
		for (const struct fl_metric *m = fl_workload_metrics(); m->name && at[4]; m++)
			if (strlen(m->name) == (size_t)(at - name) &&
			    !strncmp(m->name, name, (size_t)(at - name)))
				return m;
	return NULL;
}

static bool ends(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len > n && !strcmp(name + len - n, end);
}

const struct fl_metric *fl_step_metric_find(const char *name)
{
	int end = 0;

	for (const char *at = strstr(name, "_at_"); at; at = strstr(at + 1, "_at_")) {
		const struct fl_series *s = series_of(name, (size_t)(at - name));

		if (s && at[4])
			return entry(AT, s->unit);
	}
	if (!strncmp(name, MODEL, strlen(MODEL)) && name[strlen(MODEL)])
		return entry(MODEL "STEP", FL_UNIT_KIB);
	if (!strncmp(name, "report_time_", 12))
		return entry(name, FL_UNIT_NS);
	if (!strcmp(name, "round_time_max") || !strcmp(name, "round_time_mean"))
		return entry(name, FL_UNIT_NS);
	if (sscanf(name, "round_time_%*u_%*u%n", &end) == 0 && end && !name[end])
		return entry("round_time_GUEST_ROUND", FL_UNIT_NS);
	if (strncmp(name, "step_", 5) != 0)
		return of_program(name);
	if (ends(name + 5, "_cpu"))
		return entry("step_STEP_cpu", FL_UNIT_NS);
	if (ends(name + 5, "_start"))
		return entry("step_STEP_start", FL_UNIT_NS);
	if (ends(name + 5, "_ok"))
		return entry("step_STEP_ok", FL_UNIT_COUNT);
	return ends(name + 5, "_time") ? entry("step_STEP_time", FL_UNIT_NS) : NULL;
}
