/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/own_metrics.h"

#include <stdio.h>
#include <string.h>

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

/* The last number of an output whose end is missing would be another one. */
static bool was_cut(const struct fl_material *m, const struct fl_programs *beside)
{
	size_t kept = m->out.len + m->err.len;

	for (size_t i = 0; beside && i < beside->n; i++)
		if (strcmp(beside->v[i].name, FL_STEP_WORKLOAD) != 0)
			kept += beside->v[i].out.len;
	return kept >= FL_OUTPUT_MAX;
}

static void note(struct fl_outcome *o, const char *name, const char *why)
{
	size_t at = strlen(o->reason);

	snprintf(o->reason + at, sizeof(o->reason) - at, "%s%s: %s", at ? "; " : "", name, why);
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
		note(o, own->name, why);
}

void fl_own_metrics_collect(struct fl_outcome *o, const struct fl_point_config *c,
			    const struct fl_material *m, const struct fl_programs *beside)
{
	const struct fl_own_metrics *all = &c->experiment->metrics;
	bool cut = was_cut(m, beside);

	for (size_t i = 0; i < all->n; i++)
		if (fl_own_metric_is_of(&all->v[i], c->point->workload->name))
			collect_one(o, &all->v[i], output_of(&all->v[i], m, beside), cut,
				    c->timebase);
}

int fl_own_metrics_names(const struct fl_experiment *e, struct fl_error *err)
{
	for (size_t i = 0; i < e->metrics.n; i++)
		if (fl_metric_find(e->metrics.v[i].name))
			return fl_fail(err, FL_USAGE,
				       "%s:%u: [metric %s]: there is a metric of that name "
				       "(faultline list metrics): take another",
				       e->file, e->metrics.v[i].line, e->metrics.v[i].name);
	return 0;
}
