// SPDX-License-Identifier: GPL-2.0
#include "hist.h"

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
	for (unsigned int i = 0; i < HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

static double clamp(double value, double low, double high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

double hist_quantile(const struct hist *h, double q)
{
	double rank = clamp(q, 0, 1) * (double)h->count;
	double seen = 0;

	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		double low = (double)hist_low(i);

		if (!h->bucket[i])
			continue;
		seen += (double)h->bucket[i];
		if (seen < rank)
			continue;
		if (i == HIST_BUCKETS - 1)
			return (double)h->max;
		low += ((double)hist_low(i + 1) - 1 - low) / 2;
		return clamp(low, (double)hist_min(h), (double)h->max);
	}
	return 0;
}
