/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "harness/base/cleanup.h"
#include "harness/report/columns.h"
#include "harness/report/report.h"
#include "harness/report/show.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(show_run, .init = fixture_make, .fini = fixture_drop);

#define LATENCY 2210.25

typedef int (*show_fn)(FILE *, struct fl_store *, int64_t, struct fl_show *, struct fl_error *);

static char *shown_as(show_fn show, struct fl_store *s, int64_t run, struct fl_show *wish)
{
	struct fl_error err = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert(!show(out, s, run, wish, &err), "%s", err.text);
	fclose(out);
	return text;
}

static char *shown(show_fn show, struct fl_store *s, int64_t run, unsigned int point)
{
	struct fl_show wish = { .point = point, .width = 120 };

	return shown_as(show, s, run, &wish);
}

static void put(struct fl_store *s, int64_t run, struct fl_point_record p, double rss)
{
	struct fl_error err = { 0 };
	struct fl_result r = { 0 };

	if (!strcmp(p.status, "ok")) {
		fl_result_put(&r, "fault_latency_p50", LATENCY, FL_UNIT_NS);
		fl_result_put(&r, "fault_latency_p99", 3e7, FL_UNIT_NS);
		fl_result_put(&r, "guest_rss_peak", rss, FL_UNIT_KIB);
		fl_result_put(&r, "memcg_charge_peak", rss, FL_UNIT_KIB);
		fl_result_put(&r, "host_rss_peak", rss, FL_UNIT_KIB);
		fl_result_put(&r, "touch_rate", 123456, FL_UNIT_PER_S);
	}
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* Three boots of one setting, and two skipped ones of another alternative. */
static int64_t sweep(struct fl_store *s)
{
	static const struct fl_point_setting always[] = { { "thp.enabled", "always" },
							  { "vm.same", "1" } };
	static const struct fl_point_setting none[] = { { "khugepaged.max_ptes_none", "64" },
							{ "vm.same", "1" } };
	int64_t run = fixture_run(s, "t-20261120-201500", "t");
	const double rss[] = { 200000, 412344, 300000 };

	for (unsigned int i = 0; i < 5; i++) {
		const char *reason = i < 3 ? NULL : "no \033[31mpromotion_threshold, says \"6.12\"";
		struct fl_point_record p = fixture_point(i + 1, i < 3 ? "ok" : "skipped", reason,
							 i < 3 ? always : none, 2);

		p.repeat = i % 3 + 1;
		put(s, run, p, rss[i % 3]);
	}
	return run;
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	cr_assert(text, "%s is no text", key);
	return text;
}

Test(show_run, json_has_every_key_of_the_interface)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = shown(fl_show_json, s, sweep(s), 0);
	json_t *o = json_loads(text, 0, NULL), *points, *p, *metric;

	cr_assert(o, "%s", text);
	cr_assert_str_eq(text_of(o, "run"), "t-20261120-201500");
	cr_assert_str_eq(text_of(o, "created"), "2026-11-20T20:15:00Z");
	cr_assert_str_eq(text_of(o, "accel"), "tcg");
	cr_assert_eq(json_integer_value(json_object_get(o, "seed")), 42);
	points = json_object_get(o, "points");
	cr_assert_eq(json_array_size(points), 5);
	p = json_array_get(points, 1);
	cr_assert_eq(json_integer_value(json_object_get(p, "point")), 2);
	cr_assert_eq(json_integer_value(json_object_get(p, "repeat")), 2);
	cr_assert_str_eq(text_of(p, "workload"), "usemem \"256m\", once");
	cr_assert_str_eq(text_of(p, "kernel"), "stock");
	cr_assert_str_eq(text_of(p, "clock"), "real");
	cr_assert_str_eq(text_of(json_object_get(p, "settings"), "thp.enabled"), "always");
	metric = json_object_get(json_object_get(p, "metrics"), "fault_latency_p50");
	cr_assert_eq(json_real_value(json_object_get(metric, "value")), LATENCY);
	cr_assert_str_eq(text_of(metric, "unit"), "ns-tcg");
	p = json_array_get(points, 4);
	cr_assert_str_eq(text_of(p, "status"), "skipped");
	cr_assert(strstr(text_of(p, "reason"), "promotion_threshold"));
	cr_assert_eq(json_object_size(json_object_get(p, "metrics")), 0);
	json_decref(o);
	fl_store_close(s);
}

