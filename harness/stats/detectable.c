/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/detectable.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/distribution.h"
#include "harness/stats/mann_whitney.h"
#include "harness/stats/median.h"

#define NORMAL_PER_MAD 1.4826 /* 1 / qnorm(0.75), as R's mad() has it */
#define RANK_EFFICIENCY (3 / M_PI)
/* From here on the attainable levels of a rank test are so dense that alpha itself will do. */
#define PAIRS_DENSE 400

static double few_values(size_t n)
{
	static const double factor[] = { 1,     1,     1.196, 1.495, 1.363,
					 1.206, 1.200, 1.140, 1.129, 1.107 };

	if (n < sizeof(factor) / sizeof(factor[0]))
		return factor[n];
	return (double)n / ((double)n - 0.8);
}

static double deviation(const double *values, size_t n)
{
	double mean = 0, square = 0;

	for (size_t i = 0; i < n; i++)
		mean += values[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		square += (values[i] - mean) * (values[i] - mean);
	return sqrt(square / (double)(n - 1));
}

double fl_relative_spread(const double *values, size_t n)
{
	cleanup_free double *copy = NULL;
	double median, spread;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return NAN;
	copy = fl_calloc(n, sizeof(*copy));
	memcpy(copy, values, n * sizeof(*copy));
	median = fl_spread(copy, n).median;
	if (median == 0)
		return NAN;
	for (size_t i = 0; i < n; i++)
		copy[i] = fabs(values[i] - median);
	spread = NORMAL_PER_MAD * few_values(n) * fl_spread(copy, n).median;
	if (spread == 0)
		spread = deviation(values, n);
	return fmax(spread / fabs(median), FL_SPREAD_LEAST);
}

static bool fraction(double p)
{
	return p > 0 && p < 1;
}

double fl_detectable(size_t na, size_t nb, double spread, double alpha, double power)
{
	double df = (double)na + (double)nb - 2, size = alpha, deviations;

	if (!(spread >= 0) || !fraction(alpha) || !fraction(power))
		return NAN;
	if (na < FL_EXACT_MOST && nb < FL_EXACT_MOST && na * nb <= PAIRS_DENSE)
		size = fl_mann_whitney_size(na, nb, alpha);
	if (!na || !nb || df < 1 || size == 0)
		return INFINITY;
	deviations = fl_t_exceeded(size / 2, df) + fl_t_exceeded(1 - power, df);
	return fmax(deviations, 0) * spread *
	       sqrt((1 / (double)na + 1 / (double)nb) / RANK_EFFICIENCY);
}

size_t fl_boots_needed(double effect, double spread, double alpha, double power)
{
	size_t too_few = 1, enough = FL_BOOTS_MOST;

	if (!(effect > 0) || !(fl_detectable(enough, enough, spread, alpha, power) <= effect))
		return 0;
	/* One by one while the attainable levels are coarse, then by bisection. */
	for (size_t n = 2; n * n <= PAIRS_DENSE; too_few = n++)
		if (fl_detectable(n, n, spread, alpha, power) <= effect)
			return n;
	while (enough - too_few > 1) {
		size_t middle = too_few + (enough - too_few) / 2;

		if (fl_detectable(middle, middle, spread, alpha, power) <= effect)
			enough = middle;
		else
			too_few = middle;
	}
	return enough;
}
