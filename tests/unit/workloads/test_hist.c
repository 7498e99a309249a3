// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "workloads/lib/hist.h"
#include "workloads/lib/seed.h"

#define VALUES 20000

static struct hist h, other;

static struct hist_bar bars_of[2][HIST_BARS_MAX];

/* Into bars_of[0] what h holds, into bars_of[1] what another one does. */
static size_t list(const struct hist *of)
{
	return hist_list(of, bars_of[of != &h]);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void empty_both(void)
{
	h = (struct hist){ 0 };
	other = (struct hist){ 0 };
}

TestSuite(workload_hist, .init = empty_both);

Test(workload_hist, every_bucket_holds_its_bounds_and_is_narrow)
{
	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		uint64_t low = hist_low(i), next = hist_low(i + 1);

		cr_assert_lt(low, next, "bucket %u", i);
		cr_assert_eq(hist_index(low), i);
		cr_assert_eq(hist_index(next - 1), i);
		if (low >= HIST_SUB)
			cr_assert_leq((double)(next - low) / (double)low, 1.0 / 1024);
	}
	cr_assert_eq(hist_low(HIST_BUCKETS), (uint64_t)1 << HIST_VALUE_BITS);
}

Test(workload_hist, extreme_values_are_counted)
{
	hist_add(&h, 0);
	hist_add(&h, UINT64_MAX);
	hist_add(&h, (uint64_t)1 << HIST_VALUE_BITS);
	cr_assert_eq(h.count, 3);
	cr_assert_eq(hist_min(&h), 0);
	cr_assert_eq(h.max, UINT64_MAX);
	cr_assert_eq(h.bucket[0], 1);
	cr_assert_eq(h.bucket[HIST_BUCKETS - 1], 2);
	cr_assert_float_eq(hist_quantile(&h, 1), (double)UINT64_MAX, 1);
}

Test(workload_hist, empty_is_zero)
{
	cr_assert_eq(hist_min(&h), 0);
	cr_assert_eq(h.max, 0);
	cr_assert_eq(hist_quantile(&h, 0.5), 0);
}

Test(workload_hist, one_value_is_every_quantile)
{
	hist_add(&h, 1234567);
	cr_assert_eq(hist_quantile(&h, 0), 1234567);
	cr_assert_eq(hist_quantile(&h, 0.5), 1234567);
	cr_assert_eq(hist_quantile(&h, 1), 1234567);
}

/* 0: uniform small; 1: uniform wide; 2: log-uniform; 3: two peaks with a far tail. */
static uint64_t draw(struct prng *r, int shape)
{
	switch (shape) {
	case 0:
		return prng_below(r, 300);
	case 1:
		return prng_below(r, 10000000);
	case 2:
		return (uint64_t)exp2(prng_unit(r) * 40);
	default:
		return prng_below(r, 1000) ? 1000 + prng_below(r, 50) : prng_below(r, 1u << 30);
	}
}

/* within: a quantile is off by at most one part in so many. */
static void quantiles_against_sorted(int shape, double within)
{
	static const double qs[] = { 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 };
	static uint64_t values[VALUES];
	struct prng r;

	prng_seed(&r, 7, (uint64_t)shape);
	for (int i = 0; i < VALUES; i++) {
		values[i] = draw(&r, shape);
		hist_add(i % 2 ? &h : &other, values[i]);
	}
	hist_merge(&h, &other);
	qsort(values, VALUES, sizeof(values[0]), ascending);
	cr_assert_eq(h.count, VALUES);
	cr_assert_eq(hist_min(&h), values[0]);
	cr_assert_eq(h.max, values[VALUES - 1]);
	for (size_t i = 0; i < sizeof(qs) / sizeof(qs[0]); i++) {
		double exact = (double)values[(size_t)ceil(qs[i] * VALUES) - 1];

		cr_assert_leq(fabs(hist_quantile(&h, qs[i]) - exact), exact / within,
			      "shape %d q %g: %g, exactly %g", shape, qs[i],
			      hist_quantile(&h, qs[i]), exact);
	}
}

Test(workload_hist, small_uniform)
{
	quantiles_against_sorted(0, INFINITY);
}

Test(workload_hist, wide_uniform)
{
	quantiles_against_sorted(1, 1024);
}

Test(workload_hist, log_uniform)
{
	quantiles_against_sorted(2, 1024);
}

Test(workload_hist, peaks_with_a_tail)
{
	quantiles_against_sorted(3, INFINITY);
}

Test(workload_hist, merging_is_the_same_as_adding_to_one)
{
	static struct hist whole;

	for (uint64_t i = 0; i < 1000; i++) {
		hist_add(&whole, i * i);
		hist_add(i < 300 ? &h : &other, i * i);
	}
	hist_merge(&h, &other);
	cr_assert_eq(h.count, whole.count);
	cr_assert_eq(h.sum, whole.sum);
	cr_assert_eq(list(&h), list(&whole));
	cr_assert_arr_eq(bars_of[0], bars_of[1], list(&h) * sizeof(bars_of[0][0]));
}

/* What a fault costs by the instruction clock, and a huge one: buckets are wider than 1. */
Test(workload_hist, a_quantile_is_a_value_that_occurred)
{
	for (int i = 0; i < 1000; i++) {
		hist_add(&h, 2848);
		hist_add(&h, i < 990 ? 2849 : 12601);
		hist_add(&other, 286230 + (uint64_t)(i % 3));
	}
	cr_assert_eq(hist_quantile(&h, 0.5), 2848);
	cr_assert_eq(hist_quantile(&h, 0.50001), 2849);
	cr_assert_eq(hist_quantile(&h, 0.999), 12601);
	cr_assert_eq(hist_quantile(&other, 0.5), 286231);
}

Test(workload_hist, what_finds_no_place_of_its_own_is_in_its_bucket)
{
	size_t n;

	for (uint64_t i = 0; i < 3 * HIST_EXACT; i++)
		hist_add(&h, 100000 + 7 * i);
	n = list(&h);
	cr_assert_lt(n, 3 * HIST_EXACT);
	for (size_t i = 0; i < n; i++) {
		cr_assert_geq(bars_of[0][i].low, i ? bars_of[0][i - 1].low : 0);
		cr_assert_leq(bars_of[0][i].high - bars_of[0][i].low, bars_of[0][i].low / 1024);
	}
}

Test(workload_hist, merging_an_empty_one_changes_nothing)
{
	hist_add(&h, 5);
	hist_merge(&h, &other);
	cr_assert_eq(hist_min(&h), 5);
	cr_assert_eq(h.max, 5);
	hist_merge(&other, &h);
	cr_assert_eq(hist_min(&other), 5);
}
