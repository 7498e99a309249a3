/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_QUANTILE_H
#define FL_STATS_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/* A bar of a histogram: count values in [low, high).  Bars ascend and do not overlap. */
struct fl_bar {
	double low, high;
	uint64_t count;
};

/* The value below which this share of all lies, straight within a bar; NAN for no values. */
double fl_quantile(const struct fl_bar *bars, size_t n, double share);

/* Share of the values at or below x. */
double fl_share_below(const struct fl_bar *bars, size_t n, double x);

/* Largest difference of the two distributions (Kolmogorov and Smirnov), 0 .. 1; NAN for none. */
double fl_distance(const struct fl_bar *a, size_t na, const struct fl_bar *b, size_t nb);

#endif
