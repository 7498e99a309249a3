/* SPDX-License-Identifier: GPL-2.0 */
/* What a table and a figure show of an experiment with steps. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/sampled.h"
#include "harness/report/columns.h"
#include "harness/report/figures.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(steps_shown, .init = fixture_make, .fini = fixture_drop);

/* Two settings; "late" began after "early", which the names do not tell. */
static void fill(struct fl_store *s, int64_t run)
{
	static const struct fl_point_setting plain = { "balloon.inflate_order", "0" };
	static const struct fl_point_setting blocks = { "balloon.inflate_order", "host-huge" };

	for (unsigned int i = 0; i < 2; i++) {
		struct fl_point_record p =
			fixture_point(i + 1, "ok", NULL, i ? &blocks : &plain, 1);
		struct fl_result r = { 0 };
		struct fl_error err = { 0 };

		fl_result_put(&r, "host_anon_huge_at_late", (i + 1) * 102400.0, FL_UNIT_KIB);
		fl_result_put(&r, "host_anon_huge_at_early", 819200, FL_UNIT_KIB);
		fl_result_put(&r, "step_early_start", 1e9, FL_UNIT_NS);
		fl_result_put(&r, "step_inflate_start", 2e9, FL_UNIT_NS);
		fl_result_put(&r, "step_late_start", 3e9, FL_UNIT_NS);
		fl_result_put(&r, "step_late_time", 5e9, FL_UNIT_NS);
		fl_result_put(&r, "touch_rate_of_probe", 1000, FL_UNIT_PER_S);
		fl_result_put(&r, "guest_rss_peak", 4096, FL_UNIT_KIB);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
}

static void summarise(struct fl_summary *sum, struct fl_store **s)
{
	struct fl_error err = { 0 };
	int64_t run;

	*s = fixture_open(false);
	run = fixture_run(*s, "t-1", "t");
	fill(*s, run);
	cr_assert_eq(fl_summary_read(sum, *s, run, &err), 0, "%s", err.text);
}

Test(steps_shown, columns_are_the_steps_in_the_order_of_time)
{
	struct fl_column c[FL_COLUMNS_MAX];
	struct fl_summary sum;
	struct fl_store *s;
	size_t n;

	summarise(&sum, &s);
	n = fl_columns_of(&sum, sum.workloads.v[0], c);
	cr_assert_geq(n, 2);
	cr_expect_str_eq(c[0].metric, "host_anon_huge_at_early");
	cr_expect_str_eq(c[0].head, "huge early");
	cr_expect_str_eq(c[0].unit, "MiB");
	cr_expect_str_eq(c[1].head, "huge late");
	for (size_t i = 0; i < n; i++)
		cr_expect_str_neq(c[i].metric, "guest_rss_peak", "where steps look, peaks do not");
	fl_summary_release(&sum);
	fl_store_close(s);
}

Test(steps_shown, an_experiment_may_choose_its_columns)
{
	struct fl_run_info info = {
		.name = "t-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text =
			"[experiment]\nname = t\ncolumns = guest_rss_peak, fault_count,\n"
			"  touch_rate_of_probe\n[quick]\ncolumns = step_late_time\n",
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
	};
	struct fl_column c[FL_COLUMNS_MAX];
	struct fl_error err = { 0 };
	struct fl_store *s = fixture_open(false);
	struct fl_summary sum;
	char taken[128];
	int64_t run;

	cr_assert(!fl_store_create_run(s, &info, &run, taken, &err), "%s", err.text);
	fill(s, run);
	cr_assert_eq(fl_summary_read(&sum, s, run, &err), 0, "%s", err.text);
	cr_expect_eq(sum.columns.n, 3, "as they stand in [experiment], and once");
	cr_assert_eq(fl_columns_of(&sum, sum.workloads.v[0], c), 2, "those that were measured");
	cr_expect_str_eq(c[0].head, "RSS peak", "called as the usual tables call it");
	cr_expect_str_eq(c[1].head, "touch rate of probe");
	fl_summary_release(&sum);
	fl_store_close(s);
}

Test(steps_shown, the_figure_has_a_block_a_row)
{
	struct fl_figure_args args = { 0 };
	cleanup_free char *text = NULL;
	struct fl_error err = { 0 };
	struct fl_summary sum;
	struct fl_store *s;
	size_t len;
	FILE *out;

	summarise(&sum, &s);
	out = open_memstream(&text, &len);
	cr_assert_eq(fl_figure_steps.data(out, &sum, s, NULL, &args, &err), 0, "%s", err.text);
	fclose(out);
	cr_expect_eq(args.panels, 1);
	cr_expect_str_eq(text, "0 \"early\"\n1 \"late\"\n\n\n"
			       "-0.2 800 800 800\n0.8 100 100 100\n\n\n"
			       "0.2 800 800 800\n1.2 200 200 200\n\n\n"
			       "NaN NaN\n\n\n");
	free(args.names);
	free(args.labels);
	fl_summary_release(&sum);
	fl_store_close(s);
}

Test(steps_shown, a_step_out_of_its_metric)
{
	cleanup_free char *step = fl_step_of_metric("step_a_b_start", "step_", "_start");

	cr_expect_str_eq(step, "a_b");
	cr_expect_null(fl_step_of_metric("step_start", "step_", "_start"));
	cr_expect_null(fl_step_of_metric("step_a_time", "step_", "_start"));
	cr_expect_null(fl_step_of_metric("host_rss_at_", "host_rss_at_", ""));
}
