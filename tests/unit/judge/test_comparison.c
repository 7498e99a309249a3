/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/judge/comparison.h"
#include "harness/judge/history.h"
#include "harness/report/compare.h"
#include "harness/report/junit.h"
#include "tests/unit/store/store_fixture.h"

#define ALWAYS "stock\nusemem\nthp.enabled=always"

TestSuite(comparison, .init = fixture_make, .fini = fixture_drop);

static int64_t make_run(struct fl_store *s, const char *name, const char *timebase)
{
	struct fl_run_info r = {
		.name = name,
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "[experiment]",
		.arguments = "run t",
		.machine_json = "{\"cpu\":\"TEST\",\"qemu\":\"7.2\",\"accelerator\":\"tcg\"}",
		.clock = strcmp(timebase, "insn") ? "real" : "instructions",
		.timebase = timebase,
		.points = 4,
	};
	struct fl_error err = { 0 };
	char taken[128];
	int64_t id;

	cr_assert(!fl_store_create_run(s, &r, &id, taken, &err), "%s", err.text);
	cr_assert(!fl_store_finish_run(s, id, "done", &err));
	return id;
}

static void put(struct fl_store *s, int64_t run, unsigned int number, const char *kernel,
		const char *thp, const char *status, double latency, double huge)
{
	struct fl_point_setting setting = { "thp.enabled", thp };
	struct fl_point_record p = fixture_point(number, status, NULL, &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.kernel = kernel;
	p.repeat = (number - 1) % 2 + 1;
	p.timebase = FL_TIME_INSN;
	p.reason = strcmp(status, "ok") ? "a reason" : NULL;
	if (!strcmp(status, "ok")) {
		fl_result_put(&r, "fault_latency_p50", latency, FL_UNIT_NS);
		fl_result_put(&r, "thp_fault_alloc", huge, FL_UNIT_COUNT);
	}
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* Two rows of two boots: always and never. */
static int64_t usual(struct fl_store *s, const char *name, const char *kernel, double latency,
		     double huge)
{
	int64_t run = make_run(s, name, "insn");

	for (unsigned int i = 1; i <= 4; i++)
		put(s, run, i, kernel, i <= 2 ? "always" : "never", "ok", latency + i / 3, huge);
	return run;
}

static int compare(struct fl_comparison *c, struct fl_store *s, const char *a, const char *b,
		   struct fl_error *err)
{
	return fl_compare(c, s, a, b, &fl_rules_default, NULL, NULL, err);
}

Test(comparison, rows_are_paired_by_workload_and_settings)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };

	usual(s, "t-1", "stock", 1000, 2048);
	usual(s, "t-2", "patched", 1010, 2048);
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_assert_eq(c.n, 2);
	cr_expect_str_eq(c.pairs[0].label, "usemem thp=always");
	cr_expect_eq(c.counts[FL_WORSE], 2);
	cr_expect_eq(c.counts[FL_SAME], 2);
	cr_expect(fl_comparison_worse(&c));
	cr_expect_not_null(strstr(c.differs.v[0], "patched"), "%s", c.differs.v[0]);
	fl_comparison_release(&c);
	cr_assert(!compare(&c, s, "t-2@thp.enabled=always", "t-1@thp.enabled=never", &err), "%s",
		  err.text);
	cr_expect_eq(c.n, 1, "the setting that is named does not pair");
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, unlike_clocks_are_refused)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };

	usual(s, "t-1", "stock", 1000, 0);
	make_run(s, "t-2", "tcg");
	cr_expect(compare(&c, s, "t-1", "t-2", &err));
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, "clock"), "%s", err.text);
	fl_comparison_release(&c);
	cr_expect(compare(&c, s, "t-1@kernel", "t-1", &err));
	cr_expect_not_null(strstr(err.text, "KEY=VALUE"), "%s", err.text);
	fl_comparison_release(&c);
	cr_expect(compare(&c, s, "t-1@kernel=none", "t-1", &err));
	cr_expect_not_null(strstr(err.text, "in common"), "%s", err.text);
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, another_state_is_said_and_lost_points_are_worse)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run;
	char *text = NULL;
	size_t len;
	FILE *out;

	usual(s, "t-1", "stock", 1000, 2048);
	run = make_run(s, "t-2", "insn");
	put(s, run, 1, "stock", "always", "ok", 1000, 0);
	put(s, run, 2, "stock", "always", "panic", 0, 0);
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect_eq(c.n, 1);
	cr_expect(c.pairs[0].lost);
	cr_expect_not_null(strstr(c.pairs[0].state, "A had 2048 huge pages"), "%s",
			   c.pairs[0].state);
	cr_expect_eq(c.missing.n, 1);
	cr_expect(fl_comparison_worse(&c));
	out = open_memstream(&text, &len);
	fl_compare_table(out, &c, &fl_rules_default, false, 0);
	fl_junit_suite(out, &c);
	fclose(out);
	cr_expect_not_null(strstr(text, "NOT THE SAME STATE"), "%s", text);
	cr_expect_not_null(strstr(text, "LOST: usemem thp=never"), "%s", text);
	cr_expect_not_null(strstr(text, "failures=\"2\""), "%s", text);
	free(text);
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, json_holds_every_metric)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	json_t *o, *row;
	char *text = NULL;
	size_t len;
	FILE *out;

	usual(s, "t-1", "stock", 1000, 0);
	usual(s, "t-2", "stock", 1000, 2048);
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	out = open_memstream(&text, &len);
	fl_compare_json(out, &c, &fl_rules_default, false);
	fclose(out);
	o = json_loads(text, 0, NULL);
	cr_assert_not_null(o, "%s", text);
	row = json_array_get(json_object_get(o, "rows"), 0);
	cr_expect_eq(json_array_size(json_object_get(row, "metrics")), 2);
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(o, "counts"), "same")), 2);
	json_decref(o);
	free(text);
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, the_noise_of_good_nights_is_learnt)
{
	static const double nights[] = { 1000, 1010, 1000, 1020, 1000, 2000, 1010 };
	struct fl_store *s = fixture_open(false);
	struct fl_history h;
	struct fl_error err = { 0 };
	char name[16];

	for (size_t i = 0; i < 7; i++) {
		int64_t run;

		snprintf(name, sizeof(name), "t-%zu", i);
		run = usual(s, name, "stock", nights[i], 0);
		cr_assert(!fl_store_set_gate(s, run, i == 5 ? "regressed" : "good", &err));
	}
	cr_assert(!fl_history_read(&h, s, "t", "insn", 60, &err), "%s", err.text);
	cr_expect_eq(h.n_runs, 7);
	cr_expect_float_eq(fl_history_band(&h, ALWAYS, "fault_latency_p50"), 1 - 1000 / 1020.0,
			   1e-3);
	cr_expect_float_eq(fl_history_band(&h, ALWAYS, "no_such"), 0, 0);
	cr_expect_float_eq(
		fl_history_band(&h, "patched\nusemem\nthp.enabled=always", "fault_latency_p50"), 0,
		0, "another kernel's nights");
	fl_history_release(&h);
	cr_assert(!fl_history_read(&h, s, "t", "insn", 3, &err));
	cr_expect_eq(h.n_runs, 3);
	cr_expect_float_eq(fl_history_band(&h, ALWAYS, "fault_latency_p50"), 0, 0);
	fl_history_release(&h);
	fl_store_close(s);
}