/* A guest may write any bytes: the point is not lost for it. */
Test(show_run, json_outlives_bytes_that_are_no_text)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	cleanup_free char *text = NULL;
	json_t *o, *p;

	put(s, run, fixture_point(1, "panic", "BUG \xff\xfe at", NULL, 0), 0);
	text = shown(fl_show_json, s, run, 0);
	o = json_loads(text, 0, NULL);
	p = json_array_get(json_object_get(o, "points"), 0);
	cr_assert_str_eq(text_of(p, "reason"), "BUG ?\? at");
	json_decref(o);
	fl_store_close(s);
}

Test(show_run, csv_is_long_with_a_column_a_setting)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = shown(fl_show_csv, s, sweep(s), 0);
	static const char head[] =
		"point,repeat,status,kernel,workload,run,workload_name,row,wall_s,thp.enabled,"
		"vm.same,khugepaged.max_ptes_none,metric,value,unit,clock,median,min,max,n\n";

	cr_assert(!strncmp(text, head, strlen(head)), "%s", text);
	cr_assert(strstr(text, "2,2,ok,stock,\"usemem \"\"256m\"\", once\",t-20261120-201500,"
			       "usemem,thp=always,1.500,always,1,,"
			       "guest_rss_peak,412344,KiB,real,300000,200000,412344,3\n"),
		  "%s", text);
	cr_assert(strstr(text, "5,2,skipped,stock,\"usemem \"\"256m\"\", once\","
			       "t-20261120-201500,usemem,max_ptes_none=64,1.500,,1,64,,,,real,,,,"
			       "0\n"),
		  "%s", text);
	fl_store_close(s);
}

Test(show_run, table_puts_repeats_together)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = shown(fl_show_table, s, sweep(s), 0);

	/* 300000 KiB is the median, (412344 - 200000) / 2 of it 35 %. */
	cr_assert(strstr(text, "293 ±35%"), "%s", text);
	cr_assert(strstr(text, "\nthp=always "), "%s", text);
	cr_assert(strstr(text, "(3 boots a row)"), "%s", text);
	cr_assert(strstr(text, "settings vm.same=1\n"), "%s", text);
	cr_assert(strstr(text, "skipped  2 points: no ?[31mpromotion_threshold"), "%s", text);
	cr_assert(strstr(text, "\n         stock: max_ptes_none=64\n"), "%s", text);
	cr_assert(!strchr(text, '\033'));
	fl_store_close(s);
}

static size_t characters(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += ((unsigned char)*from & 0xc0) != 0x80;
	return n;
}

