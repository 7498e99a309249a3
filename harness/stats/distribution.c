/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/distribution.h"

#include <float.h>
#include <math.h>

#define FRACTION_TERMS 20000
#define NEWTON_STEPS 2000

double fl_normal_above(double z)
{
	return erfc(z * M_SQRT1_2) / 2;
}

static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign); /* lgamma() writes to a global */
}

/* One step of Lentz's method: adds a term, and keeps denominators from becoming 0. */
static double lentz(double term, double *c, double *d)
{
	*d = 1 + term * *d;
	*c = 1 + term / *c;
	if (fabs(*d) < DBL_MIN)
		*d = DBL_MIN;
	if (fabs(*c) < DBL_MIN)
		*c = DBL_MIN;
	*d = 1 / *d;
	return *c * *d;
}

/* Converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), value;

	d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
	value = d;
	for (int m = 1; m < FRACTION_TERMS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double factor;

		value *= lentz(even, &c, &d);
		factor = lentz(odd, &c, &d);
		value *= factor;
		if (fabs(factor - 1) < DBL_EPSILON)
			break;
	}
	return value;
}

/* I_x(a, b); y is 1 - x, which the caller can compute without cancellation. */
static double incomplete_beta(double x, double y, double a, double b)
{
	double front =
		exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(y));

	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(y, b, a) / b;
}

double fl_t_above(double t, double df)
{
	double square = t * t, tail;

	if (isnan(t) || !(df > 0))
		return NAN;
	if (isinf(df))
		return fl_normal_above(t);
	if (t == 0)
		return 0.5;
	tail = isinf(square)
		       ? 0
		       : incomplete_beta(df / (df + square), square / (df + square), df / 2, 0.5) /
				 2;
	return t > 0 ? tail : 1 - tail;
}

static double t_density(double t, double df)
{
	if (isinf(df))
		return exp(-t * t / 2) / sqrt(2 * M_PI);
	return exp(log_gamma((df + 1) / 2) - log_gamma(df / 2) - (df + 1) / 2 * log1p(t * t / df)) /
	       sqrt(df * M_PI);
}

/*
 * Newton from the middle.  Right of it the tail is convex, so each step stays left of the solution
 * and needs no safeguard.
 */
double fl_t_exceeded(double p, double df)
{
	double t = 0;

	if (!(p > 0 && p < 1) || !(df > 0))
		return NAN;
	if (p > 0.5)
		return -fl_t_exceeded(1 - p, df);
	for (int i = 0; i < NEWTON_STEPS; i++) {
		double step = (fl_t_above(t, df) - p) / t_density(t, df);

		t += step;
		if (!(fabs(step) > 1e-14 * t))
			break;
	}
	return t;
}

double fl_normal_exceeded(double p)
{
	return fl_t_exceeded(p, INFINITY);
}