/* What a withdrawn report looked like: B is faster, and had no huge page. */
Test(comparison, no_time_is_slower_than_that_of_another_state)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out;

	usual(s, "t-1", "stock", 1000, 95);
	usual(s, "t-2", "stock", 300000, 0);
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect_eq(c.counts[FL_WORSE] + c.counts[FL_BETTER], 0);
	cr_expect_eq(c.unlike, 2);
	cr_expect_str_eq(c.pairs[0].state, "A had 95 huge pages allocated at a fault and B none");
	cr_expect(fl_comparison_worse(&c), "huge pages were lost with the same settings");
	out = open_memstream(&text, &len);
	fl_junit_suite(out, &c);
	fclose(out);
	cr_expect_not_null(strstr(text, "failures=\"2\""), "%s", text);
	cr_expect_not_null(strstr(text, "thp_fault_alloc: 95 -&gt; 0 count")
				   ?: strstr(text, "thp_fault_alloc: 95 -> 0 count"),
			   "%s", text);
	free(text);
	fl_comparison_release(&c);
	cr_assert(!compare(&c, s, "t-1@thp.enabled=always", "t-2@thp.enabled=never", &err));
	cr_expect_eq(c.unlike, 1);
	cr_expect_not(fl_comparison_worse(&c), "another setting was asked for");
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, huge_pages_in_half_the_boots_are_another_state)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run;

	usual(s, "t-1", "stock", 1000, 95);
	run = make_run(s, "t-2", "insn");
	for (unsigned int i = 1; i <= 4; i++)
		put(s, run, i, "stock", i <= 2 ? "always" : "never", "ok", i % 2 ? 1000 : 250000,
		    i % 2 ? 95 : 0);
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect_eq(c.counts[FL_WORSE], 0);
	cr_expect_str_eq(c.pairs[0].state,
			 "A had huge pages allocated at a fault in all boots, B in 1 of 2");
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, a_run_compared_with_itself_is_the_same_everywhere)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run = make_run(s, "t-1", "hardware");

	put(s, run, 1, "stock", "always", "ok", 1234, 95);
	put(s, run, 2, "stock", "always", "ok", 4321, 17);
	cr_assert(!compare(&c, s, "t-1", "t-1", &err), "%s", err.text);
	cr_expect_eq(c.counts[FL_SAME], 2);
	cr_expect_eq(c.counts[FL_INCONCLUSIVE], 0);
	cr_expect_not(fl_comparison_worse(&c));
	fl_comparison_release(&c);
	fl_store_close(s);
}

