/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/own_metrics.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/foreign.h"

static const struct fl_text *output_of(const struct fl_own_metric *own, const struct fl_material *m,
				       const struct fl_programs *beside)
{
	if (!strcmp(own->from, "stdout"))
		return &m->out;
	if (!strcmp(own->from, "stderr"))
		return &m->err;
	for (size_t i = 0; beside && i < beside->n; i++)
		if (!strcmp(beside->v[i].name, own->from))
			return &beside->v[i].out;
	return NULL;
}

/* In truncated output the last number may be a wrong one. */
static bool was_cut(const struct fl_material *m, const struct fl_programs *beside)
{
	size_t kept = m->out.len + m->err.len;

	for (size_t i = 0; beside && i < beside->n; i++)
		if (strcmp(beside->v[i].name, FL_STEP_WORKLOAD) != 0)
			kept += beside->v[i].out.len;
	return kept >= FL_OUTPUT_MAX;
}

static void collect_one(struct fl_outcome *o, const struct fl_own_metric *own,
			const struct fl_text *t, bool cut, enum fl_timebase base)
{
	char why[256], unit[32];
	double value;

	if (!t || !t->len)
		snprintf(why, sizeof(why), "nothing in %s", own->from);
	else if (cut)
		snprintf(why, sizeof(why), "of %s only the first %u MiB are kept", own->from,
			 FL_OUTPUT_MAX >> 20);
	else if (!fl_foreign_value(own, t->text, t->len, &value, why, sizeof(why)))
		return fl_result_put_own(&o->result, own->name, value,
					 fl_foreign_unit(own->unit, base, unit, sizeof(unit)));
	if (o->status == FL_OK)
		fl_outcome_note(o, "%s: %s", own->name, why);
}

void fl_own_metrics_collect(struct fl_outcome *o, const struct fl_point_config *c,
			    const struct fl_material *m, const struct fl_programs *beside)
{
	const struct fl_own_metrics *all = &c->experiment->metrics;
	bool cut = was_cut(m, beside);

	if (cut)
		fl_outcome_note(o, "of its output only the first %u MiB are kept",
				FL_OUTPUT_MAX >> 20);
	for (size_t i = 0; i < all->n; i++)
		if (fl_own_metric_is_of(&all->v[i], c->point->workload->name))
			collect_one(o, &all->v[i], output_of(&all->v[i], m, beside), cut,
				    c->timebase);
}

/* Tables, CSV and JSON have columns of these names. */
static bool is_column(const char *name)
{
	static const char *const columns[] = {
		"clock", "kernel",  "metric", "n",    "point", "repeat",   "row",
		"run",   "setting", "status", "unit", "value", "workload",
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (!strcmp(columns[i], name))
			return true;
	return false;
}

/* X_at_STEP, the name of what a step samples of X. */
static bool is_at_step(const struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_steps; i++)
		for (size_t j = 0; j < e->steps[i].n; j++) {
			cleanup_free char *tail = fl_asprintf("_at_%s", e->steps[i].v[j].name);
			size_t len = strlen(name), n = strlen(tail);

			if (len > n && !strcmp(name + len - n, tail))
				return true;
		}
	return false;
}

static const char *why_taken(const struct fl_experiment *e, const char *name)
{
	if (fl_metric_find(name))
		return "a metric has that name (faultline list metrics)";
	if (is_column(name))
		return "a column of tables and JSON has that name";
	return is_at_step(e, name) ? "values at a step have such names" : NULL;
}

int fl_own_metrics_names(const struct fl_experiment *e, struct fl_error *err)
{
	for (size_t i = 0; i < e->metrics.n; i++) {
		const struct fl_own_metric *m = &e->metrics.v[i];
		const char *why = why_taken(e, m->name);

		if (why)
			return fl_fail(err, FL_USAGE, "%s:%u: [metric %s]: %s; choose another",
				       e->file, m->line, m->name, why);
	}
	return 0;
}
