/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_MANN_WHITNEY_H
#define FL_STATS_MANN_WHITNEY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The rank sum test of Mann and Whitney (1947), two-sided.  Exact, by the
 * distribution of all arrangements, without ties and up to
 * FL_MANN_WHITNEY_EXACT values a side; else the normal approximation, corrected
 * for ties and continuity (as R's wilcox.test).
 */
#define FL_MANN_WHITNEY_EXACT 50

struct fl_mann_whitney {
	double u;           /* pairs in which b is above a, ties half */
	double p;           /* 1 where a side is empty or all are equal */
	double superiority; /* u / (na nb): the A of Vargha and Delaney (2000), 0.5 for equals */
	bool exact;
};

struct fl_mann_whitney fl_mann_whitney(const double *a, size_t na, const double *b, size_t nb);

#endif
