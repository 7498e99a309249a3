/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/crossing.h"
#include "harness/report/crossing.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(crossing, .init = fixture_make, .fini = fixture_drop);

#define SECTION                                                                          \
	"[crossing c]\nabout = it pays\nprice = touch_latency_mean\nper = touch_count\n" \
	"saving = held_rss, memcg_charge_peak\nwhole = workload_time\n"
#define INPLACE                                                         \
	SECTION "axis = thp.promotion_threshold\nof = kernel=patched\n" \
		"against = kernel=stock thp.promotion_threshold=1\n"

struct row {
	const char *kernel, *workload, *threshold;
	double price, touches, held, whole; /* held: below 0 is not measured */
};

static void put(struct fl_store *s, int64_t run, unsigned int number, const struct row *row)
{
	struct fl_point_setting setting = { "thp.promotion_threshold", row->threshold };
	struct fl_point_record p = fixture_point(number, "ok", NULL, &setting, 1);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.kernel = row->kernel;
	p.workload_name = row->workload;
	p.timebase = FL_TIME_INSN;
	fl_result_put(&r, "touch_latency_mean", row->price, FL_UNIT_NS);
	fl_result_put(&r, "touch_count", row->touches, FL_UNIT_COUNT);
	fl_result_put(&r, "workload_time", row->whole, FL_UNIT_NS);
	fl_result_put(&r, "promotions_in_place_total",
		      strcmp(row->workload, "dense") && strcmp(row->threshold, "512") ? 95 : 0,
		      FL_UNIT_COUNT);
	if (row->held >= 0)
		fl_result_put(&r, "held_rss", row->held, FL_UNIT_KIB);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* sparse: pays from 128 on; dense: costs; still: neither; mixed: costs first, then costs less. */
static const struct row rows[] = {
	{ "stock", "sparse", "1", 400, 1000, 10000, 2e6 },
	{ "patched", "sparse", "512", 700, 1000, 2000, 3e6 },
	{ "patched", "sparse", "64", 500, 1000, 9950, 2e6 },
	{ "patched", "sparse", "128", 600, 1000, 2000, 2e6 },
	{ "patched", "sparse", "1", 401, 1000, 10000, 2e6 },
	{ "stock", "dense", "1", 400, 1000, 10000, 2e6 },
	{ "patched", "dense", "1", 400, 1000, 10000, 2e6 },
	{ "patched", "dense", "64", 600, 1000, 10000, 2e6 },
	{ "stock", "still", "1", 400, 1000, 10000, 2e6 },
	{ "patched", "still", "64", 403, 1000, 9901, 2e6 },
	{ "stock", "mixed", "1", 400, 1000, 10000, 2e6 },
	{ "patched", "mixed", "64", 600, 1000, 10000, 2e6 },
	{ "patched", "mixed", "512", 300, 1000, 10000, 2e6 },
	{ "stock", "blind", "1", 400, 1000, -1, 2e6 },
	{ "patched", "blind", "64", 400, 1000, -1, 2e6 },
};

static void judged(struct fl_judged_crossings *j, struct fl_summary *summary, const char *text)
{
	struct fl_run_info r = {
		.name = "t-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = text,
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "instructions",
		.timebase = "insn",
		.points = 15,
	};
	struct fl_store *s = fixture_open(false);
	struct fl_error err = { 0 };
	char taken[128];
	int64_t id;

	cr_assert(!fl_store_create_run(s, &r, &id, taken, &err), "%s", err.text);
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		put(s, id, i + 1, &rows[i]);
	cr_assert(!fl_summary_read(summary, s, id, &err), "%s", err.text);
	cr_assert(!fl_judge_crossings(j, summary, &err), "%s", err.text);
	fl_store_close(s);
}

static const struct fl_crossing_curve *curve(const struct fl_judged_crossings *j,
					     const char *workload)
{
	for (size_t i = 0; i < j->n; i++)
		if (!strcmp(j->curves[i].workload, workload))
			return &j->curves[i];
	cr_assert_fail("no %s", workload);
	return NULL;
}

Test(crossing, steps_by_hand)
{
	struct fl_summary s;
	struct fl_judged_crossings j;
	const struct fl_crossing_curve *c;

	judged(&j, &s, INPLACE "worth = 30\n");
	cr_assert_eq(j.n, 5);
	c = curve(&j, "sparse");
	cr_assert_eq(c->n, 4);
	cr_expect_eq(c->outcome, FL_CROSSING_SAVES);
	cr_expect_eq(c->steps[0].at, 1);
	cr_expect(!c->steps[0].saves && !c->steps[0].costs, "within 1 %%");
	cr_expect_eq(c->steps[1].at, 64);
	cr_expect(!c->steps[1].saves && c->steps[1].costs, "50 KiB of 10000 are not over 1 %%");
	cr_expect(isnan(c->steps[1].rate));
	cr_expect_eq(c->steps[2].saved, 8000);
	cr_expect_float_eq(c->steps[2].rate, (600.0 - 400) * 1000 / 8000, 1e-9); /* 25 */
	cr_expect_float_eq(c->steps[3].rate, (700.0 - 400) * 1000 / 8000, 1e-9); /* 37.5 */
	cr_expect_float_eq(c->steps[3].whole_extra, 1e6, 1e-3);
	cr_expect_eq(c->from, 2);
	cr_expect_eq(c->to, 3);
	cr_expect_eq(c->enough, 2);
	cr_expect_eq(c->dear, 3, "37.5 is over 30");
	fl_judged_crossings_release(&j);
	fl_summary_release(&s);
}

/* khugepaged may not touch memory that nobody advised: the row is one of base pages. */
Test(crossing, a_step_at_which_nothing_was_promoted_says_so)
{
	struct fl_summary s;
	struct fl_judged_crossings j;
	const struct fl_crossing_curve *c;
	cleanup_free char *said = NULL, *table = NULL;
	size_t len;
	FILE *out = open_memstream(&table, &len);

	judged(&j, &s, INPLACE "needs = thp_fault_alloc, promotions_in_place_total\n");
	c = curve(&j, "sparse");
	cr_expect(c->steps[2].happened);
	cr_expect_not(c->steps[3].happened);
	cr_expect_eq(c->outcome, FL_CROSSING_SAVES, "what waits for more pages saves all the same");
	c = curve(&j, "dense");
	cr_expect_eq(c->outcome, FL_CROSSING_EMPTY);
	said = fl_crossing_sentence(c);
	cr_expect_not_null(strstr(said, "thp_fault_alloc, promotions_in_place_total are 0"), "%s",
			   said);
	fl_crossing_table(out, &j, 200);
	fclose(out);
	cr_expect_not_null(strstr(table, "512 (0)"), "%s", table);
	fl_judged_crossings_release(&j);
	fl_summary_release(&s);
}

Test(crossing, what_is_said)
{
	static const struct {
		const char *workload, *said;
		enum fl_crossing_outcome outcome;
	} want[] = {
		{ "sparse",
		  "saves from T >= 128 at 25.0 insn/KiB (held_rss -80.0 %); lower T costs only, up "
		  "to +25.0 % at T = 64; beyond T = 128 no more is saved; above 30.0 "
		  "insn/KiB from T >= 512",
		  FL_CROSSING_SAVES },
		{ "dense", "costs only: touch_latency_mean +50.0 % at T = 64, held_rss unchanged",
		  FL_CROSSING_COSTS },
		{ "still", "no saving and no price: all within 1 %", FL_CROSSING_NOTHING },
		{ "mixed",
		  "no saving: touch_latency_mean -25.0 % at T = 512, +50.0 % at T = 64, held_rss "
		  "unchanged",
		  FL_CROSSING_NOTHING },
		{ "blind", "not measured", FL_CROSSING_UNMEASURED },
	};
	cleanup_free char *table = NULL, *page = NULL;
	struct fl_judged_crossings j;
	struct fl_summary s;
	json_t *all, *one;
	size_t len;
	FILE *out;

	judged(&j, &s, INPLACE "worth = 30\n");
	out = open_memstream(&table, &len);
	fl_crossing_table(out, &j, 200);
	fclose(out);
	out = open_memstream(&page, &len);
	fl_crossing_html(out, &j);
	fclose(out);
	for (size_t i = 0; i < 5; i++) {
		cleanup_free char *said = fl_crossing_sentence(curve(&j, want[i].workload));

		cr_expect_str_eq(said, want[i].said);
		cr_expect_eq(curve(&j, want[i].workload)->outcome, want[i].outcome);
		cr_expect_not_null(strstr(table, said), "%s", table);
	}
	cr_expect_not_null(strstr(page, "saves from T &gt;= 128"), "%s", page);
	all = fl_crossing_json(&j);
	cr_assert_eq(json_array_size(all), 5);
	one = json_array_get(all, 0);
	cr_expect_str_eq(json_string_value(json_object_get(one, "outcome")), "saves");
	cr_expect_eq(json_number_value(json_object_get(one, "from")), 128);
	cr_expect_eq(json_number_value(json_object_get(one, "dear")), 512);
	cr_expect(json_is_null(json_object_get(json_array_get(all, 1), "from")));
	json_decref(all);
	fl_judged_crossings_release(&j);
	fl_summary_release(&s);
}

/* The same rows read the other way round: what is shown is 513 - value. */
Test(crossing, an_axis_may_run_backwards)
{
	struct fl_judged_crossings j;
	struct fl_summary s;
	const struct fl_crossing_curve *c;

	judged(&j, &s,
	       SECTION "axis = 513 - thp.promotion_threshold\nof = kernel=patched\n"
		       "against = kernel=stock\nworkloads = sparse\n");
	cr_assert_eq(j.n, 1);
	c = curve(&j, "sparse");
	cr_expect_eq(c->steps[0].at, 1);
	cr_expect_eq(c->steps[3].at, 512);
	cr_expect_eq(c->from, 0);
	cr_expect_eq(c->to, 1);
	cr_expect_eq(c->dear, c->n, "nobody said what it is worth");
	fl_judged_crossings_release(&j);
	fl_summary_release(&s);
}

Test(crossing, a_run_without_is_silent)
{
	struct fl_judged_crossings j;
	struct fl_summary s;
	cleanup_free char *table = NULL;
	size_t len;
	FILE *out = open_memstream(&table, &len);

	judged(&j, &s, "");
	fl_crossing_table(out, &j, 200);
	fl_crossing_html(out, &j);
	fclose(out);
	cr_expect_str_eq(table, "");
	fl_judged_crossings_release(&j);
	fl_summary_release(&s);
}

Test(crossing, bad_sections)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "[crossing]\nabout = x\n", "needs a name" },
		{ "[crossing c]\nhue = x\n", "unknown key hue in [crossing c]" },
		{ "[crossing c]\naxis = thp.unknown\n", "SETTING or NUMBER - SETTING" },
		{ "[crossing c]\naxis = 512 khugepaged.max_ptes_none\n", "NUMBER - SETTING" },
		{ "[crossing c]\nworth = -3\n", "a number above 0" },
		{ "[crossing c]\nworth = nan\n", "a number above 0" },
		{ "[crossing c]\nprice = a,,b\n", "names separated by commas" },
		{ "[crossing c]\nof = kernel\n", "expected KEY=VALUE words" },
	};
	struct fl_crossings c;
	struct fl_error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct fl_error){ 0 };
		cr_expect(fl_crossings_parse(&c, bad[i].text, &err), "%s", bad[i].text);
		cr_expect_not_null(strstr(err.text, bad[i].says), "%s", err.text);
		fl_crossings_release(&c);
	}
	cr_assert(!fl_crossings_parse(&c,
				      "[crossing c]\nabout = x\naxis = thp.promotion_threshold\n"
				      "price = touch_latency_mean\nsaving = held_rss\n",
				      &err));
	cr_expect(fl_crossings_check(&c, "it", &err));
	cr_expect_not_null(strstr(err.text, "[crossing c] needs against ="), "%s", err.text);
	fl_crossings_release(&c);
	cr_assert(!fl_crossings_parse(&c, INPLACE, &err), "%s", err.text);
	cr_expect(!fl_crossings_check(&c, "it", &err));
	cr_expect(!fl_crossings_metrics(&c, &(struct fl_own_metrics){ 0 }, "it", &err));
	fl_strv_push(&c.v[0].price, "no_such");
	cr_expect(fl_crossings_metrics(&c, &(struct fl_own_metrics){ 0 }, "it", &err));
	cr_expect_not_null(strstr(err.text, "no metric no_such"), "%s", err.text);
	fl_crossings_release(&c);
}
