/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_DISTRIBUTION_H
#define FL_STATS_DISTRIBUTION_H

/*
 * The two distributions that the tests need.  They are ours because the GNU Scientific Library is
 * GPL-3.0-or-later, which a GPL-2.0 program cannot be linked with.  All are good to twelve digits,
 * to nine with 1e5 degrees of freedom, far into the tails too: what is asked for is a small tail,
 * never 1 minus one.
 *
 * `df` are degrees of freedom, above 0 and not necessarily whole.  NAN for what makes no sense.
 */

/* P(Z > z) of the normal distribution. */
double fl_normal_above(double z);

/* P(T > t) of Student's distribution: the incomplete beta function as a continued fraction (DLMF
 * 8.17.22, by Lentz's method). */
double fl_t_above(double t, double df);

/* The z, the t that is exceeded with probability p in (0, 1). */
double fl_normal_exceeded(double p);
double fl_t_exceeded(double p, double df);

#endif
