/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_DISTANCE_H
#define FL_STATS_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* A bar of a histogram: count values in [low, high).  Bars ascend and do not overlap. */
struct fl_bar {
	double low, high;
	uint64_t count;
};

/*
 * Largest difference of the shares below a value of two distributions, 0 .. 1
 * (the statistic of Kolmogorov and Smirnov); values lie evenly in their bar.
 * NAN where a side holds none.
 */
double fl_distance(const struct fl_bar *a, size_t na, const struct fl_bar *b, size_t nb);

#endif
