/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/collect/foreign.h"

const char *const fl_claim_outcome_names[] = {
	[FL_CLAIM_HOLDS] = "holds",         [FL_CLAIM_FAILS] = "does not hold",
	[FL_CLAIM_OPEN] = "cannot tell",    [FL_CLAIM_UNMEASURED] = "not measured",
	[FL_CLAIM_EMPTY] = "means nothing",
};

static bool known(const char *metric, const struct fl_own_metrics *own, const char *kind,
		  const char *name, struct fl_error *err)
{
	char near[160];

	if (!metric || fl_metric_find(metric) || fl_own_metrics_find(own, metric))
		return true;
	fl_own_metrics_unknown(own, metric, near, sizeof(near));
	fl_fail(err, FL_USAGE, "[%s %s]: no metric %s%s", kind, name, metric, near);
	return false;
}

int fl_claims_metrics(const struct fl_claims *c, const struct fl_own_metrics *own, const char *file,
		      struct fl_error *err)
{
	for (size_t i = 0; i < c->n_claims; i++)
		if (!known(c->claims[i].metric, own, "claim", c->claims[i].name, err) ||
		    !known(c->claims[i].than, own, "claim", c->claims[i].name, err))
			return fl_prefix(err, "%s:%u", file, c->claims[i].line);
	for (size_t i = 0; i < c->n_published; i++)
		if (!known(c->published[i].metric, own, "published", c->published[i].name, err))
			return fl_prefix(err, "%s:%u", file, c->published[i].line);
	return 0;
}

int fl_answer_metrics(const struct fl_answer *a, const struct fl_own_metrics *own, const char *file,
		      struct fl_error *err)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct fl_answer_column *c = &a->columns[i];

		if (!known(c->metric ? c->metric : a->metric, own, "summary", c->name, err))
			return fl_prefix(err, "%s:%u", file, c->line);
	}
	return 0;
}

/* --- values and bounds --- */

/* How far a value lies on the good side of its bound, relative to the bound. */
static double margin_of(const struct fl_claim *c, double value, double reference)
{
	double bound = c->relative ? c->bound * reference : c->bound;
	double unit = fabs(bound) > 0 ? fabs(bound) : 1;

	switch (c->op) {
	case FL_AT_LEAST:
	case FL_ABOVE:
		return (value - bound) / unit;
	case FL_AT_MOST:
	case FL_BELOW:
		return (bound - value) / unit;
	case FL_EQUALS:
		return -fabs(value - bound) / unit;
	case FL_WITHIN:
		if (reference == 0)
			return value == 0 ? c->bound / 100 : -1;
		return c->bound / 100 - fabs(value - reference) / fabs(reference);
	}
	return 0;
}

static bool met(const struct fl_claim *c, double margin)
{
	return c->op == FL_ABOVE || c->op == FL_BELOW ? margin > 0 : margin >= -1e-12;
}

static void judge_case(const struct fl_claim *c, struct fl_claim_case *k)
{
	const double values[] = { k->value.least, k->value.median, k->value.most };
	const double refs[] = { k->reference.least, k->reference.median, k->reference.most };
	size_t good = 0;

	for (size_t v = 0; v < 3; v++)
		for (size_t r = 0; r < 3; r++)
			good += met(c, margin_of(c, values[v], refs[r]));
	k->margin = margin_of(c, k->value.median, k->reference.median);
	if (k->floor > 0 && k->value.least < k->floor) {
		k->outcome = FL_CLAIM_EMPTY;
		return;
	}
	if (!fl_summary_judges(k->unit))
		k->outcome = FL_CLAIM_OPEN;
	else
		k->outcome = good == 9 ? FL_CLAIM_HOLDS : good ? FL_CLAIM_OPEN : FL_CLAIM_FAILS;
}

/*
 * A fault of 75 instructions is a store, and a control on stores cannot fail.  With a bound of 0
 * there is no floor, since small values are what is expected.
 */
static double floor_of(const struct fl_claim *c, const struct fl_summary *s)
{
	const struct fl_metric *m = fl_summary_meaning(s, c->metric);

	if (c->has_floor)
		return c->floor;
	return m && !(c->op == FL_EQUALS && c->bound == 0) ? m->least : 0;
}

