/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/change_points.h"
#include "harness/stats/distance.h"
#include "harness/stats/rng.h"

/* t.test(x, y)$p.value in R 4.2.2 */
Test(change_points, welch)
{
	static const double x[] = { 1.1, 2.2, 3.3, 4.4, 5.5 }, y[] = { 2.5, 3.5, 6.1, 7.2, 8.3 };

	cr_expect_float_eq(fl_welch_p(x, 5, y, 5), 0.141606020027, 1e-11);
	cr_expect_float_eq(fl_welch_p(x, 1, y, 5), 1, 0);
}

Test(change_points, a_jump_of_exact_values)
{
	static const double v[] = {
		10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 10.5, 10.5, 10.5, 10.5
	};
	size_t at[14];

	cr_assert_eq(fl_change_points(v, 14, 0.001, at), 2);
	cr_expect_eq(at[0], 5);
	cr_expect_eq(at[1], 10);
}

Test(change_points, two_values_are_no_level)
{
	static const double v[] = { 10, 10, 10, 10, 11, 11 };
	size_t at[6];

	cr_expect_eq(fl_change_points(v, 6, 0.001, at), 0);
	cr_expect_eq(fl_change_points(v, 0, 0.001, at), 0);
}

Test(change_points, noise_is_no_change_and_three_deviations_are)
{
	struct fl_rng rng = fl_rng_seed(11);
	int alarms = 0, found = 0;

	for (int t = 0; t < 200; t++) {
		double v[40];
		size_t at[40], n;

		for (int i = 0; i < 40; i++)
			v[i] = 100 + fl_rng_normal(&rng);
		alarms += fl_change_points(v, 40, 0.001, at) > 0;
		for (int i = 25; i < 40; i++)
			v[i] += 3;
		n = fl_change_points(v, 40, 0.001, at);
		for (size_t i = 0; i < n; i++)
			found += at[i] >= 24 && at[i] <= 26;
	}
	cr_expect_leq(alarms, 10, "%d", alarms);
	cr_expect_geq(found, 180, "%d", found);
}

static const struct fl_bar bars[] = { { 0, 10, 50 }, { 10, 20, 40 }, { 20, 120, 10 } };

Test(distance, the_distance_of_two_distributions)
{
	static const struct fl_bar later[] = { { 10, 20, 50 }, { 20, 30, 50 } };

	cr_expect_float_eq(fl_distance(bars, 3, bars, 3), 0, 1e-12);
	cr_expect_float_eq(fl_distance(bars, 3, later, 2), 0.5, 1e-12);
	cr_expect(isnan(fl_distance(bars, 3, later, 0)));
}
