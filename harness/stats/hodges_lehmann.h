/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_HODGES_LEHMANN_H
#define FL_STATS_HODGES_LEHMANN_H

#include <stddef.h>

/* Shift from a to b: the median of all differences b - a (Hodges and Lehmann 1963).  NAN for none.
 */
double fl_hodges_lehmann(const double *a, size_t na, const double *b, size_t nb);

#endif
