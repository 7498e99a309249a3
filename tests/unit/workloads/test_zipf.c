// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "workloads/lib/zipf.h"

#define DRAWS 1000000

static double chi_square(uint64_t n, double theta)
{
	double sum = 0, chi = 0, *p = calloc(n, sizeof(*p));
	unsigned int *seen = calloc(n, sizeof(*seen));
	struct prng random;
	struct zipf z;

	prng_seed(&random, 7, 0);
	zipf_init(&z, n, theta);
	for (unsigned int i = 0; i < DRAWS; i++) {
		uint64_t rank = zipf_next(&z, &random);

		cr_assert_lt(rank, n);
		seen[rank]++;
	}
	for (uint64_t i = 0; i < n; i++)
		sum += p[i] = pow((double)i + 1, -theta);
	for (uint64_t i = 0; i < n; i++) {
		double wanted = DRAWS * p[i] / sum;

		chi += (seen[i] - wanted) * (seen[i] - wanted) / wanted;
	}
	free(seen);
	free(p);
	return chi;
}

/* chi² of 99 degrees of freedom is above 149 once in a thousand, and the seed is fixed. */
Test(workload_zipf, ranks_come_with_the_exact_probabilities)
{
	static const double thetas[] = { 0.2, 0.5, 0.8, 0.99, 1, 1.2, 2 };

	for (size_t i = 0; i < sizeof(thetas) / sizeof(thetas[0]); i++) {
		double chi = chi_square(100, thetas[i]);

		cr_expect_lt(chi, 149, "theta %.2f: chi square %.1f", thetas[i], chi);
	}
}

/* The test can fail: ranks of 0.8 are not those of 0.79. */
Test(workload_zipf, another_theta_is_noticed)
{
	double sum = 0, wanted = 0;
	unsigned int first = 0;
	struct prng random;
	struct zipf z;

	prng_seed(&random, 7, 0);
	zipf_init(&z, 100, 0.79);
	for (unsigned int i = 0; i < DRAWS; i++)
		first += !zipf_next(&z, &random);
	for (int i = 1; i <= 100; i++)
		sum += pow(i, -0.8);
	wanted = DRAWS / sum;
	cr_assert_gt(fabs(first - wanted), 4 * sqrt(wanted));
}

Test(workload_zipf, one_and_two_ranks)
{
	unsigned int second = 0;
	struct prng random;
	struct zipf z;

	prng_seed(&random, 1, 0);
	zipf_init(&z, 1, 0.99);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(zipf_next(&z, &random), 0);
	zipf_init(&z, 2, 1);
	for (int i = 0; i < 30000; i++)
		second += zipf_next(&z, &random) == 1;
	cr_assert_float_eq((double)second, 10000, 400);
}

Test(workload_zipf, many_ranks_stay_in_bounds)
{
	uint64_t n = (uint64_t)1 << 32;
	struct prng random;
	struct zipf z;

	prng_seed(&random, 1, 0);
	zipf_init(&z, n, 0.99);
	for (int i = 0; i < 100000; i++)
		cr_assert_lt(zipf_next(&z, &random), n);
}
