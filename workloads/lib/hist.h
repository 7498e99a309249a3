/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_HIST_H
#define WORKLOAD_HIST_H

/*
 * A log-linear histogram of unsigned values.
 *
 * Values below 1024 have a bucket each.  Above, each octave [2^k, 2^(k+1)) is cut into 1024 equal
 * buckets, so a bucket is never wider than 1/1024 of its lower bound: its middle is off by at most
 * 1/2048, 0.05 %, less than what the instruction clock calls a difference.  Values from 2^42 on
 * (more than 20 minutes of a 3 GHz counter) share the last bucket; count, sum, min and max stay
 * exact.
 *
 * All zero bytes are an empty histogram.
 */

#include <stdint.h>

#define HIST_SUB_BITS 10
#define HIST_SUB (1u << HIST_SUB_BITS)
#define HIST_VALUE_BITS 42
#define HIST_BUCKETS ((HIST_VALUE_BITS - HIST_SUB_BITS + 1) * HIST_SUB)

struct hist {
	uint64_t count;
	uint64_t sum;
	uint64_t max;
	uint64_t min_inv; /* ~min, so that zero bytes are empty */
	uint64_t bucket[HIST_BUCKETS];
};

static inline unsigned int hist_index(uint64_t value)
{
	unsigned int shift;

	if (value < HIST_SUB)
		return (unsigned int)value;
	if (value >> HIST_VALUE_BITS)
		return HIST_BUCKETS - 1;
	shift = 63u - (unsigned int)__builtin_clzll(value) - HIST_SUB_BITS;
	return shift * HIST_SUB + (unsigned int)(value >> shift);
}

static inline void hist_add(struct hist *h, uint64_t value)
{
	h->count++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
	if (~value > h->min_inv)
		h->min_inv = ~value;
	h->bucket[hist_index(value)]++;
}

/* The smallest value of a bucket; of HIST_BUCKETS: the bound of the last one. */
uint64_t hist_low(unsigned int index);

/* The smallest recorded value; 0 when empty. */
uint64_t hist_min(const struct hist *h);

void hist_merge(struct hist *into, const struct hist *from);

/* The value at rank ceil(q * count), q in [0, 1], within 0.05 %; 0 when empty. */
double hist_quantile(const struct hist *h, double q);

#endif
