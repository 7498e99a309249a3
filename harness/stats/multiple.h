/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MULTIPLE_H
#define FL_STATS_MULTIPLE_H

#include <stddef.h>

/*
 * p values of n tests at once -> adjusted ones, in place and in their order, by
 * Benjamini and Hochberg (1995): the share of false alarms among alarms.
 */
void fl_benjamini_hochberg(double *p, size_t n);

#endif