static bool measure_case(const struct fl_claim *c, const struct fl_summary *s,
			 const struct fl_row *row, struct fl_claim_case *k)
{
	const struct fl_row *reference =
		c->has_against ? fl_summary_reference(s, row, &c->against) : row;

	*k = (struct fl_claim_case){ .row = row, .floor = floor_of(c, s) };
	k->value = fl_summary_metric(s, row, c->metric, &k->unit);
	if (!k->value.n)
		return false;
	if (!c->has_against && !c->than)
		return true;
	if (!reference)
		return false;
	k->reference = fl_summary_metric(s, reference, c->than ? c->than : c->metric, NULL);
	return k->reference.n > 0;
}

/* Failed is worse than open is worse than good; among equals the smaller margin. */
static bool worse(const struct fl_claim_case *a, const struct fl_claim_case *b)
{
	static const int rank[] = { [FL_CLAIM_HOLDS] = 0,
				    [FL_CLAIM_OPEN] = 1,
				    [FL_CLAIM_FAILS] = 2,
				    [FL_CLAIM_EMPTY] = 3 };

	if (!b->row)
		return true;
	if (a->outcome != b->outcome)
		return rank[a->outcome] > rank[b->outcome];
	return a->margin < b->margin;
}

/* The first point of a row that ended badly. */
static const struct fl_stored_point *went_wrong(const struct fl_summary *s,
						const struct fl_row *row)
{
	static const char *const statuses[] = { "failed", "corrupt", "panic", "hang", "lost" };

	for (size_t i = 0; i < row->n; i++)
		for (size_t k = 0; k < sizeof(statuses) / sizeof(statuses[0]); k++)
			if (!strcmp(s->points[row->points[i]].status, statuses[k]))
				return &s->points[row->points[i]];
	return NULL;
}

static void note_lost(struct fl_judged_claim *j, const struct fl_summary *s,
		      const struct fl_row *row)
{
	const struct fl_stored_point *point = j->lost ? NULL : went_wrong(s, row);

	if (!point)
		return;
	j->lost = point;
	j->lost_row = row;
}

static void judge(struct fl_judged_claim *j, const struct fl_summary *s)
{
	j->outcome = FL_CLAIM_UNMEASURED;
	for (size_t i = 0; i < s->n_rows; i++) {
		struct fl_claim_case k;

		if (!fl_summary_takes(s, &s->rows[i], &j->claim->of))
			continue;
		if (!measure_case(j->claim, s, &s->rows[i], &k)) {
			note_lost(j, s, &s->rows[i]);
			continue;
		}
		judge_case(j->claim, &k);
		j->n++;
		if (worse(&k, &j->worst))
			j->worst = k;
	}
	if (j->n)
		j->outcome = j->worst.outcome;
	if (j->outcome == FL_CLAIM_HOLDS && j->lost)
		j->outcome = FL_CLAIM_OPEN;
}

static void find_published(struct fl_judged_published *j, const struct fl_summary *s)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (!fl_summary_takes(s, row, &j->published->of))
			continue;
		j->value = fl_summary_metric(s, row, j->published->metric, &j->unit);
		if (!j->value.n)
			continue;
		j->row = row;
		return;
	}
}

int fl_judge_claims(struct fl_judged_claims *j, const struct fl_summary *s, struct fl_error *err)
{
	memset(j, 0, sizeof(*j));
	if (fl_claims_parse(&j->claims, s->run.experiment_text, err))
		return -1;
	j->judged = fl_calloc(j->claims.n_claims, sizeof(*j->judged));
	j->published = fl_calloc(j->claims.n_published, sizeof(*j->published));
	for (size_t i = 0; i < j->claims.n_claims; i++) {
		j->judged[i].claim = &j->claims.claims[i];
		judge(&j->judged[i], s);
	}
	for (size_t i = 0; i < j->claims.n_published; i++) {
		j->published[i].published = &j->claims.published[i];
		find_published(&j->published[i], s);
	}
	return 0;
}

void fl_judged_claims_release(struct fl_judged_claims *j)
{
	fl_claims_release(&j->claims);
	free(j->judged);
	free(j->published);
	memset(j, 0, sizeof(*j));
}

size_t fl_judged_claims_count(const struct fl_judged_claims *j, enum fl_claim_outcome outcome,
			      bool control)
{
	size_t n = 0;

	for (size_t i = 0; i < j->claims.n_claims; i++)
		n += j->judged[i].outcome == outcome && j->judged[i].claim->control == control;
	return n;
}

bool fl_judged_claims_void(const struct fl_judged_claims *j)
{
	return fl_judged_claims_count(j, FL_CLAIM_FAILS, true) > 0 ||
	       fl_judged_claims_count(j, FL_CLAIM_EMPTY, true) > 0;
}
