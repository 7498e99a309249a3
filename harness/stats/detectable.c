/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/detectable.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/median.h"

#define MOST 10000
#define FEW 4

static double deviation(const double *v, size_t n)
{
	double mean = 0, square = 0;

	for (size_t i = 0; i < n; i++)
		mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (v[i] - mean) * (v[i] - mean);
	return n > 1 ? sqrt(square / (double)(n - 1)) : 0;
}

double fl_relative_spread(const double *values, size_t n)
{
	cleanup_free double *v = fl_calloc(n + 1, sizeof(*v));
	double middle, spread;

	memcpy(v, values, n * sizeof(*v));
	middle = fl_spread(v, n).median;
	if (n < 2 || middle == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		v[i] = fabs(values[i] - middle);
	spread = 1.4826 * fl_spread(v, n).median;
	if (n < FEW || spread == 0)
		spread = deviation(values, n);
	return spread / fabs(middle);
}

static double least_p(size_t na, size_t nb)
{
	double n = (double)na, m = (double)nb;

	return 2 * exp(lgamma(n + 1) + lgamma(m + 1) - lgamma(n + m + 1));
}

double fl_detectable(size_t na, size_t nb, double spread, double alpha, double power)
{
	double freedom = (double)(na + nb) - 2, t;

	if (!na || !nb || least_p(na, nb) > alpha)
		return INFINITY;
	t = gsl_cdf_tdist_Pinv(1 - alpha / 2, freedom) + gsl_cdf_tdist_Pinv(power, freedom);
	return t * spread * sqrt((1 / (double)na + 1 / (double)nb) * M_PI / 3);
}

unsigned int fl_boots_needed(double change, double spread, double alpha, double power)
{
	for (unsigned int n = 2; n <= MOST; n++)
		if (fl_detectable(n, n, spread, alpha, power) <= change)
			return n;
	return 0;
}
