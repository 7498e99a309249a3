/* SPDX-License-Identifier: GPL-2.0 */
/* Expected values: R 4.2.2, wilcox.test(b, a), whose W is our u. */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/mann_whitney.h"
#include "harness/stats/rng.h"

static const double x[] = { 1.1, 2.2, 3.3, 4.4, 5.5 }, y[] = { 2.5, 3.5, 6.1, 7.2, 8.3 };

Test(mann_whitney, small_sides_are_exact)
{
	struct fl_mann_whitney w = fl_mann_whitney(x, 5, y, 5);

	cr_expect(w.exact);
	cr_expect_float_eq(w.u, 20, 0);
	cr_expect_float_eq(w.p, 0.1507936507937, 1e-12);
	cr_expect_float_eq(w.superiority, 0.8, 1e-12);
}

Test(mann_whitney, the_exact_tail_of_twenty_a_side)
{
	double a[20], b[20];
	struct fl_mann_whitney w;

	for (int i = 0; i < 20; i++) {
		a[i] = 2 * i;
		b[i] = 2 * i + 21.25;
	}
	w = fl_mann_whitney(a, 20, b, 20);
	cr_expect(w.exact);
	cr_expect_float_eq(w.u, 355, 0);
	cr_expect_float_eq(w.p, 6.913659764654e-06, 1e-17);
}

/* suppressWarnings(wilcox.test(c(2,3,4,4,5,6), c(1,2,2,3,4))) */
Test(mann_whitney, ties_take_the_corrected_normal)
{
	static const double a[] = { 1, 2, 2, 3, 4 }, b[] = { 2, 3, 4, 4, 5, 6 };
	struct fl_mann_whitney w = fl_mann_whitney(a, 5, b, 6);

	cr_expect_not(w.exact);
	cr_expect_float_eq(w.u, 24.5, 0);
	cr_expect_float_eq(w.p, 0.09337724360512, 1e-12);
}

Test(mann_whitney, it_cannot_go_below_its_floor)
{
	static const double a[] = { 1, 2, 3, 4, 5 }, b[] = { 11, 12, 13, 14, 15 };

	cr_expect_float_eq(fl_mann_whitney(a, 5, b, 5).p, 2.0 / 252, 1e-12); /* 2 / C(10, 5) */
}

Test(mann_whitney, equals_and_nothing_are_no_difference)
{
	static const double same[] = { 7, 7, 7 };

	cr_expect_float_eq(fl_mann_whitney(same, 3, same, 3).p, 1, 0);
	cr_expect_float_eq(fl_mann_whitney(same, 3, same, 3).superiority, 0.5, 0);
	cr_expect_float_eq(fl_mann_whitney(same, 0, same, 3).p, 1, 0);
}

/* Shares of 2,000 pairs, lognormal as latencies are: false alarms, and a true 5 % at 2 % spread. */
Test(mann_whitney, false_alarms_and_finds_are_as_promised)
{
	static const size_t sizes[] = { 5, 12 };
	static const double finds[] = { 0.82, 0.999 };
	struct fl_rng rng = fl_rng_seed(20261121);

	for (int k = 0; k < 2; k++) {
		double a[12], b[12];
		int alarms = 0, found = 0;

		for (int t = 0; t < 2000; t++) {
			for (size_t i = 0; i < sizes[k]; i++) {
				a[i] = 100 * exp(0.02 * fl_rng_normal(&rng));
				b[i] = 100 * exp(0.02 * fl_rng_normal(&rng));
			}
			alarms += fl_mann_whitney(a, sizes[k], b, sizes[k]).p < 0.05;
			for (size_t i = 0; i < sizes[k]; i++)
				b[i] *= 1.05;
			found += fl_mann_whitney(a, sizes[k], b, sizes[k]).p < 0.05;
		}
		cr_expect_leq(alarms, 2000 * 0.06, "%zu a side: %d", sizes[k], alarms);
		cr_expect_geq(found, 2000 * finds[k], "%zu a side: %d", sizes[k], found);
	}
}