static void skip(struct fl_store *s, int64_t run, unsigned int number, const char *kernel)
{
	struct fl_point_setting setting = { "thp.enabled", "always" };
	struct fl_point_record p = fixture_point(number, "skipped", NULL, &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.kernel = kernel;
	p.timebase = FL_TIME_INSN;
	p.reason = "kernel 6.12 has no thp.promotion_threshold";
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
}

Test(comparison, what_another_kernel_lacks_is_not_comparable)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run = make_run(s, "t-1", "insn"), again = make_run(s, "t-2", "insn");

	put(s, run, 1, "patched", "always", "ok", 1000, 95);
	skip(s, again, 1, "stock");
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect(c.pairs[0].not_comparable);
	cr_expect_not(c.pairs[0].lost);
	cr_expect_not(fl_comparison_worse(&c));
	fl_comparison_release(&c);
	fl_store_close(s);
}

Test(comparison, what_the_same_kernel_skips_all_at_once_is_lost)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run = make_run(s, "t-1", "insn"), again = make_run(s, "t-2", "insn");

	put(s, run, 1, "stock", "always", "ok", 1000, 95);
	skip(s, again, 1, "stock");
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect(c.pairs[0].lost);
	cr_expect(fl_comparison_worse(&c));
	fl_comparison_release(&c);
	fl_store_close(s);
}

/* One fault in ten thousand took a time slice longer. */
Test(comparison, a_mean_that_one_event_moved_is_not_worse)
{
	static const struct {
		const char *name;
		double a, b;
	} values[] = {
		{ "write_latency_during_p50", 700, 700 },
		{ "write_latency_during_p99", 14000, 14000 },
		{ "write_latency_during_max", 4008000, 8030000 },
		{ "write_latency_during_mean", 7580, 8380 },
	};
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };

	for (int side = 0; side < 2; side++) {
		int64_t run = make_run(s, side ? "t-2" : "t-1", "insn");
		struct fl_point_record p = fixture_point(1, "ok", NULL, NULL, 0);
		struct fl_result r = { 0 };

		p.timebase = FL_TIME_INSN;
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
			fl_result_put(&r, values[i].name, side ? values[i].b : values[i].a,
				      FL_UNIT_NS);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	cr_expect_eq(c.counts[FL_WORSE], 0);
	cr_expect_eq(c.counts[FL_DIFFERS], 2);
	for (size_t i = 0; i < c.pairs[0].n; i++)
		if (strstr(c.pairs[0].judged[i].metric, "_mean"))
			cr_expect_not_null(
				strstr(c.pairs[0].judged[i].note, "4008000 and 8030000"));
	fl_comparison_release(&c);
	fl_store_close(s);
}

/* Its name is "usemem as booted" where nothing varies, and "usemem thp=always" where more does. */
Test(comparison, a_row_is_the_same_whatever_else_its_run_holds)
{
	struct fl_store *s = fixture_open(false);
	struct fl_history h;
	struct fl_error err = { 0 };
	char name[16];

	for (size_t i = 0; i < 6; i++) {
		int64_t run;

		snprintf(name, sizeof(name), "t-%zu", i);
		run = make_run(s, name, "insn");
		put(s, run, 1, "stock", "always", "ok", i % 2 ? 1000 : 1010, 0);
		if (i % 2)
			put(s, run, 2, "stock", "never", "ok", 1, 0);
		cr_assert(!fl_store_set_gate(s, run, "good", &err));
	}
	cr_assert(!fl_history_read(&h, s, "t", "insn", 60, &err), "%s", err.text);
	cr_expect_float_eq(fl_history_band(&h, ALWAYS, "fault_latency_p50"), 0.01, 1e-3);
	fl_history_release(&h);
	fl_store_close(s);
}

