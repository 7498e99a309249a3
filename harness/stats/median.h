/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MEDIAN_H
#define FL_STATS_MEDIAN_H

#include <stddef.h>

/* Middle and range of a handful of boots; n is 0 where there is none. */
struct fl_spread {
	size_t n;
	double median, least, most;
};

/* Sorts values.  The median of an even number is the mean of the middle two. */
struct fl_spread fl_spread(double *values, size_t n);

#endif
