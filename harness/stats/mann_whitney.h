/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MANN_WHITNEY_H
#define FL_STATS_MANN_WHITNEY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Do boots of b tend to differ from boots of a?  The rank sum test of Wilcoxon (1945), Mann and
 * Whitney (1947), two-sided.  It assumes nothing about the shape of the distributions, and a wild
 * outlier moves it no more than a mild one.
 *
 * Up to FL_EXACT_MOST boots a side p is exact, with ties too: all assignments of the observed ranks
 * are counted by the shift algorithm of Streitberg and Röhmel ("Exact distributions for
 * permutation and rank tests", 1986), with midranks for ties.  p is the share of them whose U is at
 * least as far from its mean as the observed one.  Without ties this is R's wilcox.test(exact =
 * TRUE); with ties R has no exact test.  Above that number p is the normal approximation with
 * corrections for ties and continuity, as R's.
 *
 * Few boots cannot have a small p: it is never below 2 / C(na + nb, na), which is 0.1 for 3 and 3,
 * 0.029 for 4 and 4, 0.008 for 5 and 5.
 */
#define FL_EXACT_MOST 50

struct fl_mann_whitney {
	double u;           /* pairs where b > a, ties count half */
	double p;           /* two-sided */
	double superiority; /* A12 = P(b > a) + P(b = a) / 2 of Vargha and Delaney (2000) */
	bool exact;         /* p is counted, not approximated */
};

/*
 * Infinite values are ranked like others.  If na or nb is 0, or any value is NaN, the results are
 * NAN.
 */
struct fl_mann_whitney fl_mann_whitney(const double *a, size_t na, const double *b, size_t nb);

/*
 * The largest attainable p (without ties) that is not above alpha, which is the real rate of false
 * alarms at that level.  0 if the test cannot reach alpha at all.  Above FL_EXACT_MOST: alpha.
 */
double fl_mann_whitney_size(size_t na, size_t nb, double alpha);

#endif
