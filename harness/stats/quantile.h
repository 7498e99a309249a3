/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_QUANTILE_H
#define FL_STATS_QUANTILE_H

#include <stddef.h>

/*
 * A histogram: bins ascending, not overlapping, gaps allowed.  What a bin holds is taken as spread
 * evenly over [low, high); low == high is a single value.  Weights need not be counts: divide by
 * the count of a boot and all boots weigh the same.
 *
 * A histogram that is empty, out of order, overlapping, negative or not finite gives NAN.
 */
struct fl_bin {
	double low, high, weight;
};

/* The value below which a share q, 0 to 1, of the weight lies; 0 and 1 give the first and the last
 * border that hold something.  NAN for any other q. */
double fl_quantile(const struct fl_bin *bins, size_t n, double q);

/*
 * The largest difference of the two cumulated shares, 0 to 1 (Kolmogorov, 1933, and Smirnov, 1939).
 * The borders of the two need not agree; where they are coarse the difference of two equal
 * samples is not 0.  It is a distance, not a test: latencies of one boot are not independent.
 */
double fl_ks_distance(const struct fl_bin *a, size_t na, const struct fl_bin *b, size_t nb);

#endif
