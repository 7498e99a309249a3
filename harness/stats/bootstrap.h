/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_BOOTSTRAP_H
#define FL_STATS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

struct fl_interval {
	double low, high;
};

/*
 * Percentile intervals of the bootstrap (Efron and Tibshirani 1993, ch. 13) over
 * boots.  The percentile bootstrap of a handful is too narrow: of 5 values the
 * variance is estimated (n - 1) / n of what it is.  So what is drawn is spread by
 * sqrt(n / (n - 1)) around the median (Hesterberg 2015, "What Teachers Should
 * Know About the Bootstrap", 5.3.2), and the level is met within a few percent
 * from five values on (tests/unit/stats).  One value a side gives the point.
 * level: 0.95.  The same seed gives the same interval.
 */
struct fl_interval fl_bootstrap_median(const double *values, size_t n, double level, uint64_t seed);

/* Of median(b) / median(a) - 1, both sides drawn; median(a) must not be 0. */
struct fl_interval fl_bootstrap_change(const double *a, size_t na, const double *b, size_t nb,
				       double level, uint64_t seed);

#endif
