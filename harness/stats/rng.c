/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/stats/rng.h"

#include <math.h>

static uint64_t splitmix(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

struct fl_rng fl_rng_seed(uint64_t seed)
{
	struct fl_rng r;

	for (int i = 0; i < 4; i++)
		r.s[i] = splitmix(&seed);
	return r;
}

uint64_t fl_rng_next(struct fl_rng *r)
{
	uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

uint64_t fl_rng_below(struct fl_rng *r, uint64_t n)
{
	return (uint64_t)((unsigned __int128)fl_rng_next(r) * n >> 64);
}

double fl_rng_uniform(struct fl_rng *r)
{
	return (double)(fl_rng_next(r) >> 11) * 0x1p-53;
}

double fl_rng_normal(struct fl_rng *r)
{
	double u = 1 - fl_rng_uniform(r), v = fl_rng_uniform(r);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}
