/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/crossing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/foreign.h"

const char *const fl_crossing_outcomes[] = { "no saving", "costs only", "saves", "not measured",
					     "did not happen" };

static bool known(const char *metric, const struct fl_own_metrics *own, const char *name,
		  struct fl_error *err)
{
	char near[160];

	if (!metric || fl_metric_find(metric) || fl_own_metrics_find(own, metric))
		return true;
	fl_own_metrics_unknown(own, metric, near, sizeof(near));
	fl_fail(err, FL_USAGE, "[crossing %s]: no metric %s%s", name, metric, near);
	return false;
}

static bool all_known(const struct fl_strv *list, const struct fl_own_metrics *own,
		      const char *crossing, struct fl_error *err)
{
	for (size_t i = 0; i < list->n; i++)
		if (!known(list->v[i], own, crossing, err))
			return false;
	return true;
}

int fl_crossings_metrics(const struct fl_crossings *c, const struct fl_own_metrics *own,
			 const char *file, struct fl_error *err)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_crossing *x = &c->v[i];

		if (!known(x->per, own, x->name, err) || !known(x->whole, own, x->name, err) ||
		    !all_known(&x->price, own, x->name, err) ||
		    !all_known(&x->needs, own, x->name, err) ||
		    !all_known(&x->saving, own, x->name, err))
			return fl_prefix(err, "%s:%u", file, x->line);
	}
	return 0;
}

/* Where a row stands on the axis; false: it is not of this curve. */
static bool place(const struct fl_crossing_curve *c, const struct fl_summary *s,
		  const struct fl_row *row, double *at)
{
	const char *value = fl_summary_value(s, row, c->crossing->axis);
	char *end;

	if (!value || !row->n_ok || strcmp(row->workload_name, c->workload) != 0 ||
	    !fl_summary_takes(s, row, &c->crossing->of))
		return false;
	*at = strtod(value, &end);
	if (end == value || *end)
		return false;
	if (c->crossing->reverse)
		*at = c->crossing->from - *at;
	return true;
}

/* The first metric of the list that the reference and this row both have. */
static const char *choose(const struct fl_strv *list, const struct fl_summary *s,
			  const struct fl_row *a, const struct fl_row *b)
{
	for (size_t i = 0; i < list->n; i++)
		if (fl_summary_metric(s, a, list->v[i], NULL).n &&
		    fl_summary_metric(s, b, list->v[i], NULL).n)
			return list->v[i];
	return NULL;
}

/* The reference of the curve, by its first row. */
static bool measure_reference(struct fl_crossing_curve *c, const struct fl_summary *s,
			      const struct fl_row *row)
{
	const struct fl_crossing *x = c->crossing;

	c->reference = fl_summary_reference(s, row, &x->against);
	if (!c->reference)
		return false;
	c->price_name = choose(&x->price, s, c->reference, row);
	c->saving_name = choose(&x->saving, s, c->reference, row);
	if (!c->price_name || !c->saving_name)
		return false;
	c->price = fl_summary_metric(s, c->reference, c->price_name, &c->price_unit);
	c->saving = fl_summary_metric(s, c->reference, c->saving_name, &c->saving_unit);
	if (x->whole)
		c->whole = fl_summary_metric(s, c->reference, x->whole, &c->whole_unit);
	return true;
}

static bool more(double a, double b, double reference)
{
	return a - b > FL_CROSSING_LEAST * fabs(reference);
}

/* If nothing was promoted at a threshold, the row shows base pages, not that threshold. */
static bool happened(const struct fl_crossing *x, const struct fl_summary *s,
		     const struct fl_row *row)
{
	for (size_t i = 0; i < x->needs.n; i++)
		if (fl_summary_metric(s, row, x->needs.v[i], NULL).median > 0)
			return true;
	return !x->needs.n;
}

