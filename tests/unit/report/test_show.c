/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "harness/base/cleanup.h"
#include "harness/report/columns.h"
#include "harness/report/report.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(show_run, .init = fixture_make, .fini = fixture_drop);

#define LATENCY 2210.25

typedef int (*show_fn)(FILE *, struct fl_store *, int64_t, unsigned int, struct fl_error *);

static char *shown(show_fn show, struct fl_store *s, int64_t run, unsigned int point)
{
	struct fl_error err = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	cr_assert(!show(out, s, run, point, &err), "%s", err.text);
	fclose(out);
	return text;
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
	cr_assert(strstr(text, "293.0 ±35%"), "%s", text);
	cr_assert(strstr(text, "  thp=always "), "%s", text);
	cr_assert(strstr(text, "settings vm.same=1\n"), "%s", text);
	cr_assert(strstr(text, "0/2  skipped\n"), "%s", text);
	cr_assert(strstr(text, "point 4 and 1 more skipped: no ?[31mpromotion"), "%s", text);
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

/* All metrics that a table can show at once: bands, none wider than a terminal. */
Test(show_run, table_is_no_wider_than_a_terminal)
{
	struct fl_point_setting setting[] = { { "thp.promotion_threshold", "" } };
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	cleanup_free char *text = NULL;
	size_t rows = 0;

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
	text = shown(fl_show_table, s, run, 0);
	for (const char *at = strstr(text, "\nusemem:") + 1, *end; (end = strchr(at, '\n'));
	     at = end + 1) {
		cr_assert_leq(characters(at, end), 120, "%.*s", (int)(end - at), at);
		rows += !strncmp(at, "  promotion_threshold=512 ", 26);
	}
	cr_assert_geq(rows, 1);
	fl_store_close(s);
}

Test(show_run, a_point_tells_each_metric_plainly)
{
	struct fl_store *s = fixture_open(false);
	cleanup_free char *text = shown(fl_show_table, s, sweep(s), 2);

	cr_assert(strstr(text, " 2210.25 ns-tcg "), "%s", text);
	cr_assert(strstr(text, " 30000000 ns-tcg "), "%s", text);
	cr_assert(strstr(text, fl_metric_find("guest_rss_peak")->about), "%s", text);
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

		cr_assert_eq(formats[i](out, s, run, 7, &err), -1);
		cr_assert(err.kind == FL_USAGE && strstr(err.text, "not measured"), "%s", err.text);
		cr_assert_eq(formats[i](out, s, run, 9, &err), -1);
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