/* All metrics that a table can show at once: no line is wider, what is left out is named. */
Test(show_run, table_is_no_wider_than_a_terminal)
{
	struct fl_point_setting setting[] = { { "thp.promotion_threshold", "" } };
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");

	for (unsigned int i = 0; i < 4; i++) {
		struct fl_point_record p = fixture_point(i + 1, "ok", NULL, setting, 1);
		struct fl_result r = { 0 };
		struct fl_error err = { 0 };
		const struct fl_metric *m;

		setting[0].value = i % 2 ? "512" : "1";
		for (size_t k = 0; (m = fl_metric_at(k)); k++)
			if (m->owner == FL_OWNER_WORKLOAD || m->owner == FL_OWNER_HARNESS)
				fl_result_put(&r, m->name, 1e5 * (i + 1), m->unit);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
	for (unsigned int width = 40; width <= 200; width += 20) {
		struct fl_show wish = { .width = width };
		cleanup_free char *text = shown_as(fl_show_table, s, run, &wish);
		const char *end;

		cr_assert(strstr(text, "\npromotion_threshold=512"), "%u: %s", width, text);
		cr_assert(strstr(text, " columns: --wide ("), "%u: %s", width, text);
		/* What follows are a sentence's names, that are not broken. */
		for (const char *at = strstr(text, "\nusemem:") + 1;
		     (end = strchr(at, '\n')) && strncmp(at, "machine", 7) != 0; at = end + 1)
			cr_assert_leq(characters(at, end), width, "%u: %.*s", width,
				      (int)(end - at), at);
	}
	{
		struct fl_show wide = { .width = 0 };
		cleanup_free char *text = shown_as(fl_show_table, s, run, &wide);

		cr_assert(!strstr(text, "--wide"), "%s", text);
	}
	fl_store_close(s);
}

/* A point of a threshold whose only metric is what it held. */
static void put_held(struct fl_store *s, int64_t run, unsigned int number, const char *kernel,
		     const char *threshold, double held)
{
	struct fl_point_setting setting[] = { { "thp.promotion_threshold", threshold } };
	struct fl_point_record p = fixture_point(number, "ok", NULL, setting, 1);
	struct fl_error err = { 0 };
	struct fl_result r = { 0 };

	p.kernel = kernel;
	fl_result_put(&r, "held_rss", held, FL_UNIT_KIB);
	fl_result_put(&r, "thp_fault_alloc", 95, FL_UNIT_COUNT);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	fl_result_release(&r);
}

/* 0.05 % is equal, 0.3 % is not; what is the same in all rows stands once. */
Test(show_run, equal_rows_are_folded_with_a_count)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_show all = { .width = 80, .all = true }, sorted = { .width = 80 };
	cleanup_free char *folded = NULL, *unfolded = NULL, *by_size = NULL;

	put_held(s, run, 1, "stock", "1", 200000);
	put_held(s, run, 2, "patched", "1", 200100);
	put_held(s, run, 3, "patched", "64", 200600);
	folded = shown(fl_show_table, s, run, 0);
	cr_expect(strstr(folded, "promotion_threshold=1   both     2   195"), "%s", folded);
	cr_expect(strstr(folded, "promotion_threshold=64  patched      196"), "%s", folded);
	cr_expect(strstr(folded, "\nx  rows folded into one"), "%s", folded);
	cr_expect(strstr(folded, "\nin all rows: huge at fault 95\n"), "%s", folded);
	unfolded = shown_as(fl_show_table, s, run, &all);
	cr_expect(strstr(unfolded, "promotion_threshold=1   stock     195"), "%s", unfolded);
	cr_expect(strstr(unfolded, "promotion_threshold=1   patched   195"), "%s", unfolded);
	cr_expect(!strstr(unfolded, "folded"), "%s", unfolded);
	sorted.sort = fl_strdup("held_rss");
	sorted.descending = true;
	by_size = shown_as(fl_show_table, s, run, &sorted);
	cr_expect_lt(strstr(by_size, "\npromotion_threshold=64"),
		     strstr(by_size, "\npromotion_threshold=1 "), "%s", by_size);
	fl_show_release(&sorted);
	fl_store_close(s);
}

/* In real time no two times are equal: nothing is folded on the strength of a threshold. */
Test(show_run, times_that_are_not_exact_are_not_folded)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	cleanup_free char *text = NULL;

	for (unsigned int i = 0; i < 2; i++) {
		struct fl_point_setting setting[] = { { "thp.enabled", i ? "always" : "never" } };
		struct fl_point_record p = fixture_point(i + 1, "ok", NULL, setting, 1);
		struct fl_result r = { 0 };
		struct fl_error err = { 0 };

		fl_result_put(&r, "touch_latency_mean", 20000 + i, FL_UNIT_NS);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		fl_result_release(&r);
	}
	text = shown(fl_show_table, s, run, 0);
	cr_expect(strstr(text, "\nthp=never ") && strstr(text, "\nthp=always "), "%s", text);
	fl_store_close(s);
}

static void refused(struct fl_store *s, int64_t run, struct fl_show wish, const char *sentence)
{
	struct fl_error err = { 0 };
	FILE *out = fopen("/dev/null", "we");

	cr_expect_eq(fl_show_table(out, s, run, &wish, &err), -1, "%s", sentence);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect(strstr(err.text, sentence), "%s", err.text);
	fl_show_release(&wish);
	fclose(out);
}

static struct fl_strv one(const char *text)
{
	struct fl_strv v = { 0 };

	fl_strv_push(&v, text);
	return v;
}

