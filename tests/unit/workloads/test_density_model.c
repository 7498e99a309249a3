// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "workloads/lib/density_model.h"

#define GIB ((uint64_t)1 << 30)

static struct density_touch touch(const char *text)
{
	struct density_touch t;

	cr_assert_eq(density_touch_parse(text, &t), 0, "%s", text);
	return t;
}

Test(workload_density, the_published_test)
{
	struct density_touch one = touch("one"), mix = touch("random:127");

	/* 256 GiB, chunks of 16 GiB: 16 fit with huge pages, the 17th failed */
	cr_assert_float_eq(256 * (double)GIB / density_cost_huge(&one, 16 * GIB), 16, 1e-9);
	/* one touched page and its page table: 2/512 of the chunk */
	cr_assert_float_eq(density_cost_base(&one, 16 * GIB), 64.0 * (1 << 20), 1);
	/* a mean of 64 pages: 126 children; the 118th failed */
	cr_assert_float_eq(256 * (double)GIB / density_cost_base(&mix, 16 * GIB), 126, 0.1);
}

Test(workload_density, a_fraction_scales_both)
{
	struct density_touch all = touch("random:31"), half = touch("random:31:0.5");

	cr_assert_float_eq(density_cost_base(&all, GIB), 2 * density_cost_base(&half, GIB), 1);
	cr_assert_float_eq(density_cost_huge(&all, GIB), 2 * density_cost_huge(&half, GIB), 1);
}

Test(workload_density, touches_that_are_none)
{
	static const char *const bad[] = {
		"",          "two",       "ones",       "random:",    "random:0",      "random:513",
		"random:-1", "random:9:", "random:9:0", "random:9:2", "random:9:0.5x", "randomly"
	};
	struct density_touch t;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(density_touch_parse(bad[i], &t), -EINVAL, "'%s'", bad[i]);
}

Test(workload_density, pages_of_a_region_are_distinct_and_as_many_as_the_model_says)
{
	struct density_touch t = touch("random:127:0.5");
	uint16_t order[DENSITY_PAGES];
	uint64_t pages = 0, regions = 0;
	struct prng random;

	prng_seed(&random, 3, 0);
	for (int i = 0; i < 20000; i++) {
		unsigned char seen[DENSITY_PAGES] = { 0 };
		unsigned int n = density_pages(&t, &random, order);

		cr_assert_leq(n, 127);
		for (unsigned int k = 0; k < n; k++) {
			cr_assert_lt(order[k], DENSITY_PAGES);
			cr_assert_eq(seen[order[k]]++, 0);
		}
		pages += n;
		regions += n > 0;
	}
	cr_assert_float_eq((double)regions / 20000, 0.5, 0.02);
	/* a page table for each region touched: what density_cost_base() adds */
	cr_assert_float_eq((double)(pages + regions) * 4096,
			   density_cost_base(&t, (uint64_t)20000 << 21),
			   0.02 * density_cost_base(&t, (uint64_t)20000 << 21));
}
