/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MULTIPLE_H
#define FL_STATS_MULTIPLE_H

#include <stddef.h>

/*
 * Adjusts the p values of many tests so that each can be compared with alpha.  The order stays;
 * `adjusted` may be `p` itself.  A NaN (a test that could not be made) stays NaN and does not count
 * as a test, as in R's p.adjust().
 */

/* Keeps the probability of any false alarm below alpha, whatever the dependence.  For a gate.
 * (Holm, "A simple sequentially rejective multiple test procedure", 1979.) */
void fl_adjust_holm(const double *p, double *adjusted, size_t n);

/* Keeps the share of false alarms among all alarms below alpha.  For a table that people read.
 * (Benjamini and Hochberg, "Controlling the false discovery rate", 1995.) */
void fl_adjust_benjamini_hochberg(const double *p, double *adjusted, size_t n);

#endif
