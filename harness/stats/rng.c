/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/rng.h"

#include <math.h>

void fl_rng_seed(struct fl_rng *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15u;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r->s[i] = z ^ (z >> 31);
	}
}

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t fl_rng_next(struct fl_rng *r)
{
	uint64_t result = rotl(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotl(r->s[3], 45);
	return result;
}

uint64_t fl_rng_below(struct fl_rng *r, uint64_t bound)
{
	unsigned __int128 product;

	if (!bound)
		return 0;
	do
		product = (unsigned __int128)fl_rng_next(r) * bound;
	while ((uint64_t)product < bound && (uint64_t)product < -bound % bound);
	return (uint64_t)(product >> 64);
}

double fl_rng_uniform(struct fl_rng *r)
{
	return (double)(fl_rng_next(r) >> 11) * 0x1.0p-53;
}

double fl_rng_normal(struct fl_rng *r)
{
	double x, y, square;

	do {
		x = 2 * fl_rng_uniform(r) - 1;
		y = 2 * fl_rng_uniform(r) - 1;
		square = x * x + y * y;
	} while (square >= 1 || square == 0);
	return x * sqrt(-2 * log(square) / square);
}
