/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/hodges_lehmann.h"
#include "harness/stats/mann_whitney.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* Both programs make the same numbers: in R, (1:n * step) %% modulus + shift. */
static void sawtooth(double *values, int n, int step, int modulus, double shift)
{
	for (int i = 0; i < n; i++)
		values[i] = (i + 1) * step % modulus + shift;
}

static void expect(struct fl_mann_whitney m, double u, double p, bool exact)
{
	cr_expect_eq(m.u, u, "u is %g", m.u);
	cr_expect(fabs(m.p - p) <= 1e-12 * p, "p is %.15g, not %.15g", m.p, p);
	cr_expect_eq(m.exact, exact);
}

/* R 4.2.2: wilcox.test(b, a, exact = TRUE, conf.int = TRUE): W, p-value, estimate */
Test(stats_mann_whitney, exact_without_ties)
{
	double a[] = { 11.5, 10.2, 10.9, 12.1, 10.4 };
	double b[] = { 12.8, 11.9, 13.4, 10.7, 12.5, 13.0, 12.2 };
	double x[50], y[50];

	expect(fl_mann_whitney(a, N(a), b, N(b)), 31, 0.0303030303030303, true);
	expect(fl_mann_whitney(b, N(b), a, N(a)), 4, 0.0303030303030303, true);
	cr_expect_float_eq(fl_mann_whitney(a, N(a), b, N(b)).superiority, 31.0 / 35, 1e-15);
	cr_expect_float_eq(fl_hodges_lehmann(a, N(a), b, N(b)), 1.5, 1e-12);

	sawtooth(x, 20, 37, 101, 0);
	sawtooth(y, 30, 53, 97, 12.5);
	expect(fl_mann_whitney(x, 20, y, 30), 348, 0.350193351654698, true);
	cr_expect_float_eq(fl_hodges_lehmann(x, 20, y, 30), 8.5, 1e-12);

	sawtooth(x, 50, 37, 101, 0);
	sawtooth(y, 50, 53, 97, 20.5);
	expect(fl_mann_whitney(x, 50, y, 50), 1623, 0.00981170705343459, true);
	cr_expect_float_eq(fl_hodges_lehmann(x, 50, y, 50), 15.5, 1e-12);
}

/* R 4.2.2: wilcox.test(b, a, exact = FALSE, correct = TRUE) */
Test(stats_mann_whitney, normal_approximation)
{
	double x[60], y[70];

	sawtooth(x, 60, 37, 101, 0);
	sawtooth(y, 70, 53, 97, 12.5);
	expect(fl_mann_whitney(x, 60, y, 70), 2433, 0.120465405349824, false);
	sawtooth(x, 60, 37, 11, 0);
	sawtooth(y, 70, 53, 13, 0);
	expect(fl_mann_whitney(x, 60, y, 70), 2334, 0.27389905721975, false);
}

/*
 * All ways to deal the ranks, one by one, in R 4.2.2:
 *	r <- rank(c(a, b)); n <- length(r); k <- length(b); m <- k * (n + 1) / 2
 *	s <- combn(n, k, function(i) sum(r[i])); o <- sum(r[-seq_along(a)])
 *	mean(abs(s - m) >= abs(o - m) - 1e-9)
 */
Test(stats_mann_whitney, exact_with_ties)
{
	double a[] = { 1, 2, 2, 3, 3 }, b[] = { 3, 3, 4, 4, 2, 5 };
	double c[] = { 7, 7, 7, 8 }, d[] = { 7, 8, 8, 8, 8, 8, 9 };
	double e[] = { 1, 1, 1, 5 }, f[] = { 1, 1 };
	double x[9], y[9];

	expect(fl_mann_whitney(a, N(a), b, N(b)), 25, 0.0822510822510823, true);
	expect(fl_mann_whitney(c, N(c), d, N(d)), 23, 0.136363636363636, true);
	expect(fl_mann_whitney(e, N(e), f, N(f)), 3, 1, true);
	sawtooth(x, 9, 37, 7, 0);
	sawtooth(y, 9, 53, 11, 0);
	expect(fl_mann_whitney(x, 9, y, 9), 64, 0.0380501851090086, true);
}

Test(stats_mann_whitney, all_equal)
{
	double a[60] = { 0 };
	struct fl_mann_whitney m = fl_mann_whitney(a, 4, a, 5);

	expect(m, 10, 1, true);
	cr_expect_eq(m.superiority, 0.5);
	expect(fl_mann_whitney(a, 60, a, 60), 1800, 1, false);
}

/* 2 / choose(n, k) is the least that a rank test can say. */
Test(stats_mann_whitney, floor)
{
	double a[] = { 1, 2, 3, 4, 5 }, b[] = { 6, 7, 8, 9, 10 };

	cr_expect_float_eq(fl_mann_whitney(a, 3, b, 3).p, 2.0 / 20, 1e-15);
	cr_expect_float_eq(fl_mann_whitney(a, 4, b, 4).p, 2.0 / 70, 1e-15);
	cr_expect_float_eq(fl_mann_whitney(b, 5, a, 5).p, 2.0 / 252, 1e-15);
	cr_expect_eq(fl_mann_whitney(a, 1, b, 1).p, 1);
}

/* R 4.2.2: 2 * pwilcox(qwilcox(alpha / 2, n, m) - 1, n, m) */
Test(stats_mann_whitney, size)
{
	cr_expect_float_eq(fl_mann_whitney_size(5, 5, 0.05), 0.0317460317460317, 1e-15);
	cr_expect_float_eq(fl_mann_whitney_size(4, 4, 0.05), 0.0285714285714286, 1e-15);
	cr_expect_float_eq(fl_mann_whitney_size(12, 12, 0.05), 0.0449019952990878, 1e-14);
	cr_expect_float_eq(fl_mann_whitney_size(5, 9, 0.01), 0.00699300699300699, 1e-15);
	cr_expect_float_eq(fl_mann_whitney_size(4, 4, 2.0 / 70), 2.0 / 70, 1e-15);
	cr_expect_eq(fl_mann_whitney_size(3, 3, 0.05), 0);
	cr_expect_eq(fl_mann_whitney_size(0, 3, 0.05), 0);
	cr_expect_eq(fl_mann_whitney_size(3, 3, NAN), 0);
	cr_expect_eq(fl_mann_whitney_size(3, 3, 1), 1);
	cr_expect_eq(fl_mann_whitney_size(80, 5, 0.05), 0.05);
}

Test(stats_mann_whitney, bad_input)
{
	double a[] = { 1, 2, NAN }, b[] = { 1, INFINITY, -INFINITY };

	cr_expect(isnan(fl_mann_whitney(a, 0, b, 3).p));
	cr_expect(isnan(fl_mann_whitney(b, 3, a, 0).u));
	cr_expect(isnan(fl_mann_whitney(NULL, 0, NULL, 0).superiority));
	cr_expect(isnan(fl_mann_whitney(a, 3, b, 3).p));
	cr_expect_eq(fl_mann_whitney(a, 2, b, 3).u, 2.5, "infinite values have their rank");
}
