/* SPDX-License-Identifier: GPL-2.0 */
/* The latency file of a workload, of either version. */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/collect/collect.h"

static double value(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return NAN;
}

#define LATENCY                                                       \
	"faultline-latency 1\nclock tsc hz 1000000000\n"              \
	"class base count 1000 sum_ns 150000 min_ns 100 max_ns 900\n" \
	"bucket 100.0 200.0 990\nbucket 800.0 1000.0 10\n"            \
	"class region count 2 sum_ns 4000 min_ns 1500 max_ns 2500\n"  \
	"bucket 1500.0 1501.0 1\nbucket 2500.0 2501.0 1\nend\n"

Test(latency, quantiles_and_sums)
{
	struct fl_result r = { 0 };
	int line;

	cr_assert_eq(fl_collect_latency(&r, LATENCY, strlen(LATENCY), &line), 0);
	cr_expect_float_eq(value(&r, "fault_latency_p50"), 149.5, 0.01, "of 100 to 199");
	cr_expect_float_eq(value(&r, "fault_latency_p99"), 149.5, 0.01);
	cr_expect_float_eq(value(&r, "fault_latency_p999"), 899.5, 0.01, "of 800 to 999");
	cr_expect_float_eq(value(&r, "fault_latency_max"), 900, 0.01);
	cr_expect_float_eq(value(&r, "fault_latency_mean"), 150, 0.01);
	cr_expect_float_eq(value(&r, "region_latency_max"), 2500, 0.01);
	cr_expect_float_eq(value(&r, "touch_latency_mean"), 154000 / 1002.0, 0.01);
	cr_expect_eq(value(&r, "touch_count"), 1002);
	cr_expect(isnan(value(&r, "touches_faulted")), "version 1 tells no store from a fault");
	cr_expect(isnan(value(&r, "clock_cost")));
	cr_expect_eq(r.n_buckets, 4);
	fl_result_release(&r);
}

#define LATENCY_2(base, region, store)                                                             \
	"faultline-latency 2\nclock monotonic hz 1000000000 cost_ns 68.0 away_ns 3900000.0\n" base \
		region store "class interrupted count 2 sum_ns 20000 min_ns 5000 max_ns 15000\n"   \
	"bucket 5000.0 5001.0 1\nbucket 15000.0 15001.0 1\n"                                       \
	"class preempted count 1 sum_ns 4000000 min_ns 4000000 max_ns 4000000\n"                   \
	"bucket 4000000.0 4000001.0 1\nend\n"
#define EMPTY(name) "class " name " count 0 sum_ns 0 min_ns 0 max_ns 0\n"

/* Half of the faults take 2,848 instructions, half 2,849: one bucket of two values, or two. */
Test(latency, a_percentile_is_a_value_that_occurred)
{
	static const char text[] =
		LATENCY_2("class base count 5 sum_ns 23899 min_ns 2848 max_ns 12505\n"
			  "bucket 2848.0 2849.0 2\nbucket 2849.0 2850.0 2\n"
			  "bucket 12505.0 12506.0 1\n",
			  "class region count 1 sum_ns 3968 min_ns 3968 max_ns 3968\n"
			  "bucket 3968.0 3969.0 1\n",
			  EMPTY("store"));
	struct fl_result r = { 0 };
	int line;

	cr_assert_eq(fl_collect_latency(&r, text, strlen(text), &line), 0);
	cr_expect_eq(value(&r, "fault_latency_p50"), 2849, "the third of five");
	cr_expect_eq(value(&r, "fault_latency_p90"), 12505);
	cr_expect_eq(value(&r, "region_latency_p50"), 3968);
	cr_expect_eq(value(&r, "touches_faulted"), 6);
	cr_expect_eq(value(&r, "touches_stored"), 0);
	cr_expect_eq(value(&r, "touches_interrupted"), 2);
	cr_expect_eq(value(&r, "touches_preempted"), 1);
	cr_expect_eq(value(&r, "touch_count"), 9);
	cr_expect_eq(value(&r, "interrupted_latency_max"), 15000);
	cr_expect_eq(value(&r, "clock_cost"), 68);
	cr_expect_eq(value(&r, "touch_latency_mean"), (23899 + 3968 + 20000 + 100000) / 9.0,
		     "ticks and all, but no other task");
	cr_expect(isnan(value(&r, "store_latency_p50")), "there is none: absent, not 0");
	cr_expect(isnan(value(&r, "store_latency_mean")));
	fl_result_release(&r);
}

