/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_ZIPF_H
#define WORKLOAD_ZIPF_H

/*
 * Ranks 0..n-1 of which rank r comes with a probability in proportion to 1/(r+1)^theta, theta > 0:
 * rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", 1996).  It is exact for every rank, starts at once for any n
 * and rejects seldom; the usual generator of Gray et al. is off by some per cent on the third
 * rank and on those that follow, and sums n powers first.
 */

#include <stdint.h>

#include "seed.h"

struct zipf {
	uint64_t n;
	double theta;
	double low, high; /* of the area under the hat */
	double accept;    /* closer than that to its integer a point needs no test */
};

/* n at least 1. */
void zipf_init(struct zipf *z, uint64_t n, double theta);
uint64_t zipf_next(const struct zipf *z, struct prng *random);

/* "uniform" (theta 0), "zipf" (0.99) or "zipf:THETA" with 0 < THETA <= 10.  0 or -EINVAL. */
int zipf_parse(const char *text, double *theta);

#endif