static void add_step(struct fl_crossing_curve *c, const struct fl_summary *s,
		     const struct fl_row *row, double at)
{
	const struct fl_crossing *x = c->crossing;
	struct fl_spread price = fl_summary_metric(s, row, c->price_name, NULL);
	struct fl_spread saving = fl_summary_metric(s, row, c->saving_name, NULL);
	struct fl_spread whole = { 0 }, paid = { .n = 1, .median = 1 };
	struct fl_crossing_step *step;

	if (x->whole)
		whole = fl_summary_metric(s, row, x->whole, NULL);
	if (x->per)
		paid = fl_summary_metric(s, row, x->per, NULL);
	if (!price.n || !saving.n || !paid.n)
		return;
	c->steps = fl_realloc(c->steps, (c->n + 1) * sizeof(*c->steps));
	step = &c->steps[c->n++];
	*step = (struct fl_crossing_step){
		.row = row,
		.at = at,
		.price = price.median,
		.extra = price.median - c->price.median,
		.paid = paid.median,
		.whole_extra = whole.n && c->whole.n ? whole.median - c->whole.median : NAN,
		.saving = saving.median,
		.saved = c->saving.median - saving.median,
		.rate = NAN,
		.saves = more(c->saving.least, saving.most, c->saving.median),
		.costs = more(price.least, c->price.most, c->price.median),
		.cheaper = more(c->price.least, price.most, c->price.median),
	};
	step->happened = happened(x, s, row);
	if (step->saves)
		step->rate = step->extra * step->paid / step->saved;
}

static int by_place(const void *a, const void *b)
{
	const struct fl_crossing_step *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void find_savings(struct fl_crossing_curve *c)
{
	bool cheaper = false, costs = false, any = false;
	double best = 0;

	c->outcome = FL_CROSSING_NOTHING;
	c->from = c->to = c->enough = c->dear = c->n;
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_crossing_step *step = &c->steps[i];

		any |= step->happened;
		costs |= step->costs;
		cheaper |= step->cheaper;
		if (!step->saves)
			continue;
		c->outcome = FL_CROSSING_SAVES;
		c->from = c->from < c->n ? c->from : i;
		c->to = i;
		best = fmax(best, step->saved);
		if (c->crossing->worth > 0 && step->rate > c->crossing->worth && c->dear == c->n)
			c->dear = i;
	}
	if (c->outcome == FL_CROSSING_NOTHING && costs && !cheaper)
		c->outcome = FL_CROSSING_COSTS;
	if (!any)
		c->outcome = FL_CROSSING_EMPTY;
	for (size_t i = c->n; i-- > 0;)
		if (c->steps[i].saves && !more(best, c->steps[i].saved, c->saving.median))
			c->enough = i;
}

static void judge(struct fl_crossing_curve *c, const struct fl_summary *s)
{
	double at;

	c->outcome = FL_CROSSING_UNMEASURED;
	for (size_t i = 0; i < s->n_rows; i++) {
		if (!place(c, s, &s->rows[i], &at))
			continue;
		if (!c->reference && !measure_reference(c, s, &s->rows[i]))
			return;
		add_step(c, s, &s->rows[i], at);
	}
	if (!c->n)
		return;
	qsort(c->steps, c->n, sizeof(*c->steps), by_place);
	find_savings(c);
}

int fl_judge_crossings(struct fl_judged_crossings *j, const struct fl_summary *s,
		       struct fl_error *err)
{
	memset(j, 0, sizeof(*j));
	if (fl_crossings_parse(&j->crossings, s->run.experiment_text, err))
		return -1;
	j->curves = fl_calloc(j->crossings.n * s->workloads.n, sizeof(*j->curves));
	for (size_t i = 0; i < j->crossings.n; i++) {
		for (size_t w = 0; w < s->workloads.n; w++) {
			const struct fl_crossing *x = &j->crossings.v[i];
			struct fl_crossing_curve *c = &j->curves[j->n];

			if (x->workloads.n && !fl_strv_has(&x->workloads, s->workloads.v[w]))
				continue;
			c->crossing = x;
			c->workload = s->workloads.v[w];
			j->n++;
			judge(c, s);
		}
	}
	return 0;
}

void fl_judged_crossings_release(struct fl_judged_crossings *j)
{
	for (size_t i = 0; i < j->n; i++)
		free(j->curves[i].steps);
	free(j->curves);
	fl_crossings_release(&j->crossings);
	memset(j, 0, sizeof(*j));
}
