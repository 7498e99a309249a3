// SPDX-License-Identifier: GPL-2.0
#include "hist.h"

#include <math.h>
#include <stdlib.h>

uint64_t hist_low(unsigned int index)
{
	unsigned int shift;

	if (index < 2 * HIST_SUB)
		return index;
	shift = index / HIST_SUB - 1;
	return (uint64_t)(index - shift * HIST_SUB) << shift;
}

uint64_t hist_min(const struct hist *h)
{
	return h->count ? ~h->min_inv : 0;
}

void hist_merge(struct hist *into, const struct hist *from)
{
	into->count += from->count;
	into->sum += from->sum;
	if (from->max > into->max)
		into->max = from->max;
	if (from->min_inv > into->min_inv)
		into->min_inv = from->min_inv;
	for (unsigned int i = 0; i < HIST_EXACT; i++) {
		const struct hist_value *e = &from->exact[i];

		if (e->count && !hist_add_exact(into, e->value, e->count))
			into->bucket[hist_index(e->value)] += e->count;
	}
	for (unsigned int i = 0; i < HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

static int by_low(const void *a, const void *b)
{
	const struct hist_bar *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return x->high < y->high ? -1 : x->high > y->high;
}

size_t hist_list(const struct hist *h, struct hist_bar *bars)
{
	size_t n = 0;

	for (unsigned int i = 0; i < HIST_EXACT; i++) {
		uint64_t value = h->exact[i].value;

		if (h->exact[i].count)
			bars[n++] = (struct hist_bar){ value, value + 1, h->exact[i].count };
	}
	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		if (h->bucket[i])
			bars[n++] = (struct hist_bar){ hist_low(i), hist_low(i + 1), h->bucket[i] };
	}
	if (h->bucket[HIST_BUCKETS - 1] && h->max < UINT64_MAX)
		bars[n - 1].high = h->max + 1;
	qsort(bars, n, sizeof(*bars), by_low);
	return n;
}

static double clamp(double value, double low, double high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

double hist_quantile(const struct hist *h, double q)
{
	struct hist_bar *bars = malloc(HIST_BARS_MAX * sizeof(*bars));
	uint64_t rank = (uint64_t)ceil(clamp(q, 0, 1) * (double)h->count), seen = 0;
	size_t n = bars ? hist_list(h, bars) : 0;
	double value = 0;

	for (size_t i = 0; i < n && (!i || seen < rank); i++) {
		seen += bars[i].count;
		value = (double)bars[i].low;
		if (bars[i].high >> HIST_VALUE_BITS)
			value = (double)h->max;
		else if (bars[i].high - bars[i].low > 1)
			value += (double)(bars[i].high - 1 - bars[i].low) / 2;
		value = clamp(value, (double)hist_min(h), (double)h->max);
	}
	free(bars);
	return value;
}
