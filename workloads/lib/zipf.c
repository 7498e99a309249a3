/* SPDX-License-Identifier: GPL-2.0 */
#include "zipf.h"

#include <math.h>

void zipf_init(struct zipf *z, uint64_t n, double theta)
{
	double zeta2 = 1 + pow(0.5, theta);

	*z = (struct zipf){ .n = n, .theta = theta, .alpha = 1 / (1 - theta) };
	for (uint64_t i = 1; i <= n; i++)
		z->zetan += pow(1.0 / (double)i, theta);
	z->eta = (1 - pow(2.0 / (double)n, 1 - theta)) / (1 - zeta2 / z->zetan);
}

uint64_t zipf_next(const struct zipf *z, struct prng *random)
{
	double u = prng_unit(random), uz = u * z->zetan;
	uint64_t rank;

	if (uz < 1 || z->n == 1)
		return 0;
	if (uz < 1 + pow(0.5, z->theta))
		return 1;
	rank = (uint64_t)((double)z->n * pow(z->eta * u - z->eta + 1, z->alpha));
	return rank < z->n ? rank : z->n - 1;
}
