/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/sampled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

/* When a step began, since the workload's start; below 0 where it did not. */
static double began_ns(const struct fl_stored_point *p, const char *step)
{
	char name[64];

	snprintf(name, sizeof(name), "step_%.40s_start", step);
	for (size_t i = 0; i < p->n_metrics; i++)
		if (!strcmp(p->metrics[i].name, name))
			return p->metrics[i].value;
	return -1;
}

char *fl_step_of_metric(const char *metric, const char *prefix, const char *suffix)
{
	size_t len = strlen(metric), head = strlen(prefix), tail = strlen(suffix);

	if (len <= head + tail || strncmp(metric, prefix, head) != 0 ||
	    strcmp(metric + len - tail, suffix) != 0)
		return NULL;
	return strndup(metric + head, len - head - tail);
}

/* The step that began next after `last`; NULL: none. */
static char *next_step(const struct fl_stored_point *p, const char *prefix, double *last)
{
	double first = INFINITY;
	char *next = NULL;

	for (size_t i = 0; i < p->n_metrics; i++) {
		cleanup_free char *step = fl_step_of_metric(p->metrics[i].name, prefix, "");
		double at = step ? began_ns(p, step) : -1;

		if (at <= *last || at >= first)
			continue;
		free(next);
		next = fl_strdup(step);
		first = at;
	}
	*last = first;
	return next;
}

void fl_steps_by_time(struct fl_strv *names, const struct fl_summary *s, const char *workload,
		      const char *prefix)
{
	const struct fl_stored_point *p = NULL;
	double last = -1;

	for (size_t i = 0; i < s->n_points && !p; i++)
		if (!strcmp(s->points[i].workload_name, workload) &&
		    !strcmp(s->points[i].status, "ok"))
			p = &s->points[i];
	while (p) {
		cleanup_free char *step = next_step(p, prefix, &last);

		if (!step)
			break;
		fl_strv_push(names, step);
	}
}
