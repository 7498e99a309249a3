/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_RNG_H
#define FL_STATS_RNG_H

#include <stdint.h>

/* xoshiro256** 1.0 of Blackman and Vigna, seeded by splitmix64 (https://prng.di.unimi.it). */
struct fl_rng {
	uint64_t s[4];
};

struct fl_rng fl_rng_seed(uint64_t seed);
uint64_t fl_rng_next(struct fl_rng *r);
/* 0 .. n - 1, n > 0; the bias is below n / 2^64. */
uint64_t fl_rng_below(struct fl_rng *r, uint64_t n);
/* [0, 1) */
double fl_rng_uniform(struct fl_rng *r);
/* Mean 0, deviation 1 (Box and Muller 1958). */
double fl_rng_normal(struct fl_rng *r);

#endif
