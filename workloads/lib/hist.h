/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_HIST_H
#define WORKLOAD_HIST_H

/*
 * A log-linear histogram of unsigned values that also keeps values as they are.
 *
 * Values below 2048 have a bucket each.  Above, a value is counted by itself in a table of
 * HIST_EXACT places, as long as it finds one: the first few thousand different values, which are
 * all that a run with the instruction clock has.  What finds none goes to its bucket: each octave
 * [2^k, 2^(k+1)) is cut into 1024 equal ones, so a bucket is never wider than 1/1024 of its lower
 * bound and its middle is off by at most 1/2048.  So a quantile is a value that was recorded, to
 * the last digit, unless it falls among those without a place: then it is off by at most 1/1024.
 * Values from 2^42 on (more than 20 minutes of a 3 GHz counter) share the last bucket; count, sum,
 * min and max stay exact.
 *
 * All zero bytes are an empty histogram.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIST_SUB_BITS 10
#define HIST_SUB (1u << HIST_SUB_BITS)
#define HIST_VALUE_BITS 42
#define HIST_BUCKETS ((HIST_VALUE_BITS - HIST_SUB_BITS + 1) * HIST_SUB)
#define HIST_EXACT_BITS 12
#define HIST_EXACT (1u << HIST_EXACT_BITS)
#define HIST_PROBES 16
#define HIST_BARS_MAX (HIST_BUCKETS + HIST_EXACT)

struct hist_value {
	uint64_t value, count; /* count 0: a free place */
};

struct hist {
	uint64_t count;
	uint64_t sum;
	uint64_t max;
	uint64_t min_inv; /* ~min, so that zero bytes are empty */
	struct hist_value exact[HIST_EXACT];
	uint64_t bucket[HIST_BUCKETS];
};

/* Values from low to high - 1. */
struct hist_bar {
	uint64_t low, high, count;
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

/* False: it has a bucket to itself, or no place is left for it. */
static inline bool hist_add_exact(struct hist *h, uint64_t value, uint64_t times)
{
	unsigned int at = (unsigned int)((value * 0x9e3779b97f4a7c15u) >> (64 - HIST_EXACT_BITS));

	if (value < 2 * HIST_SUB || value >> HIST_VALUE_BITS)
		return false;
	for (unsigned int i = 0; i < HIST_PROBES; i++) {
		struct hist_value *e = &h->exact[(at + i) % HIST_EXACT];

		if (e->count && e->value != value)
			continue;
		e->value = value;
		e->count += times;
		return true;
	}
	return false;
}

static inline void hist_add_all(struct hist *h, const uint64_t *values, unsigned int n)
{
	uint64_t sum = 0, max = h->max, min_inv = h->min_inv;

	for (unsigned int i = 0; i < n; i++) {
		uint64_t value = values[i];

		sum += value;
		max = value > max ? value : max;
		min_inv = ~value > min_inv ? ~value : min_inv;
		if (!hist_add_exact(h, value, 1))
			h->bucket[hist_index(value)]++;
	}
	h->count += n;
	h->sum += sum;
	h->max = max;
	h->min_inv = min_inv;
}

static inline void hist_add(struct hist *h, uint64_t value)
{
	hist_add_all(h, &value, 1);
}

/* The smallest value of a bucket; of HIST_BUCKETS: the bound of the last one. */
uint64_t hist_low(unsigned int index);

/* The smallest recorded value; 0 when empty. */
uint64_t hist_min(const struct hist *h);

void hist_merge(struct hist *into, const struct hist *from);

/*
 * What it holds, ascending by low; a value of its own is a bar of width 1.  bars has room for
 * HIST_BARS_MAX.  Returns how many there are.
 */
size_t hist_list(const struct hist *h, struct hist_bar *bars);

/*
 * The value at rank ceil(q * count), q in [0, 1]: exact in a bar of width 1, the middle of a wider
 * one; 0 when empty.
 */
double hist_quantile(const struct hist *h, double q);

#endif
