/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/claims.h"
#include "harness/report/verdict.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(claims, .init = fixture_make, .fini = fixture_drop);

static enum fl_timebase timebase = FL_TIME_TCG;
static const char *one_more; /* a point of thp.enabled=defer ended so */

static void put(struct fl_store *s, int64_t run, unsigned int number, const char *thp, double p50,
		const char *status)
{
	struct fl_point_setting setting = { "thp.enabled", thp };
	struct fl_point_record p = fixture_point(number, status, NULL, &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.repeat = (number - 1) % 2 + 1;
	p.timebase = timebase;
	if (!strcmp(status, "ok")) {
		fl_result_put(&r, "fork_time_min", p50, FL_UNIT_NS);
		fl_result_put(&r, "splits_pmd", 0, FL_UNIT_COUNT);
	}
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* always: 100 and 110; never: 200 and 220; madvise: skipped. */
static int64_t make_run(struct fl_store *s, const char *text)
{
	struct fl_run_info r = {
		.name = "t-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = text,
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
		.points = one_more ? 6 : 5,
	};
	struct fl_error err = { 0 };
	char taken[128];
	int64_t id;

	cr_assert(!fl_store_create_run(s, &r, &id, taken, &err), "%s", err.text);
	put(s, id, 1, "always", 100, "ok");
	put(s, id, 2, "always", 110, "ok");
	put(s, id, 3, "never", 200, "ok");
	put(s, id, 4, "never", 220, "ok");
	put(s, id, 5, "madvise", 0, "skipped");
	if (one_more)
		put(s, id, 6, "defer", 0, one_more);
	return id;
}

static enum fl_claim_outcome outcome_of(const char *claim)
{
	cleanup_free char *text =
		fl_asprintf("[claim c]\nabout = it is so\nmetric = fork_time_min\n%s\n", claim);
	struct fl_store *s = fixture_open(false);
	struct fl_judged_claims j;
	enum fl_claim_outcome outcome;
	struct fl_summary summary;
	struct fl_error err = { 0 };
	int64_t run = make_run(s, text);

	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_assert(!fl_judge_claims(&j, &summary, &err), "%s", err.text);
	cr_assert_eq(j.claims.n_claims, 1);
	outcome = j.judged[0].outcome;
	fl_judged_claims_release(&j);
	fl_summary_release(&summary);
	fl_store_close(s);
	fixture_drop();
	fixture_make();
	return outcome;
}

Test(claims, plain_bounds)
{
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = <= 110"), FL_CLAIM_HOLDS);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = < 110"), FL_CLAIM_OPEN);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = < 100"), FL_CLAIM_FAILS);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = >= 100"), FL_CLAIM_HOLDS);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = > 110"), FL_CLAIM_FAILS);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = = 100"), FL_CLAIM_OPEN);
}

/* What went wrong has no value, and is no reason to say that all is well. */
Test(claims, a_row_that_went_wrong_leaves_the_claim_open)
{
	one_more = "corrupt";
	cr_expect_eq(outcome_of("holds = <= 220"), FL_CLAIM_OPEN);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = <= 220"), FL_CLAIM_HOLDS);
	cr_expect_eq(outcome_of("holds = <= 100"), FL_CLAIM_FAILS);
	one_more = "oom"; /* which an experiment may look for */
	cr_expect_eq(outcome_of("holds = <= 220"), FL_CLAIM_HOLDS);
}

/* Whatever they were: emulated CPUs that run at once wait for one another as the host likes. */
Test(claims, times_of_emulated_cpus_at_once_are_not_judged)
{
	timebase = FL_TIME_TCG_MULTI;
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = <= 110"), FL_CLAIM_OPEN);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = < 100"), FL_CLAIM_OPEN);
}

/* Of a guest that died there is nothing but that. */
Test(claims, a_death_is_a_value)
{
	static const char text[] = "[claim c]\nabout = it dies\nmetric = survived\nholds = = 0\n";
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(s, text);
	struct fl_point_setting setting = { "thp.enabled", "dead" };
	struct fl_point_record p = fixture_point(6, "oom", "no memory", &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };
	struct fl_judged_claims j;
	struct fl_summary summary;

	fl_result_put(&r, "survived", 0, FL_UNIT_COUNT);
	fl_result_put(&r, "fork_time_min", 5, FL_UNIT_NS);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_assert(!fl_judge_claims(&j, &summary, &err), "%s", err.text);
	cr_expect_eq(j.judged[0].n, 1);
	cr_expect_eq(j.judged[0].outcome, FL_CLAIM_HOLDS);
	cr_expect_eq(fl_summary_metric(&summary, &summary.rows[summary.n_rows - 1], "fork_time_min",
				       NULL)
			     .n,
		     0, "its other values are no measurement");
	fl_judged_claims_release(&j);
	fl_summary_release(&summary);
	fl_result_release(&r);
	fl_store_close(s);
}

Test(claims, references)
{
	const char *against = "of = thp.enabled=never\nagainst = thp.enabled=always\n";
	cleanup_free char *twice = fl_asprintf("%sholds = >= 1.8 x", against);
	cleanup_free char *open = fl_asprintf("%sholds = >= 2 x", against);
	cleanup_free char *within = fl_asprintf("%sholds = within 15 %%", against);

	cr_expect_eq(outcome_of(twice), FL_CLAIM_HOLDS); /* 200 / 110 */
	cr_expect_eq(outcome_of(open), FL_CLAIM_OPEN);
	cr_expect_eq(outcome_of(within), FL_CLAIM_FAILS);
}

