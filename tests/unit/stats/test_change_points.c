/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/change_points.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/*
 * R 4.2.2, with dist() and outer() the energy distance of all cuts of v is 4.06 6.33 9.98 15.64
 * 11.50 7.03 4.06, largest at 6;
 *	t.test(v[1:6], v[7:12], var.equal = TRUE)$p.value * 7
 */
Test(stats_change_points, one_change)
{
	static const double v[] = { 100, 101, 99.5,  100.5, 100.2, 99.8,
				    103, 104, 103.5, 102.8, 103.9, 103.2 };
	struct fl_change_point p[4];

	cr_assert_eq(fl_change_points(v, N(v), 0.05, p, N(p)), 1);
	cr_expect_eq(p[0].at, 6);
	cr_expect_float_eq(p[0].before, 100.1, 1e-12);
	cr_expect_float_eq(p[0].after, 103.35, 1e-12);
	cr_expect_float_eq(p[0].p, 4.62557424454429e-06, 1e-15);
	cr_expect_eq(fl_change_points(v, N(v), 1e-6, p, N(p)), 0);
}

/* A spell in the middle.  R 4.2.2: t.test(s[1:6], s[7:10], var.equal = TRUE)$p.value * 5, ... */
Test(stats_change_points, spell)
{
	static const double s[] = { 10,   10.3, 9.8,  10.1, 9.9, 10.2, 12,  12.2,
				    11.9, 12.1, 10.1, 9.9,  10,  10.2, 9.8, 10.1 };
	struct fl_change_point p[5];

	cr_assert_eq(fl_change_points(s, N(s), 0.01, p, N(p)), 2);
	cr_expect_eq(p[0].at, 6);
	cr_expect_eq(p[1].at, 10);
	cr_expect_float_eq(p[0].p, 3.79529409265099e-07, 1e-16);
	cr_expect_float_eq(p[1].p, 8.37239777427036e-08, 1e-16);
	cr_expect_eq(p[0].after, p[1].before);
}

/* A spell of 3 in 43: no first cut shows it at alpha. */
Test(stats_change_points, short_spell)
{
	struct fl_change_point p[14];
	double v[43];

	for (int i = 0; i < 43; i++)
		v[i] = 100 + (i + 1) * 37 % 11 * 0.1 + (i >= 20 && i < 23 ? 5 : 0);
	cr_assert_eq(fl_change_points(v, 43, 0.01, p, N(p)), 2);
	cr_expect_eq(p[0].at, 20);
	cr_expect_eq(p[1].at, 23);
}

Test(stats_change_points, exact_values)
{
	struct fl_change_point p[20];
	double v[60];

	for (size_t n = 6; n <= 60; n += 9)
		for (size_t at = 3; at + 3 <= n; at++) {
			for (size_t i = 0; i < n; i++)
				v[i] = i < at ? 0.1 : 0.3;
			cr_assert_eq(fl_change_points(v, n, 0.001, p, N(p)), 1, "%zu of %zu", at,
				     n);
			cr_expect_eq(p[0].at, at);
			cr_expect_eq(p[0].before, 0.1);
			cr_expect_eq(p[0].after, 0.3);
			cr_expect_eq(p[0].p, 0);
		}
}

Test(stats_change_points, stairs_and_room)
{
	struct fl_change_point p[20] = { 0 };
	double v[60];

	for (int i = 0; i < 60; i++)
		v[i] = 1 + i / 3;
	cr_assert_eq(fl_change_points(v, 60, 0.05, p, 20), 19);
	for (size_t i = 0; i < 19; i++) {
		cr_expect_eq(p[i].at, 3 * (i + 1));
		cr_expect_eq(p[i].before, (double)i + 1);
	}
	p[2].at = 0;
	cr_expect_eq(fl_change_points(v, 60, 0.05, p, 2), 2);
	cr_expect_eq(p[2].at, 0);
	cr_expect_eq(fl_change_points(v, 60, 0.05, NULL, 0), 0);
}

/* Counts are constant for a while by chance. */
Test(stats_change_points, counts)
{
	static const double v[] = { 1, 2, 2, 1, 2, 1, 1, 2, 1, 1, 1, 2, 2, 2, 1, 2, 1, 2, 2, 1 };
	struct fl_change_point p[6];

	cr_expect_eq(fl_change_points(v, N(v), 0.01, p, N(p)), 0);
}

Test(stats_change_points, nothing_to_find)
{
	static const double level[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 };
	static const double outlier[] = { 1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 1, 1 };
	struct fl_change_point p[4];

	cr_expect_eq(fl_change_points(level, N(level), 0.05, p, N(p)), 0);
	cr_expect_eq(fl_change_points(outlier, N(outlier), 0.05, p, N(p)), 0);
}

Test(stats_change_points, bad_input)
{
	double v[] = { 1, 1, 1, 2, 2, 2, NAN },
	       huge[] = { -1e308, -1e308, -1e308, 1e308, 1e308, 1e308 };
	struct fl_change_point p[4];

	cr_expect_eq(fl_change_points(NULL, 0, 0.05, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 1, 0.05, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 5, 0.05, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 6, 0.05, p, N(p)), 1);
	cr_expect_eq(fl_change_points(v, 7, 0.05, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 6, 0, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 6, 1, p, N(p)), 0);
	cr_expect_eq(fl_change_points(v, 6, NAN, p, N(p)), 0);
	cr_expect_leq(fl_change_points(huge, 6, 0.05, p, N(p)), 1);
}
