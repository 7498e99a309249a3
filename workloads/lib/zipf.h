/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_ZIPF_H
#define WORKLOAD_ZIPF_H

/*
 * Ranks 0..n-1 of which rank r comes with a probability in proportion to
 * 1/(r+1)^theta, 0 < theta < 1: the generator of Gray et al., "Quickly
 * Generating Billion-Record Synthetic Databases", SIGMOD 1994.
 */

#include <stdint.h>

#include "seed.h"

struct zipf {
	uint64_t n;
	double theta, alpha, zetan, eta;
};

void zipf_init(struct zipf *z, uint64_t n, double theta);
uint64_t zipf_next(const struct zipf *z, struct prng *random);

#endif