/* Values of 100: whatever their bound, they are no faults. */
Test(claims, what_lies_below_the_floor_means_nothing)
{
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = <= 150\nfloor = 101"),
		     FL_CLAIM_EMPTY);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nholds = <= 150\nfloor = 100"),
		     FL_CLAIM_HOLDS);
	cr_expect_eq(outcome_of("of = thp.enabled=never\nagainst = thp.enabled=never\n"
				"holds = within 50 %\nfloor = 201"),
		     FL_CLAIM_EMPTY);
}

Test(claims, the_worst_row_decides)
{
	cr_expect_eq(outcome_of("holds = <= 150"), FL_CLAIM_FAILS);
	cr_expect_eq(outcome_of("holds = <= 220"), FL_CLAIM_HOLDS);
}

Test(claims, what_was_skipped_is_not_measured)
{
	cr_expect_eq(outcome_of("of = thp.enabled=madvise\nholds = <= 1"), FL_CLAIM_UNMEASURED);
	cr_expect_eq(outcome_of("of = thp.enabled=always\nagainst = thp.enabled=madvise\n"
				"holds = <= 1 x"),
		     FL_CLAIM_UNMEASURED);
	cr_expect_eq(outcome_of("than = touch_rate\nholds = <= 1 x"), FL_CLAIM_UNMEASURED);
}

Test(claims, a_failed_control_voids_the_run)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(
		s, "[claim good]\nabout = g\nmetric = fork_time_min\nholds = > 1\n"
		   "[claim null]\nabout = n\nmetric = splits_pmd\nholds = > 0\ncontrol = yes\n"
		   "[published theirs]\nabout = someone's\nmetric = fork_time_min\n"
		   "of = thp.enabled=never\nvalue = 42\n");
	cleanup_free char *line = NULL, *table = NULL;
	struct fl_judged_claims j;
	struct fl_summary summary;
	struct fl_error err = { 0 };
	size_t len;
	FILE *out = open_memstream(&table, &len);
	json_t *json;

	cr_assert(!fl_summary_read(&summary, s, run, &err));
	cr_assert(!fl_judge_claims(&j, &summary, &err), "%s", err.text);
	cr_expect(fl_judged_claims_void(&j));
	line = fl_verdict_line(&j);
	cr_expect_str_eq(line,
			 "void: a control failed, so the rest of this run says nothing (0 of 1 "
			 "controls passed, 1 failed; 1 of 1 claims passed)");
	fl_verdict_table(out, &j, 80);
	fclose(out);
	cr_expect_not_null(strstr(table, "210 (200 to 220)"), "%s", table);
	cr_expect_not_null(strstr(table, "42"));
	json = fl_verdict_json(&j);
	cr_expect_str_eq(json_string_value(json_object_get(json, "verdict")), line);
	cr_expect_eq(json_array_size(json_object_get(json, "checks")), 2);
	cr_expect_float_eq(
		json_number_value(json_object_get(
			json_array_get(json_object_get(json, "published"), 0), "theirs")),
		42, 0);
	json_decref(json);
	fl_judged_claims_release(&j);
	fl_summary_release(&summary);
	fl_store_close(s);
}

Test(claims, no_controls_no_word_of_them)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(s, "[claim good]\nabout = g\nmetric = fork_time_min\nholds = > 1\n");
	cleanup_free char *line = NULL;
	struct fl_judged_claims j;
	struct fl_summary summary;
	struct fl_error err = { 0 };

	cr_assert(!fl_summary_read(&summary, s, run, &err));
	cr_assert(!fl_judge_claims(&j, &summary, &err), "%s", err.text);
	line = fl_verdict_line(&j);
	cr_expect_str_eq(line, "1 of 1 claims passed");
	fl_judged_claims_release(&j);
	fl_summary_release(&summary);
	fl_store_close(s);
}

static void refuse(const char *text, const char *because)
{
	struct fl_claims c;
	struct fl_error err = { 0 };
	int bad = fl_claims_parse(&c, text, &err);

	bad = bad || fl_claims_check(&c, "it", &err) ||
	      fl_claims_metrics(&c, &(struct fl_own_metrics){ 0 }, "it", &err);
	cr_expect(bad, "taken: %s", text);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, because), "%s", err.text);
	fl_claims_release(&c);
}

Test(claims, bad_input_is_named)
{
	refuse("[claim c]\nabout = a\nmetric = nonsense\nholds = > 1\n", "no metric nonsense");
	refuse("[claim c]\nabout = a\nholds = > 1\n", "[claim c] needs metric");
	refuse("[claim c]\nmetric = splits_pmd\n", "[claim c] needs about");
	refuse("[claim c]\nabout = a\nmetric = splits_pmd\n", "[claim c] needs holds");
	refuse("[claim c]\nholds = more than 1\n", "holds = more than 1");
	refuse("[claim c]\nholds = >= 1 %\n", "holds = >= 1 %");
	refuse("[claim c]\nholds = within 5\n", "holds = within 5");
	refuse("[claim c]\nof = thp.enabled\n", "KEY=VALUE");
	refuse("[claim c]\nof = thp.enabled=sometimes\n", "thp.enabled");
	refuse("[claim c]\ncolour = red\n", "in [claim c]; allowed");
	refuse("[claim c]\nabout = a\nmetric = splits_pmd\nholds = > 1 x\n", "needs against");
	refuse("[claim c]\nabout = a\nmetric = splits_pmd\nthan = splits_page\nholds = > 1\n",
	       "has a reference");
	refuse("[published p]\nvalue = many\n", "value = many");
	refuse("[published p]\nabout = a\nmetric = fault_count\n", "needs value");
	refuse("[published p]\nabout = a\nvalue = 1\n", "needs metric");
	refuse("[claim ]\nabout = a\n", "needs a name");
}
