/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_DETECTABLE_H
#define FL_STATS_DETECTABLE_H

#include <stddef.h>

/*
 * How small a change could have been detected?  "No change found" says little without it; before a
 * run it tells how many boots are needed.
 *
 * Everything is relative: a spread of 0.02 is a standard deviation of 2 % of the median, the same
 * share on both sides, an effect of 0.05 is a median that moves by 5 %.  The model is Welch's
 * t-test with 0.955 times the boots: 3 / pi is the efficiency of the rank test against the t-test
 * for normal boots, and for every other distribution it is at least 0.864 (Hodges and Lehmann, "The
 * efficiency of some nonparametric competitors of the t-test", 1956).  alpha is replaced by what
 * the rank test can attain, fl_mann_whitney_size(): for 5 and 5 boots, 0.032 instead of 0.05.
 *
 * Rank tests of few boots are steps, so the formula promises a little too much near their floor.
 * Simulated with normal boots (tests/unit/stats/test_simulation.c), 0.8 is 0.73 for 4 and 4, 0.77
 * for 5 and 5, 0.80 for 12 and 12 at alpha 0.05, and 0.69 for 5 and 5 at 0.01.
 */

/* The power that is usually asked for. */
#define FL_POWER 0.8
/* No spread is believed to be smaller: equal boots show that it is small, not that it is 0. */
#define FL_SPREAD_LEAST 1e-4
#define FL_BOOTS_MOST 1000

/*
 * 1.4826 * MAD / |median|, times the correction of Croux and Rousseeuw ("Time-efficient algorithms
 * for two highly robust estimators of scale", 1992) for few values, without which 5 boots of normal
 * noise look as if they had 0.82 of it.  When more than half of the values are equal, MAD is 0 and
 * the standard deviation takes its place; at least FL_SPREAD_LEAST.  NAN: n below 2, a value that
 * is not finite, or a median of 0.
 */
double fl_relative_spread(const double *values, size_t n);

/*
 * The smallest effect that the rank test finds at alpha with the given power.  INFINITY when no
 * effect is large enough, as the test cannot reach alpha with so few boots: 2 / C(na + nb, na) >
 * alpha.  NAN: spread negative or NAN, alpha or power not in (0, 1).
 */
double fl_detectable(size_t na, size_t nb, double spread, double alpha, double power);

/* Boots a side for that effect; 0 when FL_BOOTS_MOST do not suffice or the input makes no sense. */
size_t fl_boots_needed(double effect, double spread, double alpha, double power);

#endif
