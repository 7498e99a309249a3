/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/quantile.h"

#include <math.h>

/* Total weight; NAN for an invalid histogram. */
static double total(const struct fl_bin *bins, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isfinite(bins[i].low) || !isfinite(bins[i].high) || !(bins[i].weight >= 0))
			return NAN;
		if (bins[i].high < bins[i].low || (i && bins[i].low < bins[i - 1].high))
			return NAN;
		sum += bins[i].weight;
	}
	return sum > 0 && isfinite(sum) ? sum : NAN;
}

double fl_quantile(const struct fl_bin *bins, size_t n, double q)
{
	double want = q * total(bins, n), before = 0;
	const struct fl_bin *last = NULL;

	if (!(want >= 0) || q > 1)
		return NAN;
	for (size_t i = 0; i < n; i++) {
		const struct fl_bin *b = &bins[i];

		if (b->weight == 0)
			continue;
		if (before + b->weight >= want)
			return b->low + (b->high - b->low) * ((want - before) / b->weight);
		before += b->weight;
		last = b;
	}
	return last->high; /* q is 1 and the sum was rounded */
}

/* The width of the bin that holds x, relative. */
static double width_at(const struct fl_bin *bins, size_t n, double x)
{
	for (size_t i = 0; i < n; i++)
		if (x >= bins[i].low && x <= bins[i].high)
			return x != 0 ? (bins[i].high - bins[i].low) / fabs(x) : 0;
	return 0;
}

struct fl_quantile_shift fl_quantile_shift(const struct fl_bin *a, size_t na,
					   const struct fl_bin *b, size_t nb)
{
	struct fl_quantile_shift most = { .ratio = NAN };

	for (unsigned int p = 1; p <= 99; p++) {
		double x = fl_quantile(a, na, p / 100.0), y = fl_quantile(b, nb, p / 100.0);
		double ratio = y / x - 1;

		if (!isfinite(ratio))
			return (struct fl_quantile_shift){ .ratio = NAN };
		if (most.percentile && fabs(ratio) <= fabs(most.ratio))
			continue;
		most = (struct fl_quantile_shift){
			.ratio = ratio,
			.a = x,
			.b = y,
			.width = fmax(width_at(a, na, x), width_at(b, nb, y)),
			.percentile = p,
		};
	}
	return most;
}
