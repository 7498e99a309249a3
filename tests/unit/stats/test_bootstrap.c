/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/bootstrap.h"

static void expect(struct fl_interval i, double low, double high)
{
	cr_expect_float_eq(i.low, low, 1e-9, "low is %.12g, not %.12g", i.low, low);
	cr_expect_float_eq(i.high, high, 1e-9, "high is %.12g, not %.12g", i.high, high);
}

/*
 * Medians of resamples are few, so their percentiles do not depend on the draws.  R 4.2.2:
 *	k <- sqrt(5/4) * qt(.975, 4) / qnorm(.975); 100 + k * (c(98, 103) - 100)
 * as 98 and 103 are each the median of a resample with a probability of 0.058; for 13 values
 *	m <- replicate(2e5, median(sample(v, 13, TRUE))); q <- quantile(m, c(.025, .975), type = 1)
 *	median(v) + sqrt(13/12) * qt(.975, 12) / qnorm(.975) * (q - median(v))
 */
Test(stats_bootstrap, median)
{
	double five[] = { 98, 101, 100, 103, 99 }, thirteen[13];

	for (int i = 0; i < 13; i++)
		thirteen[i] = (i + 1) * 37 % 101;
	for (uint64_t seed = 0; seed < 5; seed++) {
		expect(fl_bootstrap_median(five, 5, 0.95, seed), 96.8324315956879,
		       104.751352606468);
		expect(fl_bootstrap_median(thirteen, 13, 0.95, seed), 27.3301156086511,
		       78.2404046215541);
	}
	cr_expect_eq(five[0], 98, "the values stay in their order");
}

/*
 * R 4.2.2, over all 5^5 resamples a side: the ratio's percentiles are 110/103 and 114/100; relative
 * variances of the two medians give 7.987 degrees of freedom, which here come out of the draws.
 */
Test(stats_bootstrap, change)
{
	double a[] = { 98, 101, 100, 103, 99 }, b[] = { 110, 108, 111, 109, 114 };

	for (uint64_t seed = 0; seed < 5; seed++) {
		struct fl_interval i = fl_bootstrap_change(a, 5, b, 5, 0.95, seed);
		struct fl_interval back = fl_bootstrap_change(b, 5, a, 5, 0.95, seed);

		cr_expect_float_eq(i.low, 0.0580384874196636, 0.0005, "%g", i.low);
		cr_expect_float_eq(i.high, 0.152931731282705, 0.0005, "%g", i.high);
		cr_expect_float_eq(1 / (1 + back.high), 1 + i.low, 0.0005);
	}
}

Test(stats_bootstrap, seed_decides)
{
	double a[40], b[40];
	struct fl_interval one, again;

	for (int i = 0; i < 40; i++) {
		a[i] = 100 + (i + 1) * 37 % 41 * 0.731;
		b[i] = 110 + (i + 1) * 23 % 43 * 0.917;
	}
	one = fl_bootstrap_change(a, 40, b, 40, 0.9, 7);
	again = fl_bootstrap_change(a, 40, b, 40, 0.9, 7);
	cr_expect_eq(one.low, again.low);
	cr_expect_eq(one.high, again.high);
	again = fl_bootstrap_change(a, 40, b, 40, 0.9, 8);
	cr_expect_float_eq(one.low, again.low, 0.01);
}

Test(stats_bootstrap, no_spread)
{
	double a[] = { 5, 5, 5 }, b[] = { 6, 6, 6 }, c[] = { 6, 6.6, 5.4 };

	expect(fl_bootstrap_median(a, 3, 0.95, 1), 5, 5);
	expect(fl_bootstrap_change(a, 3, b, 3, 0.95, 1), 0.2, 0.2);
	cr_expect_lt(fl_bootstrap_change(a, 3, c, 3, 0.95, 1).low, 0.08, "one side varies");
	cr_expect_gt(fl_bootstrap_change(c, 3, a, 3, 0.95, 1).high, -0.07);
}

Test(stats_bootstrap, zero_and_negative)
{
	double zero[] = { 0, 0, 0 }, some[] = { 0, 1, 2 }, below[] = { -4, -5, -6 };
	double above[] = { 8, 9, 10 };
	struct fl_interval i;

	cr_expect(isnan(fl_bootstrap_change(zero, 3, some, 3, 0.95, 1).low));
	expect(fl_bootstrap_change(above, 3, zero, 3, 0.95, 1), -1, -1);
	i = fl_bootstrap_change(some, 3, above, 3, 0.95, 1);
	cr_expect_eq(i.high, INFINITY);
	cr_expect_lt(i.low, 8);
	i = fl_bootstrap_change(below, 3, above, 3, 0.95, 1);
	cr_expect(i.low < -2.8 && i.high > -2.8, "%g %g", i.low, i.high);
	i = fl_bootstrap_change(above, 3, some, 3, 0.95, 1);
	cr_expect(i.low < -8.0 / 9 && i.high > -8.0 / 9 && isfinite(i.low) && isfinite(i.high));
}

Test(stats_bootstrap, few_and_bad_input)
{
	double v[] = { 4, 5, NAN, INFINITY };

	expect(fl_bootstrap_median(v, 1, 0.95, 1), 4, 4);
	expect(fl_bootstrap_change(v, 1, v + 1, 1, 0.95, 1), 0.25, 0.25);
	expect(fl_bootstrap_change(v, 2, v, 1, 0.95, 1), 4 / 4.5 - 1, 4 / 4.5 - 1);
	cr_expect(isnan(fl_bootstrap_median(v, 0, 0.95, 1).low));
	cr_expect(isnan(fl_bootstrap_median(v, 3, 0.95, 1).high));
	cr_expect(isnan(fl_bootstrap_median(v + 3, 1, 0.95, 1).high));
	cr_expect(isnan(fl_bootstrap_median(v, 2, 0, 1).low));
	cr_expect(isnan(fl_bootstrap_median(v, 2, 1, 1).low));
	cr_expect(isnan(fl_bootstrap_median(v, 2, NAN, 1).low));
	cr_expect(isnan(fl_bootstrap_change(v, 2, v, 0, 0.95, 1).low));
	cr_expect(isnan(fl_bootstrap_change(v, 3, v, 2, 0.95, 1).low));
}