Test(latency, a_store_is_no_fault)
{
	static const char text[] = LATENCY_2(EMPTY("base"),
					     "class region count 1 sum_ns 286040 min_ns 286040 "
					     "max_ns 286040\nbucket 286040.0 286041.0 1\n",
					     "class store count 511 sum_ns 511 min_ns 1 max_ns 1\n"
					     "bucket 1.0 2.0 511\n");
	struct fl_result r = { 0 };
	int line;

	cr_assert_eq(fl_collect_latency(&r, text, strlen(text), &line), 0);
	for (size_t i = 0; i < r.n_values; i++)
		cr_expect(strncmp(r.values[i].name, "fault_latency", 13), "%s", r.values[i].name);
	cr_expect_eq(value(&r, "region_latency_p50"), 286040);
	cr_expect_eq(value(&r, "store_latency_p50"), 1);
	cr_expect_eq(value(&r, "store_latency_mean"), 1);
	cr_expect_eq(value(&r, "touches_faulted"), 1);
	cr_expect_eq(value(&r, "touches_stored"), 511);
	cr_expect_eq(value(&r, "touch_latency_mean"), (286551 + 20000 + 100000) / 515.0);
	fl_result_release(&r);
}

Test(latency, every_metric_of_it_is_in_the_table)
{
	static const char text[] = LATENCY_2("class base count 1 sum_ns 3 min_ns 3 max_ns 3\n"
					     "bucket 3.0 4.0 1\n",
					     "class region count 1 sum_ns 3 min_ns 3 max_ns 3\n"
					     "bucket 3.0 4.0 1\n",
					     "class store count 1 sum_ns 1 min_ns 1 max_ns 1\n"
					     "bucket 1.0 2.0 1\n");
	struct fl_result r = { 0 };
	int line;

	cr_assert_eq(fl_collect_latency(&r, text, strlen(text), &line), 0);
	cr_assert_gt(r.n_values, 20);
	for (size_t i = 0; i < r.n_values; i++)
		cr_expect_not_null(fl_metric_find(r.values[i].name), "%s", r.values[i].name);
	fl_result_release(&r);
}

Test(latency, a_file_that_was_cut_or_lies_is_refused)
{
	static const char *const bad[] = {
		"",
		"faultline-latency 3\nend\n",
		"faultline-latency 2\nclock tsc hz 1\nend\n",
		"faultline-latency 2\nclock tsc hz 0 cost_ns 1\nend\n",
		"faultline-latency 2\nclock tsc hz 1 cost_ns -1\nend\n",
		"faultline-latency 2\nclock tsc hz 1 cost_ns nan\nend\n",
		"faultline-latency 1\nclass base count 1 sum_ns 1 min_ns 1 max_ns 1\n",
		"faultline-latency 1\nbucket 1 2 3\nend\n",
		"faultline-latency 1\nclass base count 2 sum_ns 1 min_ns 1 max_ns 1\nbucket 1 2 "
		"1\nend\n",
		"faultline-latency 1\nclass base count 1 sum_ns 1 min_ns 1 max_ns 1\nbucket 2 1 "
		"1\nend\n",
		"faultline-latency 1\nclass base count 1 sum_ns 1 min_ns 1 max_ns 1\nbucket nan 1 "
		"1\nend\n",
	};
	int line;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_result r = { 0 };

		cr_expect_eq(fl_collect_latency(&r, bad[i], strlen(bad[i]), &line), -EINVAL, "%s",
			     bad[i]);
		fl_result_release(&r);
	}
}

/* Figures that no clock gives: the file is refused, the point fails. */
Test(latency, figures_that_cannot_be_are_refused)
{
	static const char *const classes[] = {
		"class base count 2 sum_ns nan min_ns 1 max_ns 2\nbucket 1.0 2.0 2\n",
		"class base count 2 sum_ns -500 min_ns -9 max_ns -9\nbucket 1.0 2.0 2\n",
		"class base count 2 sum_ns 9e14 min_ns 10 max_ns 10\nbucket 10.0 11.0 2\n",
		"class base count 2 sum_ns 20 min_ns 11 max_ns 10\nbucket 10.0 11.0 2\n",
		"class base count 2 sum_ns 0 min_ns 0 max_ns 0\nbucket 0 1e-320 2\n",
		("class base count 1 sum_ns 10 min_ns 10 max_ns 10\nbucket 10.0 11.0 1\n"
		 "class base count 1 sum_ns 50 min_ns 50 max_ns 50\nbucket 50.0 51.0 1\n"),
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		cleanup_free char *text = fl_asprintf(
			"faultline-latency 2\nclock tsc hz 1000000000 cost_ns 1 away_ns 0\n%send\n",
			classes[i]);
		struct fl_result r = { 0 };
		int line;

		cr_expect_eq(fl_collect_latency(&r, text, strlen(text), &line), -EINVAL, "%zu", i);
		fl_result_release(&r);
	}
}
