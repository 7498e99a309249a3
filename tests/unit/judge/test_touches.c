/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>

#include "harness/judge/touches.h"

/* Two boots whose borders lie half a bin apart, as real time has them. */
Test(touches, bins_that_overlap_all_along_stay_bins)
{
	struct fl_bin v[200];
	double weight = 0;
	size_t n;

	for (int i = 0; i < 100; i++) {
		v[i] = (struct fl_bin){ 100 + i, 101 + i, 1 };
		v[100 + i] = (struct fl_bin){ 100.5 + i, 101.5 + i, 1 };
	}
	n = fl_touches_join(v, 200);
	cr_assert_eq(n, 200);
	for (size_t i = 0; i < n; i++) {
		weight += v[i].weight;
		cr_expect_lt(v[i].low, v[i].high);
		cr_expect_leq(v[i].high - v[i].low, 1);
		cr_expect(!i || v[i].low >= v[i - 1].high);
	}
	cr_expect_float_eq(weight, 200, 0);
	cr_expect_float_eq(fl_quantile(v, n, 0.5), 150.5, 0.51);
}

Test(touches, equal_bins_are_added)
{
	struct fl_bin v[] = { { 5, 6, 2 }, { 1, 2, 1 }, { 5, 6, 3 }, { 1, 1.5, 4 } };

	cr_assert_eq(fl_touches_join(v, 4), 3);
	cr_expect_float_eq(v[2].weight, 5, 0);
	cr_expect_eq(fl_touches_join(v, 0), 0);
}
