/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_DETECTABLE_H
#define FL_STATS_DETECTABLE_H

#include <stddef.h>

/*
 * What a rank test over so many boots can find at all, so that "no difference"
 * means something.  The t test's sample size with the efficiency 3 / pi of the rank test
 * (Lehmann 1975, ch. 2), and its floor: with na and nb values its p is never
 * below 2 / C(na + nb, na).
 */

/* Spread of one value, as a share of the median: 1.4826 median|x - median| (that is the standard
 * deviation of normal values), or for fewer than 4, or where that is 0, the standard deviation.
 * 0 where the median is 0. */
double fl_relative_spread(const double *values, size_t n);

/* Smallest relative change found with this power; INFINITY where no change can be. */
double fl_detectable(size_t na, size_t nb, double spread, double alpha, double power);

/* Boots a side that find this change; 0 where 10,000 do not. */
unsigned int fl_boots_needed(double change, double spread, double alpha, double power);

#endif
