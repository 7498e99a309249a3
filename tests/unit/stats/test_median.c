/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>

#include "harness/stats/median.h"

Test(median, odd_even_none)
{
	double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 2 };
	struct fl_spread s = fl_spread(odd, 3);

	cr_expect_eq(s.median, 5);
	cr_expect_eq(s.least, 1);
	cr_expect_eq(s.most, 9);
	cr_expect_eq(fl_spread(even, 4).median, 2.5);
	cr_expect_eq(fl_spread(even, 0).n, 0);
}
