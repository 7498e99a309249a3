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

Test(steps_shown, the_picture_has_a_column_a_step_and_a_bar_a_row)
{
	struct fl_chart c = { 0 };
	struct fl_error err = { 0 };
	struct fl_summary sum;
	struct fl_store *s;

	summarise(&sum, &s);
	cr_assert_eq(fl_figure_answer.fill(&c, &sum, s, &err), 0, "%s", err.text);
	cr_assert_geq(c.n, 2);
	cr_expect_str_eq(c.panels[0].title, "huge early");
	cr_expect_str_eq(c.panels[1].title, "huge late");
	cr_assert_eq(c.panels[1].v[0].n, 2);
	cr_expect_eq(c.panels[0].v[0].v[0].x, 800);
	cr_expect_eq(c.panels[1].v[0].v[0].x, 100);
	cr_expect_eq(c.panels[1].v[0].v[1].x, 200);
	cr_expect_str_eq(c.panels[1].v[0].v[1].label, "200");
	fl_chart_release(&c);
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
