/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/aa.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/comparison.h"
#include "harness/stats/rng.h"

#define BOOTS_MIN 4

struct dealing {
	const struct fl_summary *s;
	const struct fl_rules *rules;
	struct fl_rng rng;
	bool insn;
	struct fl_judged *judged;
	size_t n, room;
	struct fl_aa *aa;
};

/* The ok boots of a row, shuffled; returns how many. */
static size_t deal(struct dealing *d, const struct fl_row *row, size_t *boots)
{
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++)
		if (!strcmp(d->s->points[row->points[i]].status, "ok"))
			boots[n++] = row->points[i];
	for (size_t i = n; i > 1; i--) {
		size_t j = fl_rng_below(&d->rng, i), kept = boots[i - 1];

		boots[i - 1] = boots[j];
		boots[j] = kept;
	}
	return n;
}

static size_t values_of(const struct fl_summary *s, const size_t *boots, size_t n,
			const char *metric, double *values)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		const struct fl_stored_point *p = &s->points[boots[i]];

		for (size_t j = 0; j < p->n_metrics; j++)
			if (!strcmp(p->metrics[j].name, metric))
				values[found++] = p->metrics[j].value;
	}
	return found;
}

static void judge(struct dealing *d, const size_t *boots, size_t n,
		  const struct fl_stored_metric *metric)
{
	const struct fl_metric *m = fl_summary_meaning(d->s, metric->name);
	cleanup_free double *a = fl_calloc(n, sizeof(*a)), *b = fl_calloc(n, sizeof(*b));
	size_t half = n / 2, na, nb;

	if (!m || m->class == FL_UNJUDGED)
		return;
	na = values_of(d->s, boots, half, metric->name, a);
	nb = values_of(d->s, boots + half, n - half, metric->name, b);
	if (!na || !nb)
		return;
	if (d->n == d->room) {
		d->room = d->room ? 2 * d->room : 256;
		d->judged = fl_realloc(d->judged, d->room * sizeof(*d->judged));
	}
	d->judged[d->n] = (struct fl_judged){ .metric = metric->name, .unit = metric->unit };
	fl_judge_measure(&d->judged[d->n++], m, a, na, b, nb, d->insn, 0, d->rules);
}

static void judge_row(struct dealing *d, const struct fl_row *row)
{
	cleanup_free size_t *boots = fl_calloc(row->n + 1, sizeof(*boots));
	size_t n = deal(d, row, boots);
	const struct fl_stored_point *first = fl_summary_good_boot(d->s, row);

	if (n < BOOTS_MIN)
		return;
	d->aa->rows++;
	if (!d->aa->least || n / 2 < d->aa->least)
		d->aa->least = n / 2;
	d->aa->most = n - n / 2 > d->aa->most ? n - n / 2 : d->aa->most;
	for (size_t i = 0; i < first->n_metrics; i++)
		judge(d, boots, n, &first->metrics[i]);
}

static void count(struct dealing *d)
{
	struct fl_judged **all = fl_calloc(d->n + 1, sizeof(struct fl_judged *));
	size_t alarms = 0;

	for (size_t i = 0; i < d->n; i++)
		all[i] = &d->judged[i];
	fl_judge_decide(all, d->n, d->rules);
	for (size_t i = 0; i < d->n; i++) {
		alarms += all[i]->verdict == FL_WORSE || all[i]->verdict == FL_BETTER ||
			  all[i]->verdict == FL_DIFFERS;
		d->aa->exact += all[i]->exact;
	}
	d->aa->alarms += alarms;
	d->aa->alarmed += alarms > 0;
	free(all);
}

int fl_aa_run(struct fl_aa *aa, const struct fl_summary *s, size_t comparisons, uint64_t seed,
	      const struct fl_rules *rules, struct fl_error *err)
{
	struct dealing d = {
		.s = s, .rules = rules, .insn = !strcmp(s->run.timebase, "insn"), .aa = aa
	};

	memset(aa, 0, sizeof(*aa));
	fl_rng_seed(&d.rng, seed);
	for (; aa->comparisons < comparisons; aa->comparisons++) {
		d.n = 0;
		aa->rows = 0;
		for (size_t i = 0; i < s->n_rows; i++)
			judge_row(&d, &s->rows[i]);
		aa->metrics = d.n;
		count(&d);
	}
	free(d.judged);
	return aa->rows ? 0
			: fl_fail(err, FL_USAGE,
				  "%s has no row of four boots and more: run --repeat 8",
				  s->run.name);
}
