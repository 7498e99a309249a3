/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_QUANTILE_H
#define FL_STATS_QUANTILE_H

#include <stddef.h>

/*
 * A histogram: bins ascending, not overlapping, gaps allowed.  The weight of a bin counts as spread
 * evenly over [low, high); low == high is a single value.  Weights need not be counts: divide by
 * the count of a boot and all boots weigh the same.
 *
 * An empty, unsorted, overlapping, negative or non-finite histogram gives NAN.
 */
struct fl_bin {
	double low, high, weight;
};

/* The value below which a share q, 0 to 1, of the weight lies; 0 and 1 give the lower end of the
 * first and the upper end of the last non-empty bin.  NAN for any other q. */
double fl_quantile(const struct fl_bin *bins, size_t n, double q);

/*
 * How far a distribution moved: the largest change b / a - 1 of any percentile from 1 to 99.  Two
 * histograms of the same source differ by at most the width of a bin: `width` is that of the wider
 * bin there, relative.  ratio is NAN if either is empty or a value is 0.
 */
struct fl_quantile_shift {
	double ratio, a, b, width;
	unsigned int percentile;
};
struct fl_quantile_shift fl_quantile_shift(const struct fl_bin *a, size_t na,
					   const struct fl_bin *b, size_t nb);

#endif
