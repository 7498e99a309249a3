/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_CHANGE_POINTS_H
#define FL_STATS_CHANGE_POINTS_H

#include <stddef.h>

/* A level lasts at least so many values. */
#define FL_SEGMENT_MIN 3

/*
 * Where the level of a history changes: E-divisive means (Matteson and James
 * 2014) with Student's t as the test of significance instead of permutations, as
 * Fleming et al. (2023, "Hunter") do.  The best split of each segment is taken
 * while it is significant at alpha.  Writes the indexes at which a new level
 * begins, ascending, into at[n]; returns how many.
 */
size_t fl_change_points(const double *values, size_t n, double alpha, size_t *at);

/* Two-sided p of Welch's t test; 0 where both sides stand still at different values. */
double fl_welch_p(const double *a, size_t na, const double *b, size_t nb);

#endif
