/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_DISTRIBUTION_H
#define FL_STATS_DISTRIBUTION_H

/*
 * The two distributions that the tests need.  We have our own because the GNU Scientific Library is
 * GPL-3.0-or-later, and a GPL-2.0 program cannot link with it.  Accurate to twelve digits, to nine
 * with 1e5 degrees of freedom, far into the tails as well: callers ask for the small tail, never
 * for 1 minus it.
 *
 * `df` are degrees of freedom, above 0 and not necessarily whole.  NAN for invalid arguments.
 */

/* P(Z > z) of the normal distribution. */
double fl_normal_above(double z);

/* P(T > t) of Student's distribution: the incomplete beta function as a continued fraction (DLMF
 * 8.17.22, by Lentz's method). */
double fl_t_above(double t, double df);

/* The z (the t) that is exceeded with probability p in (0, 1). */
double fl_normal_exceeded(double p);
double fl_t_exceeded(double p, double df);

#endif
