/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_CHANGE_POINTS_H
#define FL_STATS_CHANGE_POINTS_H

#include <stddef.h>

/*
 * Where in a history (one value a version, oldest first) did the level change?
 *
 * E-divisive (Matteson and James, "A nonparametric approach for multiple change point analysis of
 * multivariate data", 2014): a stretch is cut where the energy distance of its two sides is
 * largest, then its parts likewise.  As in Hunter (Fleming et al., "Hunter: using change point
 * detection to hunt for performance regressions", 2023) Student's t-test decides which cuts count,
 * instead of permutations, so the answer is reproducible.  Weak cuts are made at first, and the
 * weakest is undone until all that remain are significant; this finds a spell in the middle that no
 * single cut can show.
 *
 * Two things differ from Hunter.  First cuts may be weaker (p up to 0.5, not ten times alpha), or
 * short spells stay hidden.  p is multiplied by the number of places where the cut could have been
 * made, since the best of many was chosen; without that, pure noise is cut far more often than
 * alpha says.
 *
 * If both sides are constant any step counts: p is 0.
 *
 * The values must be independent and have about the same noise: a slow drift is cut into steps.
 */
#define FL_SEGMENT_LEAST 3

struct fl_change_point {
	size_t at;            /* index of the first value of the new level */
	double before, after; /* medians up to the neighbouring change points */
	double p;
};

/*
 * Writes up to `room` change points to `points`, ascending by index, and returns how many; n /
 * FL_SEGMENT_LEAST is always enough room.  None with a value that is not finite, or alpha not in
 * (0, 1).  Time is of order n^2.
 *
 * alpha is roughly the probability of finding any in a history that has none: 0.05 gives 0.04 to
 * 0.07 up to 100 normal values and 0.08 for 200.  Strongly skewed noise (lognormal, sigma 0.5)
 * gives 0.08 for 50 and 0.18 for 200: take logarithms there.  Two-valued noise can look like a
 * clean step: six coin tosses give three of one and then three of the other once in 32.
 */
size_t fl_change_points(const double *values, size_t n, double alpha,
			struct fl_change_point *points, size_t room);

#endif
