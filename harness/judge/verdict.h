/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_VERDICT_H
#define FL_JUDGE_VERDICT_H

#include "harness/collect/collect.h"
#include "harness/stats/bootstrap.h"

/*
 * How a difference is judged.  The boot is the unit: one value per boot.
 *
 * Exact: every boot of a side gave the same value, of a metric of the exact class
 * (collect/metric.h) and in a unit that can be exact (instructions; counters and sizes).  Any
 * difference is real; `relevant` is the smallest that counts, and 16 KiB never do.  Metrics that
 * contain timer ticks (the tail class) at most "differ".
 *
 * Noisy: all others.  There is a difference if the p of Mann and Whitney's test, corrected for all
 * metrics of the comparison (Benjamini and Hochberg), is below alpha, the bootstrap interval of the
 * change lies outside the band of noise, and the change is at least that band.  From 0, where no
 * ratio exists, the intervals of the two medians must not overlap.  There is none if the interval
 * lies within the band.  Otherwise it is inconclusive, and `needed` is how many boots a side would
 * decide, if only this metric changed.
 */
enum fl_verdict { FL_SAME, FL_BETTER, FL_WORSE, FL_DIFFERS, FL_INCONCLUSIVE, FL_VERDICTS };
extern const char *const fl_verdict_names[];

struct fl_rules {
	double relevant; /* exact class: smallest change that counts; 0.002 */
	double floor;    /* noisy class: least band; 0.01 */
	double alpha;    /* 0.01 */
	double level;    /* of the intervals; 0.95 */
};
extern const struct fl_rules fl_rules_default;

struct fl_judged {
	const char *metric, *unit; /* borrowed */
	const struct fl_metric *meaning;
	enum fl_better better;
	bool exact, tail;
	bool identical;                /* the same values on both sides, boot by boot */
	bool unlike;                   /* some value of some boot is not 0 */
	double least, crumb;           /* of the metric (collect/metric.h) */
	char *note;                    /* why the verdict is no other; or NULL.  malloc'd */
	size_t na, nb;                 /* boots */
	double a, b;                   /* medians over the boots */
	double change;                 /* b / a - 1; +-INFINITY from 0 */
	struct fl_interval of_a, of_b; /* of the medians */
	struct fl_interval interval;   /* of the change */
	double shift;                  /* Hodges and Lehmann's, in the metric's unit */
	double p, adjusted;            /* noisy class */
	double holm;         /* p by Holm's correction, which no verdict uses: for readers */
	double superiority;  /* probability that a boot of B lies above one of A */
	double band;         /* what counted as noise */
	double spread;       /* of one boot, as a share of the median */
	double detectable;   /* smallest change of this metric alone that would show */
	unsigned int needed; /* boots a side that would show the band; 0: not known */
	enum fl_verdict verdict;
};

/*
 * Everything but adjusted p and verdict.  a and b are sorted in place; na, nb > 0.
 * insn: times are instructions.  band: known noise of this metric, or 0.
 */
void fl_judge_measure(struct fl_judged *j, const struct fl_metric *metric, double *a, size_t na,
		      double *b, size_t nb, bool insn, double band, const struct fl_rules *rules);

/* Adjusts p over the noisy ones of all n and decides each. */
void fl_judge_decide(struct fl_judged **all, size_t n, const struct fl_rules *rules);

#endif
