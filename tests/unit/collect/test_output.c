/* SPDX-License-Identifier: GPL-2.0 */
/* What is taken of the lines that a program prints. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/collect/collect.h"

static double value(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return NAN;
}

Test(output, peers_lines)
{
	struct fl_result r = { 0 };
	const char *text = "touches:98304\nfaults:194\nelapsed_ns:500000000\nunmap_ns:"
			   "49152000\nchildren_until_failure 17\n"
			   "children_ok 16\nfailure oom-kill\nnot_a_metric 5\noom_kills x\n";

	fl_collect_output(&r, "page_fault1", text, strlen(text));
	cr_expect_eq(value(&r, "touch_rate"), 98304 * 2);
	cr_expect_eq(value(&r, "free_latency_mean"), 500);
	cr_expect_eq(value(&r, "children_until_failure"), 17);
	cr_expect(isnan(value(&r, "not_a_metric")));
	cr_expect(isnan(value(&r, "oom_kills")));
	fl_result_release(&r);
}

/* A program says what is its own; it neither measures for the harness nor names a step. */
Test(output, names_of_another_owner_are_not_taken)
{
	static const char text[] = "cases_changed 3\nworkload_time 5\nsurvived 0\n"
				   "oom_kills 7\npromotions_copy 1\nguest_freed 9\n"
				   "round_time_max 2\nstep_x_time 4\nhost_rss_peak 6\n"
				   "touch_rate_of_again 8\npromotion_count 1\n"
				   "verified_pages_of_again 3\n"
				   "cases_failed 2\nverified_pages 11\n";
	struct fl_result r = { 0 };

	fl_collect_output(&r, "w", text, strlen(text));
	cr_assert_eq(r.n_values, 2, "%s", r.n_values ? r.values[0].name : "none");
	cr_expect_eq(value(&r, "cases_failed"), 2);
	cr_expect_eq(value(&r, "verified_pages"), 11);
	cr_expect_not_null(fl_metric_find("verified_pages_of_again"));
	fl_result_release(&r);
}

/* micromm says what an operation took: a family of names. */
Test(output, names_of_a_family)
{
	static const char text[] =
		"micromm munmap: 200 calls of 16 pages\nop_time_munmap_call 2345.5\n"
		"op_time_munmap_page 146.6\nop_time__call 1\nop_time_munmap 2\n";
	struct fl_result r = { 0 };

	fl_collect_output(&r, "micromm", text, strlen(text));
	cr_assert_eq(r.n_values, 2);
	cr_expect_eq(value(&r, "op_time_munmap_call"), 2345.5);
	cr_expect_eq(value(&r, "op_time_munmap_page"), 146.6);
	fl_result_release(&r);
}
