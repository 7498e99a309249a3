/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_SEED_H
#define WORKLOAD_SEED_H

/*
 * Random numbers that are the same on every machine: xoshiro256** (Blackman, Vigna), its state
 * filled by splitmix64.  Each task takes its own stream of the run's seed.
 */

#include <stdint.h>

struct prng {
	uint64_t s[4];
};

/* The finaliser of splitmix64: a bijection of 64 bits. */
static inline uint64_t seed_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline void prng_seed(struct prng *r, uint64_t seed, uint64_t stream)
{
	uint64_t x = seed ^ seed_mix(stream + 0x9e3779b97f4a7c15u);

	for (int i = 0; i < 4; i++) {
		x += 0x9e3779b97f4a7c15u;
		r->s[i] = seed_mix(x);
	}
}

static inline uint64_t prng_rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

static inline uint64_t prng_next(struct prng *r)
{
	uint64_t result = prng_rotl(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = prng_rotl(r->s[3], 45);
	return result;
}

/* Uniform in [0, bound), bound not 0; the bias is below bound / 2^64. */
static inline uint64_t prng_below(struct prng *r, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)prng_next(r) * bound) >> 64);
}

/* Uniform in [0, 1). */
static inline double prng_unit(struct prng *r)
{
	return (double)(prng_next(r) >> 11) * 0x1.0p-53;
}

#endif
