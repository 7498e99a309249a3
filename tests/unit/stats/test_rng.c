/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/stats/rng.h"

/* The authors' xoshiro256starstar.c from this state; the rand_xoshiro crate tests the same. */
Test(stats_rng, reference_outputs)
{
	static const uint64_t expected[] = {
		11520u,
		0u,
		1509978240u,
		1215971899390074240u,
		1216172134540287360u,
		607988272756665600u,
		16172922978634559625u,
		8476171486693032832u,
		10595114339597558777u,
		2904607092377533576u,
	};
	struct fl_rng r = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		cr_expect_eq(fl_rng_next(&r), expected[i]);
}

/* splitmix64 of 0 and 1234567: outputs of the reference splitmix64.c. */
Test(stats_rng, seed_by_splitmix64)
{
	struct fl_rng r;

	fl_rng_seed(&r, 0);
	cr_expect_eq(r.s[0], 0xe220a8397b1dcdafu);
	fl_rng_seed(&r, 1234567);
	cr_expect_eq(r.s[0], 6457827717110365317u);
	cr_expect_eq(r.s[1], 3203168211198807973u);
}

Test(stats_rng, below_is_bounded_and_even)
{
	size_t seen[7] = { 0 };
	struct fl_rng r;

	fl_rng_seed(&r, 1);
	for (int i = 0; i < 70000; i++) {
		uint64_t v = fl_rng_below(&r, 7);

		cr_assert_lt(v, 7);
		seen[v]++;
	}
	for (int i = 0; i < 7; i++)
		cr_expect(seen[i] > 9600 && seen[i] < 10400, "%d: %zu", i, seen[i]);
	cr_expect_eq(fl_rng_below(&r, 1), 0);
	cr_expect_eq(fl_rng_below(&r, 0), 0);
	for (int i = 0; i < 100; i++)
		cr_expect_leq(fl_rng_below(&r, UINT64_MAX), UINT64_MAX - 1);
}

Test(stats_rng, moments)
{
	double sum = 0, square = 0, beyond = 0, uniform = 0;
	const int n = 200000;
	struct fl_rng r;

	fl_rng_seed(&r, 2);
	for (int i = 0; i < n; i++) {
		double z = fl_rng_normal(&r), u = fl_rng_uniform(&r);

		cr_assert(u >= 0 && u < 1);
		uniform += u;
		sum += z;
		square += z * z;
		beyond += fabs(z) > 1.959963984540054;
	}
	cr_expect_float_eq(uniform / n, 0.5, 0.003);
	cr_expect_float_eq(sum / n, 0, 0.01);
	cr_expect_float_eq(square / n, 1, 0.015);
	cr_expect_float_eq(beyond / n, 0.05, 0.002);
}
