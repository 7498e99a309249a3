/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/detectable.h"

/* R 4.2.2: mad(v) / median(v), times 1.206, the factor of Croux and Rousseeuw for 5 values */
Test(stats_detectable, spread)
{
	double v[] = { 100, 101.5, 99.2, 103, 98.7 }, few[] = { 5, 5, 5, 5, 9 };
	double equal[] = { 5, 5, 5 }, below[] = { -100, -101.5, -99.2, -103, -98.7 };

	cr_expect_float_eq(fl_relative_spread(v, 5), 0.0232442027999999, 1e-12);
	cr_expect_float_eq(fl_relative_spread(below, 5), 0.0232442027999999, 1e-12);
	cr_expect_float_eq(fl_relative_spread(few, 5), 0.357770876399966, 1e-12); /* sd(v) / 5 */
	cr_expect_eq(fl_relative_spread(equal, 3), FL_SPREAD_LEAST);
	cr_expect_eq(v[0], 100, "the values stay in their order");
}

/*
 * R 4.2.2: size <- 2 * pwilcox(qwilcox(alpha / 2, n, m) - 1, n, m); df <- n + m - 2
 *	(qt(size / 2, df, lower = F) + qt(power, df)) * spread * sqrt((1/n + 1/m) * pi / 3)
 * and for 100 boots with alpha in place of size.
 */
Test(stats_detectable, effect)
{
	cr_expect_float_eq(fl_detectable(5, 5, 0.02, 0.05, 0.8), 0.045127082055175, 1e-12);
	cr_expect_float_eq(fl_detectable(4, 7, 0.02, 0.05, 0.9), 0.0480484875993421, 1e-12);
	cr_expect_float_eq(fl_detectable(12, 12, 0.02, 0.01, 0.8), 0.0314072878426851, 1e-12);
	cr_expect_float_eq(fl_detectable(100, 100, 0.02, 0.05, 0.8), 0.00814907529482978, 1e-12);
}

Test(stats_detectable, too_few_boots)
{
	cr_expect_eq(fl_detectable(3, 3, 0.02, 0.05, 0.8), INFINITY);
	cr_expect(isfinite(fl_detectable(3, 3, 0.02, 0.1, 0.8)));
	cr_expect_eq(fl_detectable(4, 4, 0.02, 0.01, 0.8), INFINITY);
	cr_expect(isfinite(fl_detectable(4, 4, 0.02, 0.05, 0.8)));
	cr_expect_eq(fl_detectable(1, 10, 0.02, 0.05, 0.8), INFINITY);
	cr_expect_eq(fl_detectable(0, 100, 0.02, 0.05, 0.8), INFINITY);
	cr_expect_eq(fl_detectable(0, 0, 0.02, 0.05, 0.8), INFINITY);
}

Test(stats_detectable, boots_needed)
{
	cr_expect_eq(fl_boots_needed(0.05, 0.02, 0.05, 0.8), 5);
	cr_expect_eq(fl_boots_needed(0.02, 0.02, 0.05, 0.8), 18);
	cr_expect_eq(fl_boots_needed(10, 0.02, 0.05, 0.8), 4, "the floor of the test");
	cr_expect_eq(fl_boots_needed(10, 0.02, 0.01, 0.8), 5);
	for (double effect = 0.004; effect < 0.02; effect += 0.001) {
		size_t n = fl_boots_needed(effect, 0.02, 0.05, 0.8);

		cr_assert(n > 2, "%g", effect);
		cr_expect_leq(fl_detectable(n, n, 0.02, 0.05, 0.8), effect);
		cr_expect_gt(fl_detectable(n - 1, n - 1, 0.02, 0.05, 0.8), effect);
	}
	cr_expect_eq(fl_boots_needed(0.0001, 0.02, 0.05, 0.8), 0);
}

Test(stats_detectable, bad_input)
{
	double v[] = { 1, NAN }, zero[] = { 0, 0, 1 };

	cr_expect(isnan(fl_relative_spread(v, 0)));
	cr_expect(isnan(fl_relative_spread(v, 1)));
	cr_expect(isnan(fl_relative_spread(v, 2)));
	cr_expect(isnan(fl_relative_spread(zero, 3)));
	cr_expect(isnan(fl_detectable(5, 5, NAN, 0.05, 0.8)));
	cr_expect(isnan(fl_detectable(5, 5, -1, 0.05, 0.8)));
	cr_expect(isnan(fl_detectable(5, 5, 0.02, 0, 0.8)));
	cr_expect(isnan(fl_detectable(5, 5, 0.02, 0.05, 1)));
	cr_expect_eq(fl_boots_needed(0, 0.02, 0.05, 0.8), 0);
	cr_expect_eq(fl_boots_needed(NAN, 0.02, 0.05, 0.8), 0);
	cr_expect_eq(fl_boots_needed(0.05, NAN, 0.05, 0.8), 0);
}
