/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/distance.h"

#include <math.h>

static uint64_t total(const struct fl_bar *bars, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += bars[i].count;
	return sum;
}

static double share_below(const struct fl_bar *bars, size_t n, double x)
{
	uint64_t all = total(bars, n);
	double below = 0;

	for (size_t i = 0; i < n && bars[i].low < x; i++) {
		double width = bars[i].high - bars[i].low;
		double part = width > 0 ? fmin(1, (x - bars[i].low) / width) : 1;

		below += part * (double)bars[i].count;
	}
	return all ? below / (double)all : NAN;
}

/* Both are straight between the borders, so the largest difference lies on one. */
static double at_borders(const struct fl_bar *of, size_t n, const struct fl_bar *a, size_t na,
			 const struct fl_bar *b, size_t nb)
{
	double most = 0;

	for (size_t i = 0; i < n; i++) {
		double low = fabs(share_below(a, na, of[i].low) - share_below(b, nb, of[i].low));
		double high = fabs(share_below(a, na, of[i].high) - share_below(b, nb, of[i].high));

		most = fmax(most, fmax(low, high));
	}
	return most;
}

double fl_distance(const struct fl_bar *a, size_t na, const struct fl_bar *b, size_t nb)
{
	if (!total(a, na) || !total(b, nb))
		return NAN;
	return fmax(at_borders(a, na, a, na, b, nb), at_borders(b, nb, a, na, b, nb));
}
