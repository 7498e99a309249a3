/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/quantile.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct fl_bin a[] = { { 0, 1, 10 }, { 1, 2, 20 }, { 2, 4, 30 } };

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

/* By hand: half of the touches are stores, the faults of the other half got longer by a tenth. */
Test(stats_quantile, shift_is_that_of_the_percentile_that_moved_most)
{
	static const struct fl_bin x[] = { { 100, 100, 1 }, { 200, 200, 1 } };
	static const struct fl_bin y[] = { { 100, 100, 3 }, { 220, 220, 3 } };
	struct fl_quantile_shift up = fl_quantile_shift(x, N(x), y, N(y));
	struct fl_quantile_shift down = fl_quantile_shift(y, N(y), x, N(x));

	cr_expect_float_eq(up.ratio, 0.1, 1e-12);
	cr_expect_eq(up.percentile, 51);
	cr_expect_eq(up.a, 200);
	cr_expect_eq(up.b, 220);
	cr_expect_eq(up.width, 0);
	cr_expect_float_eq(down.ratio, -1 / 11.0, 1e-12);
}

Test(stats_quantile, equal_distributions_do_not_shift)
{
	static const struct fl_bin scaled[] = { { 0, 1, 1 }, { 1, 2, 2 }, { 2, 4, 3 } };
	struct fl_quantile_shift s = fl_quantile_shift(a, N(a), scaled, N(scaled));

	cr_expect_float_eq(s.ratio, 0, 1e-12);
}

/* All mass moved by one bin: no further than the bin is wide, so no shift that could be told. */
Test(stats_quantile, a_shift_knows_the_width_of_its_bin)
{
	static const struct fl_bin x[] = { { 2700, 2715, 10 } }, y[] = { { 2715, 2730, 10 } };
	struct fl_quantile_shift s = fl_quantile_shift(x, 1, y, 1);

	cr_expect_leq(s.ratio, s.width);
	cr_expect_float_eq(s.width, 15 / 2700.15, 1e-6);
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
		cr_expect(isnan(fl_quantile_shift(bad[i].bins, bad[i].n, a, N(a)).ratio), "%zu", i);
		cr_expect(isnan(fl_quantile_shift(a, N(a), bad[i].bins, bad[i].n).ratio), "%zu", i);
	}
	cr_expect(isnan(fl_quantile(a, N(a), -0.1)));
	cr_expect(isnan(fl_quantile(a, N(a), 1.1)));
	cr_expect(isnan(fl_quantile(a, N(a), NAN)));
}
