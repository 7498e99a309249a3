/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/try/changes.h"

#define FAULTS 1000

/* Two rows with a path each, as fl_compare() leaves them. */
static struct fl_path_function functions[2][2] = {
	{ { (char *)"planted", { 0, 25 * FAULTS }, { 0, FAULTS }, true },
	  { (char *)"folio_zero_user", { 400000, 400001 }, { FAULTS, FAULTS }, true } },
	{ { (char *)"lru_activate", { 0, 18 * 600 }, { 0, 180 }, true } },
};
static struct fl_path_entry entries[2] = {
	{ .name = (char *)FL_PROFILE_FAULT,
	  .entries = { FAULTS, FAULTS },
	  .insns = { 3000 * FAULTS, 3025 * FAULTS },
	  .functions = functions[0],
	  .n = 2,
	  .n_each = 2 },
	{ .name = (char *)"__x64_sys_munmap",
	  .entries = { 18, 18 },
	  .insns = { 18 * 23000, 18 * 23600 },
	  .functions = functions[1],
	  .n = 1,
	  .n_each = 1 },
};

static struct fl_judged judged(const char *metric, double a, double b, enum fl_verdict v)
{
	return (struct fl_judged){ .metric = metric,
				   .unit = "KiB",
				   .meaning = fl_metric_find(metric),
				   .a = a,
				   .b = b,
				   .change = b / a - 1,
				   .verdict = v };
}

static void compare(struct fl_comparison *c, struct fl_pair pairs[2], struct fl_judged *j)
{
	for (int i = 0; i < 2; i++)
		pairs[i] = (struct fl_pair){ .name = (char *)(i ? "memhog" : "usemem"),
					     .path = { &entries[i], 1 } };
	pairs[0].judged = j;
	pairs[0].n = 1;
	*c = (struct fl_comparison){ .pairs = pairs, .n = 2 };
}

Test(try_changes, a_longer_path_and_its_function)
{
	struct fl_judged same = judged("guest_rss_peak", 100, 100, FL_SAME);
	struct fl_try_changes changes;
	struct fl_comparison c;
	struct fl_pair pairs[2];

	compare(&c, pairs, &same);
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_assert_eq(changes.n_paths, 1);
	cr_expect_eq(changes.paths[0].verdict, FL_WORSE);
	cr_expect_float_eq(changes.paths[0].b - changes.paths[0].a, 25, 1e-9);
	cr_assert_eq(changes.paths[0].n, 1,
		     "a thousandth of an instruction is no change of a call");
	cr_expect_str_eq(changes.paths[0].functions[0].name, "planted");
	cr_expect(isnan(changes.paths[0].functions[0].each));
	cr_expect_eq(changes.few.n, 1, "18 calls are too few");
	cr_expect_not_null(strstr(changes.few.v[0], "munmap in memhog"), "%s", changes.few.v[0]);
	cr_expect_eq(changes.n_memory, 0);
	cr_expect(changes.worse && !changes.better);
	cr_expect_eq(changes.rows, 2);
	fl_try_changes_release(&changes);
}

Test(try_changes, memory_counts_and_times_do_not)
{
	struct fl_judged more = judged("guest_rss_peak", 100, 200, FL_WORSE);
	struct fl_judged time = judged("fault_latency_mean", 100, 200, FL_WORSE);
	struct fl_try_changes changes;
	struct fl_comparison c;
	struct fl_pair pairs[2];

	compare(&c, pairs, &more);
	c.n = 1;
	pairs[0].path.n = 0;
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_assert_eq(changes.n_memory, 1);
	cr_expect_str_eq(changes.memory[0].judged->metric, "guest_rss_peak");
	cr_expect(changes.worse);
	fl_try_changes_release(&changes);
	pairs[0].judged = &time;
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_expect_eq(changes.n_memory, 0, "it follows from the path");
	cr_expect(!changes.worse && !changes.better);
	fl_try_changes_release(&changes);
}

/* What the kernels got is not the same: no cost of the patch. */
Test(try_changes, unlike_rows_are_named)
{
	struct fl_judged same = judged("guest_rss_peak", 100, 100, FL_SAME);
	struct fl_try_changes changes;
	struct fl_comparison c;
	struct fl_pair pairs[2];

	compare(&c, pairs, &same);
	pairs[0].state = (char *)"huge pages: 4 and 0";
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_expect_eq(changes.n_paths, 0);
	cr_assert_eq(changes.unlike.n, 1);
	cr_expect_str_eq(changes.unlike.v[0], "usemem: huge pages: 4 and 0");
	fl_try_changes_release(&changes);
}

/* As short as they were, and more of them. */
Test(try_changes, more_faults_are_worse)
{
	struct fl_judged more = judged("page_faults", 777, 1389, FL_WORSE);
	struct fl_pair pairs[2] = { 0 };
	struct fl_comparison c;
	struct fl_try_changes changes;

	compare(&c, pairs, &more);
	pairs[0].path.n = pairs[1].path.n = 0;
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_expect(changes.worse);
	cr_assert_gt(changes.n_memory, 0);
	cr_expect_str_eq(changes.memory[0].judged->metric, "page_faults");
	fl_try_changes_release(&changes);
}

/* A path as long as it was: an instruction in each call is code, a slab that ran empty is chance.
 */
Test(try_changes, chance_is_no_change_of_code)
{
	struct fl_path_function small[2] = {
		{ (char *)"allocate_slab", { 4000, 3000 }, { 40, 30 }, true },
		{ (char *)"do_anonymous_page",
		  { 90 * FAULTS, 91 * FAULTS },
		  { FAULTS, FAULTS },
		  true },
	};
	struct fl_path_entry entry = { .name = (char *)FL_PROFILE_FAULT,
				       .entries = { FAULTS, FAULTS },
				       .insns = { 3000 * FAULTS, 3001 * FAULTS },
				       .functions = small,
				       .n = 1,
				       .n_each = 1 };
	struct fl_pair pair = { .name = (char *)"usemem", .path = { &entry, 1 } };
	struct fl_comparison c = { .pairs = &pair, .n = 1 };
	struct fl_try_changes changes;

	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_expect_eq(changes.n_paths, 0);
	fl_try_changes_release(&changes);
	entry.n = entry.n_each = 2;
	fl_try_changes(&changes, &c, &fl_rules_default);
	cr_assert_eq(changes.n_paths, 1);
	cr_expect_eq(changes.paths[0].verdict, FL_SAME);
	cr_assert_eq(changes.paths[0].n, 1);
	cr_expect_str_eq(changes.paths[0].functions[0].name, "do_anonymous_page");
	cr_expect(!changes.worse);
	fl_try_changes_release(&changes);
}