Test(show_run, a_name_that_is_not_there_gets_the_nearest)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = sweep(s);

	refused(s, run, (struct fl_show){ .workloads = one("usemen") }, "did you mean usemem?");
	refused(s, run, (struct fl_show){ .kernels = one("stok") }, "did you mean stock?");
	refused(s, run, (struct fl_show){ .columns = one("guest_rss_peek") },
		"did you mean guest_rss_peak?");
	refused(s, run, (struct fl_show){ .columns = one("touch") }, "did you mean touch_rate?");
	refused(s, run, (struct fl_show){ .sort = fl_strdup("x") }, "no metric x");
	refused(s, run, (struct fl_show){ .keys = one("thp.enbled"), .values = one("always") },
		"did you mean thp.enabled?");
	refused(s, run, (struct fl_show){ .keys = one("thp.enabled"), .values = one("sometimes") },
		"no point with thp.enabled = sometimes: always");
	fl_store_close(s);
}

/* A column by the head that the table gives it; what is not chosen is in no format. */
Test(show_run, what_is_chosen_is_shown_in_every_format)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = sweep(s);
	struct fl_show head = { .width = 80, .columns = one("rss peak") };
	struct fl_show glob = { .columns = one("guest_*"),
				.keys = one("thp.enabled"),
				.values = one("always") };
	cleanup_free char *table = shown_as(fl_show_table, s, run, &head);
	cleanup_free char *tsv = shown_as(fl_show_tsv, s, run, &glob);
	cleanup_free char *json = shown_as(fl_show_json, s, run, &glob);
	json_t *o = json_loads(json, 0, NULL), *row;

	cr_expect(strstr(table, "293 ±35%"), "%s", table);
	cr_expect(!strstr(table, "charge"), "%s", table);
	cr_expect(strstr(tsv, "\tusemem \"256m\", once\t"), "%s", tsv);
	cr_expect(strstr(tsv, "\tguest_rss_peak\t412344\tKiB\t"), "%s", tsv);
	cr_expect(!strstr(tsv, "touch_rate") && !strstr(tsv, "skipped"), "%s", tsv);
	cr_expect_eq(json_array_size(json_object_get(o, "points")), 3);
	row = json_array_get(json_object_get(o, "rows"), 0);
	cr_expect_str_eq(text_of(row, "name"), "thp=always");
	cr_expect_eq(json_object_size(json_object_get(row, "metrics")), 1);
	json_decref(o);
	fl_show_release(&head);
	fl_show_release(&glob);
	fl_store_close(s);
}

Test(show_run, a_point_tells_each_metric_plainly)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = shown(fl_show_table, s, sweep(s), 2);

	cr_assert(strstr(text, " 2210.25 ns-tcg "), "%s", text);
	cr_assert(strstr(text, " 30000000 ns-tcg "), "%s", text);
	cr_assert(strstr(text, " KiB      largest RSS of one process of the workload"), "%s", text);
	fl_store_close(s);
}

Test(show_run, a_point_that_is_not_there_is_an_error_in_every_format)
{
	const show_fn formats[] = { fl_show_table, fl_show_csv, fl_show_json };
	struct fl_store *s = fixture_open(false);
	int64_t run = sweep(s);

	for (size_t i = 0; i < 3; i++) {
		struct fl_error err = { 0 };
		FILE *out = fopen("/dev/null", "we");
		struct fl_show seven = { .point = 7 }, nine = { .point = 9 };

		cr_assert_eq(formats[i](out, s, run, &seven, &err), -1);
		cr_assert(err.kind == FL_USAGE && strstr(err.text, "not measured"), "%s", err.text);
		cr_assert_eq(formats[i](out, s, run, &nine, &err), -1);
		cr_assert(strstr(err.text, "1 to 8"), "%s", err.text);
		fclose(out);
	}
	fl_store_close(s);
}

/* A run that was stopped before its first point is shown, not tripped over. */
Test(show_run, a_run_without_points_is_shown)
{
	const show_fn formats[] = { fl_show_table, fl_show_csv, fl_show_json };
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");

	for (size_t i = 0; i < 3; i++)
		free(shown(formats[i], s, run, 0));
	fl_store_close(s);
}
