/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>

#include "harness/stats/hodges_lehmann.h"

/* By hand; against R's wilcox.test(conf.int = TRUE)$estimate: in test_mann_whitney.c. */
Test(stats_hodges_lehmann, middle_of_the_differences)
{
	double a[] = { 1, 2, 9 }, b[] = { 4, 5 };

	cr_expect_eq(fl_hodges_lehmann(a, 3, b, 2), 2.5); /* 3 4 2 3 -5 -4 */
	cr_expect_eq(fl_hodges_lehmann(b, 2, a, 3), -2.5);
	cr_expect_eq(fl_hodges_lehmann(a, 1, b, 1), 3);
	cr_expect_eq(a[0], 1, "the values stay in their order");
}

Test(stats_hodges_lehmann, bad_input)
{
	double a[] = { 1, NAN }, b[] = { INFINITY };

	cr_expect(isnan(fl_hodges_lehmann(a, 0, a, 1)));
	cr_expect(isnan(fl_hodges_lehmann(a, 1, a, 0)));
	cr_expect(isnan(fl_hodges_lehmann(a, 1, a, 2)));
	cr_expect(isnan(fl_hodges_lehmann(a, 1, b, 1)));
	cr_expect(isnan(fl_hodges_lehmann(a, SIZE_MAX, b, SIZE_MAX)));
}
