/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>

#include "harness/experiment/sizes.h"

#define GIB (1ull << 30)

Test(sizes, read)
{
	struct fl_sizes s;

	cr_assert_eq(fl_sizes_parse("4g..64g/512m", &s), 0);
	cr_expect_eq(s.low, 4 * GIB);
	cr_expect_eq(s.high, 64 * GIB);
	cr_expect_eq(s.step, GIB / 2);
	cr_expect(fl_sizes_is("1g.."));
	cr_expect_not(fl_sizes_is("1.5g"));
}

Test(sizes, nonsense_is_refused)
{
	static const char *const bad[] = {
		"",
		"4g",
		"4g..",
		"4g..8g",
		"..8g/1g",
		"8g..4g/1g",
		"4g..4g/1g",
		"4g..8g/0",
		"4g..8g/3g",
		"4g..8g/1x",
		"0..8g/1g",
		"4g...8g/1g",
		"a..b/c",
		"/..",
		"4g/1g..8g/1g",
		"4g..8g/1g/1g",
		"-4g..8g/1g",
		"4g..88888888888888888888888888888888888888888888888888888888888888888888g/1g",
	};
	struct fl_sizes s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_neq(fl_sizes_parse(bad[i], &s), 0, "%s", bad[i]);
}

/* Every place of the edge in every range up to 40 sizes is found, in about log2 of them. */
Test(sizes, bisection_finds_the_edge)
{
	for (uint64_t n = 2; n <= 40; n++) {
		for (uint64_t edge = 0; edge <= n; edge++) { /* sizes 1..edge are borne */
			struct fl_bisection b = { .sizes = { GIB, n * GIB, GIB } };
			unsigned int tries = 0;
			uint64_t size;

			while (fl_bisection_next(&b, &size) && tries++ < 100)
				fl_bisection_took(&b, size, size <= edge * GIB);
			cr_assert_eq(b.good, edge * GIB, "%lu of %lu", edge, n);
			cr_assert_eq(b.bad, edge < n ? (edge + 1) * GIB : 0);
			cr_assert_leq(tries, 6);
		}
	}
}