Test(comparison, an_unknown_key_and_an_ambiguous_row_are_refused)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };
	int64_t run;

	usual(s, "t-1", "stock", 1000, 0);
	run = make_run(s, "t-2", "insn");
	put(s, run, 1, "stock", "always", "ok", 1000, 0);
	put(s, run, 2, "patched", "always", "ok", 1000, 0);
	cr_expect(compare(&c, s, "t-1@nosuchkey=1", "t-1", &err));
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(
		strstr(err.text, "nosuchkey; this run has kernel, workload, thp.enabled"), "%s",
		err.text);
	fl_comparison_release(&c);
	cr_expect(compare(&c, s, "t-1@kernel=stock", "t-2", &err));
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, "fits two rows of t-2"), "%s", err.text);
	fl_comparison_release(&c);
	cr_expect(compare(&c, s, "t-2", "t-1@kernel=stock", &err));
	cr_expect_not_null(strstr(err.text, "fits two rows of t-2"), "%s", err.text);
	fl_comparison_release(&c);
	cr_expect(!compare(&c, s, "t-1@kernel=stock", "t-2@kernel=patched", &err), "%s", err.text);
	fl_comparison_release(&c);
	fl_store_close(s);
}

/* 100 faults of 1000 instructions and `more`, and a touch of `latency`. */
static void put_path(struct fl_store *s, const char *name, uint64_t more, double latency)
{
	struct fl_profile_stack stacks[] = {
		{ FL_PROFILE_FAULT, 10000, 100 },
		{ FL_PROFILE_FAULT ";do_anonymous_page", 90000 + 100 * more, 100 },
	};
	struct fl_profile profile = { .faults = 100, .stacks = stacks, .n = 2 };
	struct fl_point_setting setting = { "thp.enabled", "never" };
	int64_t run = make_run(s, name, "insn");
	struct fl_error err = { 0 };

	for (unsigned int i = 1; i <= 2; i++) {
		struct fl_point_record p = fixture_point(i, "ok", NULL, &setting, 1);
		struct fl_result r = { 0 };

		p.repeat = i;
		p.timebase = FL_TIME_INSN;
		p.profile = &profile;
		fl_result_put(&r, "fault_latency_mean", latency, FL_UNIT_NS);
		fl_profile_put(&r, &profile);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
}

static bool path_is_worse(struct fl_store *s, const char *b, double threshold, const char *want)
{
	struct fl_rules rules = fl_rules_default;
	struct fl_comparison c;
	struct fl_error err = { 0 };
	char *text = NULL;
	size_t len;
	bool worse;
	FILE *out = open_memstream(&text, &len);

	rules.relevant = threshold;
	cr_assert(!fl_compare(&c, s, "t-1", b, &rules, NULL, NULL, &err), "%s", err.text);
	fl_compare_table(out, &c, &rules, false, 0);
	fclose(out);
	worse = fl_comparison_worse(&c);
	cr_expect_not_null(strstr(text, want), "%s", text);
	free(text);
	fl_comparison_release(&c);
	return worse;
}

Test(comparison, the_path_decides_and_not_the_ticks)
{
	struct fl_store *s = fixture_open(false);

	put_path(s, "t-1", 0, 1000);
	put_path(s, "t-2", 0, 1070);
	put_path(s, "t-3", 1, 1070);
	put_path(s, "t-4", 10, 1070);
	cr_expect_not(path_is_worse(s, "t-2", 0.002, "1 of 1 rows the same to the instruction"));
	cr_expect_not(path_is_worse(s, "t-3", 0.002,
				    "+1.00 a fault: do_anonymous_page, +1.00 in each call"));
	cr_expect_not(path_is_worse(s, "t-3", 0.002, "changed, below the threshold of 0.2 %"));
	cr_expect(path_is_worse(s, "t-3", 0, "0 of 1 rows the same"));
	cr_expect(path_is_worse(s, "t-4", 0.002, "(+10.00, +1 %), 100 faults: worse"));
	fl_store_close(s);
}

/* How many pages fork-snapshot writes meanwhile depends on how long its child reads. */
Test(comparison, what_more_work_took_is_not_worse)
{
	struct fl_store *s = fixture_open(false);
	struct fl_comparison c;
	struct fl_error err = { 0 };

	for (int side = 0; side < 2; side++) {
		int64_t run = make_run(s, side ? "t-2" : "t-1", "insn");
		struct fl_point_record p = fixture_point(1, "ok", NULL, NULL, 0);
		struct fl_result r = { 0 };

		p.timebase = FL_TIME_INSN;
		fl_result_put(&r, "snapshot_pages_written", side ? 4900 : 4820, FL_UNIT_COUNT);
		fl_result_put(&r, "fault_count", side ? 9727 : 9561, FL_UNIT_COUNT);
		fl_result_put(&r, "oom_kills", side ? 1 : 0, FL_UNIT_COUNT);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
	cr_assert(!compare(&c, s, "t-1", "t-2", &err), "%s", err.text);
	for (size_t i = 0; i < c.pairs[0].n; i++) {
		const struct fl_judged *j = &c.pairs[0].judged[i];
		bool kill = !strcmp(j->metric, "oom_kills");

		cr_expect_eq(j->verdict, kill ? FL_WORSE : FL_DIFFERS, "%s", j->metric);
	}
	fl_comparison_release(&c);
	fl_store_close(s);
}
