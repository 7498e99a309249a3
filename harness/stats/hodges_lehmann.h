/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_HODGES_LEHMANN_H
#define FL_STATS_HODGES_LEHMANN_H

#include <stddef.h>

/*
 * By how much b is above a: the median of the na * nb differences b - a (Hodges and Lehmann,
 * "Estimates of location based on rank tests", 1963), in the unit of the values.  It is the shift
 * for which fl_mann_whitney()'s p is largest, so the two always agree in direction; the difference
 * of the medians may not.
 *
 * NAN with na or nb of 0 or a value that is not finite.  Allocates 8 * na * nb bytes.
 */
double fl_hodges_lehmann(const double *a, size_t na, const double *b, size_t nb);

#endif
