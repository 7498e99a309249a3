/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/quantile.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct fl_bin a[] = { { 0, 1, 10 }, { 1, 2, 20 }, { 2, 4, 30 } };
static const struct fl_bin b[] = { { 0.5, 1.5, 30 }, { 1.5, 3, 20 }, { 3, 5, 10 } };

/* R 4.2.2: approx(c(0, 10, 30, 60) / 60, c(0, 1, 2, 4), c(.1, .25, .5, .75, .99))$y */
Test(stats_quantile, interpolated)
{
	cr_expect_float_eq(fl_quantile(a, N(a), 0.1), 0.6, 1e-12);
	cr_expect_float_eq(fl_quantile(a, N(a), 0.25), 1.25, 1e-12);
	cr_expect_float_eq(fl_quantile(a, N(a), 0.5), 2, 1e-12);
	cr_expect_float_eq(fl_quantile(a, N(a), 0.75), 3, 1e-12);
	cr_expect_float_eq(fl_quantile(a, N(a), 0.99), 3.96, 1e-12);
	cr_expect_eq(fl_quantile(a, N(a), 0), 0);
	cr_expect_eq(fl_quantile(a, N(a), 1), 4);
}

Test(stats_quantile, gaps_empty_bins_weights)
{
	static const struct fl_bin h[] = { { 0, 1, 0 },   { 1, 2, 0.1 }, { 2, 3, 0 },
					   { 5, 5, 0.1 }, { 7, 8, 0.1 }, { 9, 10, 0 } };

	cr_expect_eq(fl_quantile(h, N(h), 0), 1);
	cr_expect_eq(fl_quantile(h, N(h), 0.5), 5);
	cr_expect_float_eq(fl_quantile(h, N(h), 1), 8, 1e-12);
}

/* R 4.2.2: max(abs(fa(x) - fb(x))) at all borders x, fa and fb by approxfun(rule = 2) */
Test(stats_quantile, ks_of_different_borders)
{
	cr_expect_float_eq(fl_ks_distance(a, N(a), b, N(b)), 0.166666666666667, 1e-12);
	cr_expect_float_eq(fl_ks_distance(b, N(b), a, N(a)), 0.166666666666667, 1e-12);
}

Test(stats_quantile, ks_of_same_borders)
{
	static const struct fl_bin c[] = { { 0, 1, 30 }, { 1, 2, 20 }, { 2, 4, 10 } };
	static const struct fl_bin scaled[] = { { 0, 1, 1 }, { 1, 2, 2 }, { 2, 4, 3 } };
	static const struct fl_bin halves[] = {
		{ 0, 1, 10 }, { 1, 2, 20 }, { 2, 3, 15 }, { 3, 4, 15 }
	};
	static const struct fl_bin far[] = { { 100, 101, 3 } };

	cr_expect_float_eq(fl_ks_distance(a, N(a), c, N(c)), 1.0 / 3, 1e-12);
	cr_expect_float_eq(fl_ks_distance(a, N(a), scaled, N(scaled)), 0, 1e-15);
	cr_expect_float_eq(fl_ks_distance(a, N(a), halves, N(halves)), 0, 1e-15);
	cr_expect_eq(fl_ks_distance(a, N(a), far, 1), 1);
	cr_expect_eq(fl_ks_distance(far, 1, a, N(a)), 1);
}

/* R 4.2.2: ks.test(c(1, 2, 2, 3, 7), c(2, 3, 3, 4, 5, 8))$statistic */
Test(stats_quantile, ks_of_single_values)
{
	static const struct fl_bin x[] = { { 1, 1, 1 }, { 2, 2, 2 }, { 3, 3, 1 }, { 7, 7, 1 } };
	static const struct fl_bin y[] = {
		{ 2, 2, 1 }, { 3, 3, 2 }, { 4, 4, 1 }, { 5, 5, 1 }, { 8, 8, 1 }
	};
	static const struct fl_bin spread[] = { { 1, 2, 1 }, { 2, 3, 1 } }, at[] = { { 2, 2, 1 } };

	cr_expect_float_eq(fl_ks_distance(x, N(x), y, N(y)), 0.433333333333333, 1e-12);
	cr_expect_float_eq(fl_ks_distance(y, N(y), x, N(x)), 0.433333333333333, 1e-12);
	cr_expect_float_eq(fl_ks_distance(spread, N(spread), at, 1), 0.5, 1e-15);
	cr_expect_float_eq(fl_ks_distance(at, 1, spread, N(spread)), 0.5, 1e-15);
	cr_expect_eq(fl_ks_distance(spread, 1, at, 1), 1, "just below the single value");
	cr_expect_eq(fl_ks_distance(spread + 1, 1, at, 1), 1, "just at it");
}

Test(stats_quantile, bad_input)
{
	static const struct fl_bin empty[] = { { 0, 1, 0 } }, turned[] = { { 1, 0, 1 } },
				   overlap[] = { { 0, 2, 1 }, { 1, 3, 1 } },
				   open[] = { { 0, INFINITY, 1 } }, nan[] = { { 0, 1, NAN } },
				   minus[] = { { 0, 1, -1 } };
	static const struct {
		const struct fl_bin *bins;
		size_t n;
	} bad[] = { { NULL, 0 }, { empty, 1 }, { turned, 1 }, { overlap, 2 },
		    { open, 1 }, { nan, 1 },   { minus, 1 } };

	for (size_t i = 0; i < N(bad); i++) {
		cr_expect(isnan(fl_quantile(bad[i].bins, bad[i].n, 0.5)), "%zu", i);
		cr_expect(isnan(fl_ks_distance(bad[i].bins, bad[i].n, a, N(a))), "%zu", i);
		cr_expect(isnan(fl_ks_distance(a, N(a), bad[i].bins, bad[i].n)), "%zu", i);
	}
	cr_expect(isnan(fl_quantile(a, N(a), -0.1)));
	cr_expect(isnan(fl_quantile(a, N(a), 1.1)));
	cr_expect(isnan(fl_quantile(a, N(a), NAN)));
}
