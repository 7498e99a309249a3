/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STATS_RNG_H
#define FL_STATS_RNG_H

#include <stdint.h>

/*
 * Random numbers that are the same on every machine: xoshiro256** 1.0 (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", 2021), its state filled by splitmix64 (Steele,
 * Lea and Flood, 2014).  All randomness in the statistics comes from here, from a seed that the
 * caller gives, so verdicts are reproducible.
 */
struct fl_rng {
	uint64_t s[4];
};

void fl_rng_seed(struct fl_rng *r, uint64_t seed);
uint64_t fl_rng_next(struct fl_rng *r);

/* Uniform in [0, bound), without bias (Lemire, "Fast random integer generation in an interval",
 * 2019); 0 for a bound of 0. */
uint64_t fl_rng_below(struct fl_rng *r, uint64_t bound);

/* Uniform in [0, 1), a multiple of 2^-53. */
double fl_rng_uniform(struct fl_rng *r);

/* Mean 0, standard deviation 1 (Marsaglia's polar method, 1964). */
double fl_rng_normal(struct fl_rng *r);

#endif
