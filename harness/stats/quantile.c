/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/quantile.h"

#include <math.h>
#include <stdbool.h>

/* The weight of all; NAN for a histogram that cannot be used. */
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

/* How far a histogram has been read. */
struct reader {
	const struct fl_bin *bins;
	size_t n, at;
	double total, before; /* weight of all, of the bins before `at` */
};

/* The share below x, or up to and with it.  x must not fall from call to call. */
static double share(struct reader *r, double x, bool with)
{
	const struct fl_bin *b = r->bins + r->at;
	double part = 0;

	for (; r->at < r->n; r->at++, b++) {
		bool passed = b->high < x || (b->high == x && (with || b->low < b->high));

		if (!passed)
			break;
		r->before += b->weight;
	}
	if (r->at < r->n && b->low < x)
		part = b->weight * ((x - b->low) / (b->high - b->low));
	return (r->before + part) / r->total;
}

/* The first border after x. */
static double next_border(const struct reader *r, double x)
{
	if (r->at == r->n)
		return INFINITY;
	return r->bins[r->at].low > x ? r->bins[r->at].low : r->bins[r->at].high;
}

double fl_ks_distance(const struct fl_bin *a, size_t na, const struct fl_bin *b, size_t nb)
{
	struct reader ra = { .bins = a, .n = na, .total = total(a, na) };
	struct reader rb = { .bins = b, .n = nb, .total = total(b, nb) };
	double x = -INFINITY, most = 0;

	if (isnan(ra.total) || isnan(rb.total))
		return NAN;
	/* Between borders both rise evenly, so the largest difference is at a border. */
	while ((x = fmin(next_border(&ra, x), next_border(&rb, x))) < INFINITY) {
		most = fmax(most, fabs(share(&ra, x, false) - share(&rb, x, false)));
		most = fmax(most, fabs(share(&ra, x, true) - share(&rb, x, true)));
	}
	return most;
}
