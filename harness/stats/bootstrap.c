/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/bootstrap.h"

#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/stats/median.h"
#include "harness/stats/rng.h"

#define DRAWS 2000

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_of(const double *values, size_t n)
{
	cleanup_free double *copy = fl_calloc(n, sizeof(*copy));

	memcpy(copy, values, n * sizeof(*copy));
	return fl_spread(copy, n).median;
}

/* Median of one draw, spread from the middle by what n - 1 asks for. */
static double draw(const double *values, size_t n, double middle, double *space, struct fl_rng *rng)
{
	double wide = n > 1 ? sqrt((double)n / (double)(n - 1)) : 1;

	for (size_t i = 0; i < n; i++)
		space[i] = values[fl_rng_below(rng, n)];
	return middle + wide * (fl_spread(space, n).median - middle);
}

static struct fl_interval percentiles(double *draws, double level)
{
	double tail = (1 - level) / 2;

	qsort(draws, DRAWS, sizeof(*draws), ascending);
	return (struct fl_interval){ draws[(size_t)(tail * DRAWS)],
				     draws[(size_t)((1 - tail) * DRAWS) - 1] };
}

struct fl_interval fl_bootstrap_median(const double *values, size_t n, double level, uint64_t seed)
{
	struct fl_rng rng = fl_rng_seed(seed);
	cleanup_free double *space = fl_calloc(n + 1, sizeof(*space));
	cleanup_free double *draws = fl_calloc(DRAWS, sizeof(*draws));
	double middle;

	if (!n)
		return (struct fl_interval){ NAN, NAN };
	middle = median_of(values, n);
	for (size_t i = 0; i < DRAWS; i++)
		draws[i] = draw(values, n, middle, space, &rng);
	return percentiles(draws, level);
}

struct fl_interval fl_bootstrap_change(const double *a, size_t na, const double *b, size_t nb,
				       double level, uint64_t seed)
{
	struct fl_rng rng = fl_rng_seed(seed);
	cleanup_free double *space = fl_calloc((na > nb ? na : nb) + 1, sizeof(*space));
	cleanup_free double *draws = fl_calloc(DRAWS, sizeof(*draws));
	double middle_a, middle_b;

	if (!na || !nb)
		return (struct fl_interval){ NAN, NAN };
	middle_a = median_of(a, na);
	middle_b = median_of(b, nb);
	for (size_t i = 0; i < DRAWS; i++) {
		double x = draw(a, na, middle_a, space, &rng);
		double y = draw(b, nb, middle_b, space, &rng);

		draws[i] = x != 0 ? (y - x) / fabs(x) : 0;
	}
	return percentiles(draws, level);
}
