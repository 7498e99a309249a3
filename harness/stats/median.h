/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MEDIAN_H
#define FL_STATS_MEDIAN_H

#include <stddef.h>

/* Median and range of a few boots; n is 0 if there is none. */
struct fl_spread {
	size_t n;
	double median, least, most;
};

/* Sorts values.  For an even n the median is the mean of the middle two. */
struct fl_spread fl_spread(double *values, size_t n);

#endif
