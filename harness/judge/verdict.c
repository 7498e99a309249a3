/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/detectable.h"
#include "harness/stats/hodges_lehmann.h"
#include "harness/stats/mann_whitney.h"
#include "harness/stats/median.h"
#include "harness/stats/multiple.h"

#define SEED 1
#define CRUMB_KIB 16

const char *const fl_verdict_names[] = {
	[FL_SAME] = "same",
	[FL_BETTER] = "better",
	[FL_WORSE] = "worse",
	[FL_DIFFERS] = "differs",
	[FL_INCONCLUSIVE] = "cannot tell",
};

const struct fl_rules fl_rules_default = {
	.relevant = 0.002,
	.floor = 0.01,
	.alpha = 0.01,
	.level = 0.95,
};

static double relative(double a, double b)
{
	if (a == b)
		return 0;
	return a == 0 ? copysign(INFINITY, b) : (b - a) / fabs(a);
}

/*
 * With instructions every metric of the exact class can be exact; in real time only untimed ones,
 * and three boots must agree.
 */
static bool is_exact(const struct fl_metric *m, const struct fl_spread *a,
		     const struct fl_spread *b, bool insn)
{
	bool timed = fl_unit_is_timed(m->unit) || m->unit == FL_UNIT_HOST_NS;
	size_t least = insn ? 1 : 3;
	bool repeats =
		insn ? m->class == FL_EXACT || m->class == FL_TAIL : m->class == FL_EXACT && !timed;

	return repeats && a->least == a->most && b->least == b->most && a->n >= least &&
	       b->n >= least;
}

/* Spread of one boot against its own side, of both sides together. */
static double pooled_spread(const double *a, size_t na, const double *b, size_t nb)
{
	double sa = fl_relative_spread(a, na), sb = fl_relative_spread(b, nb);

	return sqrt((sa * sa + sb * sb) / 2);
}

void fl_judge_measure(struct fl_judged *j, const struct fl_metric *metric, double *a, size_t na,
		      double *b, size_t nb, bool insn, double band, const struct fl_rules *rules)
{
	struct fl_spread sa = fl_spread(a, na), sb = fl_spread(b, nb);
	struct fl_mann_whitney w;

	j->na = na;
	j->nb = nb;
	j->a = sa.median;
	j->b = sb.median;
	j->better = metric->better;
	j->change = relative(j->a, j->b);
	j->shift = fl_hodges_lehmann(a, na, b, nb);
	j->exact = is_exact(metric, &sa, &sb, insn);
	j->tail = metric->class == FL_TAIL;
	j->least = metric->least;
	j->crumb = metric->crumb;
	j->unlike = sa.most > 0 || sb.most > 0;
	j->identical = na == nb && !memcmp(a, b, na * sizeof(*a));
	if (j->exact) {
		j->band = rules->relevant;
		j->of_a = (struct fl_interval){ j->a, j->a };
		j->of_b = (struct fl_interval){ j->b, j->b };
		j->interval = (struct fl_interval){ j->change, j->change };
		j->superiority = j->b > j->a ? 1 : j->b < j->a ? 0 : 0.5;
		return;
	}
	j->band = fmax(rules->floor, band);
	w = fl_mann_whitney(a, na, b, nb);
	j->p = w.p;
	j->superiority = w.superiority;
	j->of_a = fl_bootstrap_median(a, na, rules->level, SEED);
	j->of_b = fl_bootstrap_median(b, nb, rules->level, SEED);
	j->interval = j->a != 0 ? fl_bootstrap_change(a, na, b, nb, rules->level, SEED)
				: (struct fl_interval){ -INFINITY, INFINITY };
	j->spread = pooled_spread(a, na, b, nb);
}

/* A change from 0 has no ratio: all that lies above must lie above. */
static bool is_outside(const struct fl_judged *j)
{
	if (j->a == 0)
		return j->of_b.low > j->of_a.high || j->of_b.high < j->of_a.low;
	return j->interval.low > j->band || j->interval.high < -j->band;
}

/* A metric without a direction that drops to 0 has lost something, for example huge pages. */
static enum fl_verdict direction(const struct fl_judged *j)
{
	bool gone = j->a > 0 && j->b == 0;

	if (j->better == FL_NEITHER && gone && !j->tail)
		return FL_WORSE;
	if (j->better == FL_NEITHER || j->tail)
		return FL_DIFFERS;
	return (j->b > j->a) == (j->better == FL_MORE) ? FL_BETTER : FL_WORSE;
}

/* Four pages more or less depend on where an allocation happened.  Changes below the metric's floor
 * do not count either. */
static bool is_crumb(const struct fl_judged *j)
{
	if (j->least > 0 && fabs(j->a) < j->least && fabs(j->b) < j->least)
		return true;
	if (j->crumb > 0)
		return fabs(j->b - j->a) <= j->crumb;
	return !strcmp(j->unit, "KiB") && fabs(j->b - j->a) <= CRUMB_KIB;
}

static enum fl_verdict decide(const struct fl_judged *j, const struct fl_rules *rules)
{
	if (j->identical || !j->unlike)
		return FL_SAME;
	if (j->exact)
		return fabs(j->change) > j->band && !is_crumb(j) ? direction(j) : FL_SAME;
	if (j->adjusted < rules->alpha && is_outside(j) && fabs(j->change) >= j->band)
		return is_crumb(j) ? FL_SAME : direction(j);
	if (j->interval.low >= -j->band && j->interval.high <= j->band && j->na > 1 && j->nb > 1)
		return FL_SAME;
	return FL_INCONCLUSIVE;
}

void fl_judge_decide(struct fl_judged **all, size_t n, const struct fl_rules *rules)
{
	cleanup_free double *p = fl_calloc(n + 1, sizeof(*p));
	cleanup_free double *holm = fl_calloc(n + 1, sizeof(*holm));
	size_t noisy = 0, all_noisy;
	double alpha;

	for (size_t i = 0; i < n; i++)
		if (!all[i]->exact)
			p[noisy++] = all[i]->p;
	fl_adjust_holm(p, holm, noisy);
	fl_adjust_benjamini_hochberg(p, p, noisy);
	all_noisy = noisy;
	noisy = 0;
	alpha = rules->alpha / (double)(all_noisy ? all_noisy : 1);
	for (size_t i = 0; i < n; i++) {
		struct fl_judged *j = all[i];

		if (!j->exact) {
			j->holm = holm[noisy];
			j->adjusted = p[noisy++];
			j->detectable = fl_detectable(j->na, j->nb, j->spread, alpha, FL_POWER);
			j->needed =
				(unsigned int)fl_boots_needed(j->band, j->spread, alpha, FL_POWER);
		}
		all[i]->verdict = decide(all[i], rules);
	}
}
