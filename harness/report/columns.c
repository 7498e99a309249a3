/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/collect/collect.h"
#include "harness/judge/sampled.h"

static bool measure(const struct fl_summary *s, const char *workload, const char *metric,
		    const char **unit, double *max)
{
	bool any = false;

	*max = 0;
	for (size_t i = 0; i < s->n_rows; i++) {
		struct fl_spread v;

		if (strcmp(s->rows[i].workload_name, workload))
			continue;
		v = fl_summary_metric(s, &s->rows[i], metric, unit);
		any |= v.n > 0;
		*max = v.n && v.median > *max ? v.median : *max;
	}
	return any;
}

/*
 * Metrics of steps, each family in the order of its steps: the host's huge pages at sample steps,
 * and the output of programs of run steps.
 */
static const struct {
	const char *prefix, *head;
} at_steps[] = {
	{ "host_anon_huge_at_", "huge" },
	{ "model_host_huge_at_", "model" },
	{ "model_host_huge_made_at_", "model, made" },
	{ "touch_rate_of_", "touches" },
	{ "thp_fault_fallback_at_", "fallback" },
};

static size_t add_column(const struct fl_summary *s, const char *workload, const char *metric,
			 bool hide_zero, struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	struct fl_column *c = &columns[n];
	const char *unit = "";
	double max;

	if (n == FL_COLUMNS_MAX || !measure(s, workload, metric, &unit, &max) ||
	    (hide_zero && max <= 0))
		return n;
	snprintf(c->metric, sizeof(c->metric), "%s", metric);
	c->divisor = fl_readable(unit, max, c->unit, sizeof(c->unit));
	return n + 1;
}

static size_t add_steps(const struct fl_summary *s, const char *workload,
			struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	for (size_t f = 0; f < sizeof(at_steps) / sizeof(at_steps[0]); f++) {
		struct fl_strv names = { 0 };

		fl_steps_by_time(&names, s, workload, at_steps[f].prefix);
		for (size_t i = 0; i < names.n; i++) {
			cleanup_free char *metric =
				fl_asprintf("%s%s", at_steps[f].prefix, names.v[i]);
			size_t more = add_column(s, workload, metric, f > 0, columns, n);

			if (more > n)
				snprintf(columns[n].head, sizeof(columns[n].head), "%s %.30s",
					 at_steps[f].head, names.v[i]);
			n = more;
		}
		fl_strv_release(&names);
	}
	return n;
}

/* --- the experiment's own choice: [experiment] columns --- */

void fl_column_name(struct fl_column *c, const struct fl_metric *m)
{
	if (m && m->column) {
		snprintf(c->head, sizeof(c->head), "%s", m->column);
		return;
	}
	snprintf(c->head, sizeof(c->head), "%.47s", c->metric);
	for (char *p = c->head; *p; p++)
		*p = *p == '_' ? ' ' : *p;
}

static size_t add_chosen(const struct fl_summary *s, const char *workload,
			 struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s->columns.n; i++) {
		size_t more = add_column(s, workload, s->columns.v[i], false, columns, n);

		if (more > n)
			fl_column_name(&columns[n], fl_summary_meaning(s, s->columns.v[i]));
		n = more;
	}
	return n;
}

/* The entries of one topic that have a column, in the order of their tables. */
static size_t add_topic(const struct fl_summary *s, const char *workload, enum fl_topic topic,
			bool beside_steps, struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	const struct fl_metric *m;

	for (size_t i = 0; (m = fl_metric_at(i)); i++) {
		size_t more;

		if (m->topic != topic || !m->column || (beside_steps && !m->beside_steps))
			continue;
		more = add_column(s, workload, m->name, m->hide_zero, columns, n);
		if (more > n)
			fl_column_name(&columns[n], m);
		n = more;
	}
	return n;
}

/* Those that the experiment defines: it is about them. */
static size_t add_own(const struct fl_summary *s, const char *workload,
		      struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s->own.n; i++) {
		size_t more = add_column(s, workload, s->own.v[i].name, false, columns, n);

		if (more > n)
			fl_column_name(&columns[n], NULL);
		n = more;
	}
	return n;
}

size_t fl_columns_of(const struct fl_summary *s, const char *workload,
		     struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t own, steps, n = add_chosen(s, workload, columns);

	if (n)
		return n;
	own = add_own(s, workload, columns);
	/* If steps sample the host, its growth over all of them says little. */
	n = add_steps(s, workload, columns, own);
	steps = n - own;
	for (enum fl_topic t = 0; t < FL_TOPICS; t++)
		n = add_topic(s, workload, t, steps > 0, columns, n);
	return n;
}

void fl_column_text(const struct fl_column *c, const struct fl_spread *v, const char *plus_minus,
		    char *out, size_t len)
{
	double value = v->median / c->divisor, half;
	int digits = fabs(value) >= 1000 || value == floor(value) ? 0 : fabs(value) >= 10 ? 1 : 2;

	if (!v->n) {
		snprintf(out, len, "-");
		return;
	}
	half = v->median != 0 ? 50 * (v->most - v->least) / fabs(v->median) : 0;
	if (half >= 1)
		snprintf(out, len, "%.*f %s%.0f%%", digits, value, plus_minus, half);
	else
		snprintf(out, len, "%.*f", digits, value);
}
