/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/bootstrap.h"
#include "harness/stats/detectable.h"
#include "harness/stats/mann_whitney.h"
#include "harness/stats/rng.h"

Test(bootstrap, one_value_is_a_point)
{
	static const double a[] = { 100 }, b[] = { 110 };
	struct fl_interval i = fl_bootstrap_change(a, 1, b, 1, 0.95, 1);

	cr_expect_float_eq(i.low, 0.1, 1e-12);
	cr_expect_float_eq(i.high, 0.1, 1e-12);
	i = fl_bootstrap_median(a, 1, 0.95, 1);
	cr_expect_float_eq(i.low, 100, 0);
	i = fl_bootstrap_median(a, 0, 0.95, 1);
	cr_expect(isnan(i.low));
}

Test(bootstrap, the_same_seed_gives_the_same_interval)
{
	static const double a[] = { 5, 6, 7, 8, 9 };
	struct fl_interval i = fl_bootstrap_median(a, 5, 0.95, 3), j;

	j = fl_bootstrap_median(a, 5, 0.95, 3);
	cr_expect_float_eq(i.low, j.low, 0);
	cr_expect_float_eq(i.high, j.high, 0);
	cr_expect(i.low < 7 && i.high > 7);
}

/* Share of 1,000 intervals that hold the true change, normal values. */
Test(bootstrap, the_level_is_met)
{
	static const size_t sizes[] = { 5, 8, 20 };
	struct fl_rng rng = fl_rng_seed(4);

	for (int k = 0; k < 3; k++) {
		double a[20], b[20];
		int held = 0;

		for (int t = 0; t < 1000; t++) {
			struct fl_interval i;

			for (size_t j = 0; j < sizes[k]; j++) {
				a[j] = 100 + 2 * fl_rng_normal(&rng);
				b[j] = 103 + 2 * fl_rng_normal(&rng);
			}
			i = fl_bootstrap_change(a, sizes[k], b, sizes[k], 0.95, (uint64_t)t);
			held += i.low <= 0.03 && i.high >= 0.03;
		}
		cr_expect(held >= 930 && held <= 995, "%zu: %d", sizes[k], held);
	}
}

/* mad(c(3,5,7,9,20)) / 7 in R 4.2.2; sd for fewer than four */
Test(detectable, the_spread_is_robust)
{
	static const double v[] = { 3, 5, 7, 9, 20 }, few[] = { 9, 11 },
			    still[] = { 4, 4, 4, 4, 5 };

	cr_expect_float_eq(fl_relative_spread(v, 5), 0.4236, 1e-6);
	cr_expect_float_eq(fl_relative_spread(few, 2), sqrt(2) / 10, 1e-12);
	cr_expect_gt(fl_relative_spread(still, 5), 0);
	cr_expect_float_eq(fl_relative_spread(v, 0), 0, 0);
}

Test(detectable, too_few_boots_find_nothing)
{
	cr_expect(isinf(fl_detectable(3, 3, 0.02, 0.05, 0.8)));
	cr_expect(isinf(fl_detectable(0, 3, 0.02, 0.05, 0.8)));
	cr_expect_eq(fl_boots_needed(1e-9, 1, 0.05, 0.8), 0);
	cr_expect_lt(fl_detectable(20, 20, 0.02, 0.05, 0.8), fl_detectable(5, 5, 0.02, 0.05, 0.8));
}

/* What is said to be found four times of five is. */
Test(detectable, the_power_is_met)
{
	static const size_t sizes[] = { 5, 8, 16 };
	struct fl_rng rng = fl_rng_seed(5);

	for (int k = 0; k < 3; k++) {
		double effect = fl_detectable(sizes[k], sizes[k], 0.02, 0.05, 0.8), a[16], b[16];
		int found = 0;

		for (int t = 0; t < 2000; t++) {
			for (size_t i = 0; i < sizes[k]; i++) {
				a[i] = 100 + 2 * fl_rng_normal(&rng);
				b[i] = 100 + 2 * fl_rng_normal(&rng) + 100 * effect;
			}
			found += fl_mann_whitney(a, sizes[k], b, sizes[k]).p < 0.05;
		}
		cr_expect(found > 2000 * 0.70 && found < 2000 * 0.90, "%zu: %d", sizes[k], found);
		cr_expect_leq(fl_boots_needed(effect, 0.02, 0.05, 0.8), sizes[k]);
	}
}
