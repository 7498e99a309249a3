/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/summary.h"
#include "harness/report/cases.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(cases, .init = fixture_make, .fini = fixture_drop);

static const char explained[] =
	"[experiment]\nname = t\n"
	"[explained huge]\nabout = no huge page at the first touch\ncases = *with a huge page*\n"
	"is = skip\nof = thp.promotion_threshold=64\n";

static void put(struct fl_store *s, int64_t run, unsigned int number, const char *kernel,
		const char *threshold, const char *text)
{
	struct fl_point_setting setting = { "thp.promotion_threshold", threshold };
	struct fl_point_record p =
		fixture_point(number, text ? "ok" : "skipped", NULL, &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.kernel = kernel;
	if (text)
		fl_collect_cases(&r, text, strlen(text));
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

static int64_t make_run(struct fl_store *s)
{
	struct fl_run_info r = {
		.name = "t-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = explained,
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
		.points = 4,
	};
	struct fl_error err = { 0 };
	char taken[128];
	int64_t id;

	cr_assert(!fl_store_create_run(s, &r, &id, taken, &err), "%s", err.text);
	put(s, id, 1, "stock", "1",
	    "ok 1 with a huge page\nok 2 plain\nnot ok 3 known\nok 4 end\n"
	    "ok 6 took 12 us\n");
	put(s, id, 2, "patched", "1",
	    "ok 1 with a huge page\nok 2 plain\nnot ok 3 known\nok 4 end\n"
	    "ok 6 took 12 us\n");
	put(s, id, 3, "patched", "64",
	    "ok 1 with a huge page # SKIP no THP\nnot ok 2 plain\nnot ok 3 known\nok 5 new\n"
	    "ok 6 took 15 us\n");
	put(s, id, 4, "stock", "64", NULL);
	return id;
}

static double metric(const struct fl_summary *s, size_t row, const char *name)
{
	struct fl_spread v = fl_summary_metric(s, &s->rows[row], name, NULL);

	return v.n ? v.median : -1;
}

Test(cases, changes_are_found_and_explained)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(s);
	cleanup_free char *text = NULL;
	struct fl_summary summary;
	struct fl_error err = { 0 };
	json_t *json;
	size_t len;
	FILE *out;

	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_expect_eq(metric(&summary, 0, "cases_changed"), 0);
	cr_expect_eq(metric(&summary, 1, "cases_changed"), 0);
	cr_expect_eq(metric(&summary, 2, "cases_changed"), 4);
	cr_expect_eq(metric(&summary, 2, "cases_unexplained"), 3);
	cr_expect_eq(metric(&summary, 3, "cases_changed"), -1);
	cr_assert_eq(summary.cases.n, 4);
	out = open_memstream(&text, &len);
	fl_cases_table(out, &summary, 100000);
	fclose(out);
	cr_expect(
		strstr(text, "pass -> skip  \"with a huge page\": no huge page at the first touch"),
		"%s", text);
	cr_expect(strstr(text, "UNEXPLAINED  pass -> fail  \"plain\""), "%s", text);
	cr_expect(strstr(text, "pass -> gone  \"end\""), "%s", text);
	cr_expect(strstr(text, "none -> pass  \"new\""), "%s", text);
	cr_expect_null(strstr(text, "known"), "%s", text);
	cr_expect_null(strstr(text, "took"), "%s", text);
	json = fl_cases_json(&summary);
	cr_expect_eq(json_array_size(json), 4);
	json_decref(json);
	fl_summary_release(&summary);
	fl_store_close(s);
}

static void put_console(struct fl_store *s, int64_t run, unsigned int number, const char *kernel,
			const char *workload, const char *races)
{
	struct fl_point_record p = fixture_point(number, "ok", NULL, NULL, 0);
	struct fl_error err = { 0 };
	struct fl_result r = { 0 };
	char text[1024] = "kcsan: enabled early\n";
	FILE *f;

	for (; *races; races++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "BUG: KCSAN: data-race in %c\n", *races);
	f = fmemopen(text, strlen(text), "r");
	fl_collect_kcsan(&r, f);
	fclose(f);
	p.kernel = kernel;
	p.workload_name = p.workload = workload;
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* A data race is met by chance: what stock has anywhere is stock's, and is not missed. */
Test(cases, data_races_are_compared_with_all_of_the_first_kernel)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_error err = { 0 };
	struct fl_summary summary;
	struct fl_case *cases;
	size_t n;

	put_console(s, run, 1, "stock", "w", "ab");
	put_console(s, run, 2, "patched", "w", "bcx");
	put_console(s, run, 3, "stock", "v", "");
	put_console(s, run, 4, "patched", "v", "ad");
	put_console(s, run, 5, "stock", "u", "c");
	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_assert_eq(summary.cases.n, 2);
	cr_expect_str_eq(summary.cases.v[0].name, "data-race in x");
	cr_expect_eq(summary.cases.v[0].is, FL_CASE_FOUND);
	cr_expect_str_eq(summary.cases.v[1].name, "data-race in d");
	for (size_t i = 0; i < summary.n_rows; i++)
		cr_expect_eq(metric(&summary, i, "cases_unexplained"),
			     !strcmp(summary.rows[i].kernel, "patched"), "%zu", i);
	cr_assert(!fl_store_cases(s, summary.points[0].id, &cases, &n, &err), "%s", err.text);
	cr_assert_eq(n, 2);
	cr_expect_eq(cases[0].outcome, FL_CASE_FOUND);
	cr_expect_eq(cases[0].failures, 1);
	fl_cases_free(cases, n);
	fl_summary_release(&summary);
	fl_store_close(s);
}

Test(cases, a_run_without_cases_says_nothing_of_them)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	cleanup_free char *text = NULL;
	struct fl_summary summary;
	struct fl_error err = { 0 };
	size_t len;
	FILE *out;

	put(s, run, 1, "stock", "1", "fine\n");
	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_expect_eq(metric(&summary, 0, "cases_changed"), -1);
	out = open_memstream(&text, &len);
	fl_cases_table(out, &summary, 100000);
	fclose(out);
	cr_expect_str_empty(text);
	fl_summary_release(&summary);
	fl_store_close(s);
}

/* A store of before has what a workload printed under the harness's name. */
Test(cases, what_is_stored_of_changes_is_not_counted_beside)
{
	static const char text[] = "ok 1 one\nok 2 two\n";
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_point_record p = fixture_point(1, "ok", NULL, NULL, 0);
	struct fl_summary summary;
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };
	double values[2] = { -1, -1 };

	fl_collect_cases(&r, text, strlen(text));
	fl_result_put(&r, "cases_changed", 3, FL_UNIT_COUNT);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	cr_assert(!fl_summary_read(&summary, s, run, &err), "%s", err.text);
	cr_expect_eq(
		fl_summary_values(&summary, &summary.rows[0], "cases_changed", false, values, NULL),
		1);
	cr_expect_eq(values[0], 0);
	cr_expect_eq(values[1], -1, "one value a point");
	fl_summary_release(&summary);
	fl_result_release(&r);
	fl_store_close(s);
}

static int parse(const char *text, struct fl_error *err)
{
	struct fl_claims c;
	int bad = fl_claims_parse(&c, text, err) || fl_claims_check(&c, "it", err);

	fl_claims_release(&c);
	return bad;
}

Test(cases, bad_explanations_are_named)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "[explained]\nabout = a\n", "needs a name" },
		{ "[explained a]\nabout = a\n", "needs cases" },
		{ "[explained a]\ncases = *\n", "needs about" },
		{ "[explained a]\nis = broken\n", "is = broken" },
		{ "[explained a]\nwhat = x\n", "allowed: about, cases" },
		{ "[explained a]\nof = x\n", "KEY=VALUE" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_error err = { 0 };

		cr_expect(parse(bad[i].text, &err), "%s", bad[i].text);
		cr_expect(strstr(err.text, bad[i].says), "%s: %s", bad[i].text, err.text);
	}
}
