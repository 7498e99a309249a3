/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/report/report.h"
#include "harness/report/show.h"
#include "harness/store/store.h"

/* Each test is a process of its own, so that the folder can be told by the environment. */
static void own_folder(void)
{
	static char dir[] = "/tmp/faultline-store-XXXXXX";

	cr_assert_not_null(mkdtemp(dir));
	setenv("FAULTLINE_RESULTS", dir, 1);
}

static struct fl_store *open_store(void)
{
	struct fl_error err = { 0 };
	struct fl_store *s;

	cr_assert_eq(fl_store_open(&s, false, &err), 0, "%s", err.text);
	return s;
}

static int64_t add_run(struct fl_store *s, const char *name, const char *experiment)
{
	struct fl_run_info info = {
		.name = name,
		.experiment = experiment,
		.about = "a, \"question\"",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "[experiment]",
		.arguments = "run x",
		.machine_json = "{\"cpu\":\"c\",\"accelerator\":\"tcg\"}",
		.clock = "real",
		.timebase = "tcg",
		.seed = 7,
		.points = 2,
	};
	struct fl_error err = { 0 };
	char got[128];
	int64_t id;

	cr_assert_eq(fl_store_create_run(s, &info, &id, got, &err), 0, "%s", err.text);
	return id;
}

static int put_point(struct fl_store *s, int64_t run, unsigned int number, const char *status,
		     struct fl_error *err)
{
	struct fl_point_setting settings[] = { { "thp.enabled", number % 2 ? "always" : "never" } };
	struct fl_point_record p = {
		.number = number,
		.repeat = 1,
		.status = status,
		.kernel = "stock",
		.workload_name = "w",
		.workload = "memhog 1m, \"x\"",
		.settings = settings,
		.n_settings = 1,
		.created = "2026-11-20T20:15:01Z",
		.timebase = FL_TIME_TCG,
	};
	struct fl_result r = { 0 };
	int bad;

	fl_result_put(&r, "fault_latency_p50", 2210, FL_UNIT_NS);
	fl_result_put(&r, "guest_rss_peak", 412344, FL_UNIT_KIB);
	bad = fl_store_put_point(s, run, &p, &r, err);
	fl_result_release(&r);
	return bad;
}

static void add_point(struct fl_store *s, int64_t run, unsigned int number)
{
	struct fl_error err = { 0 };

	cr_assert_eq(put_point(s, run, number, "ok", &err), 0, "%s", err.text);
}

Test(store, a_run_comes_back_as_it_was_put, .init = own_folder)
{
	struct fl_store *s = open_store();
	int64_t run = add_run(s, "t-20261120-201500", "t");
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	bool done[4] = { 0 };
	size_t n;

	add_point(s, run, 2);
	cr_assert_eq(fl_store_points(s, run, &points, &n, &err), 0);
	cr_assert_eq(n, 1);
	cr_expect_eq(points[0].number, 2);
	cr_expect_str_eq(points[0].settings[0].value, "never");
	cr_expect_str_eq(points[0].metrics[0].unit, "ns-tcg");
	cr_expect_eq(points[0].metrics[0].value, 2210);
	fl_stored_points_free(points, n);
	cr_assert_eq(fl_store_done(s, run, done, 4, &err), 0);
	cr_expect(done[2] && !done[1] && !done[3]);
	cr_expect_eq(put_point(s, run, 2, "ok", &err), -1, "a point is stored once");
	fl_store_close(s);
}

Test(store, runs_are_found_by_name_prefix_and_latest, .init = own_folder)
{
	struct fl_store *s = open_store();
	int64_t a = add_run(s, "alpha-1", "alpha"), b = add_run(s, "alpha-2", "alpha");
	int64_t c = add_run(s, "beta-1", "beta"), id;
	struct fl_error err = { 0 };

	cr_expect_eq(fl_store_find_run(s, "alpha-1", &id, &err), 0);
	cr_expect_eq(id, a);
	cr_expect_eq(fl_store_find_run(s, "b", &id, &err), 0);
	cr_expect_eq(id, c);
	cr_expect_eq(fl_store_find_run(s, "latest", &id, &err), 0);
	cr_expect_eq(id, c);
	cr_expect_eq(fl_store_find_run(s, "latest:alpha", &id, &err), 0);
	cr_expect_eq(id, b);
	cr_expect_eq(fl_store_find_run(s, "alpha", &id, &err), -1);
	cr_expect_not_null(strstr(err.text, "alpha-1, alpha-2"), "%s", err.text);
	cr_expect_eq(fl_store_find_run(s, "gamma", &id, &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	fl_store_close(s);
}

Test(store, a_taken_name_gets_a_number, .init = own_folder)
{
	struct fl_store *s = open_store();
	struct fl_stored_run *runs;
	struct fl_error err = { 0 };
	size_t n;

	add_run(s, "t-1", "t");
	add_run(s, "t-1", "t");
	cr_assert_eq(fl_store_runs(s, &runs, &n, &err), 0);
	cr_expect_str_eq(runs[1].name, "t-1-2");
	fl_stored_runs_free(runs, n);
	fl_store_close(s);
}

/* Killed at any moment, what is there is whole. */
Test(store, a_killed_writer_leaves_whole_points, .init = own_folder)
{
	struct fl_store *s = open_store();
	int64_t run = add_run(s, "t-1", "t");
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	size_t n;
	pid_t pid;

	fl_store_close(s);
	pid = fork();
	if (!pid) {
		s = open_store();
		for (unsigned int i = 1;; i++)
			put_point(s, run, i, "ok", &err);
	}
	usleep(200000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	s = open_store();
	cr_assert_eq(fl_store_points(s, run, &points, &n, &err), 0, "%s", err.text);
	cr_expect_gt(n, 0);
	for (size_t i = 0; i < n; i++)
		cr_expect_eq(points[i].n_metrics, 2);
	fl_stored_points_free(points, n);
	fl_store_close(s);
}

Test(store, two_writers_at_once, .init = own_folder)
{
	int status, bad = 0;

	for (int w = 0; w < 2; w++) {
		if (!fork()) {
			struct fl_store *s = open_store();
			int64_t run = add_run(s, "same", "t");

			for (unsigned int i = 1; i <= 50; i++)
				add_point(s, run, i);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		bad |= status;
	cr_expect_eq(bad, 0);
}

Test(store, another_schema_and_another_file_are_refused, .init = own_folder)
{
	cleanup_free char *path = NULL;
	struct fl_error err = { 0 };
	struct fl_store *s = open_store();
	sqlite3 *db;
	FILE *f;

	fl_store_close(s);
	cr_assert(asprintf(&path, "%s/faultline.db", getenv("FAULTLINE_RESULTS")) > 0);
	sqlite3_open(path, &db);
	sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL);
	sqlite3_close(db);
	cr_expect_eq(fl_store_open(&s, true, &err), -1);
	cr_expect_not_null(strstr(err.text, "newer"), "%s", err.text);
	f = fopen(path, "w");
	fputs("this is no database, only text that is long enough to be read as one", f);
	fclose(f);
	cr_expect_eq(fl_store_open(&s, true, &err), -1);
	cr_expect_eq(err.kind, FL_USAGE, "%s", err.text);
}

Test(store, a_file_of_schema_1_is_converted_and_keeps_its_runs, .init = own_folder)
{
	static const char back[] = "ALTER TABLE run DROP COLUMN gate;"
				   "ALTER TABLE point DROP COLUMN start;"
				   "ALTER TABLE point DROP COLUMN build;"
				   "ALTER TABLE point DROP COLUMN image;"
				   "ALTER TABLE point DROP COLUMN qemu;"
				   "DROP TABLE build; DROP TABLE config; DROP TABLE program;"
				   "DROP TABLE image; DROP TABLE role;"
				   "DROP TABLE profile; DROP TABLE stack; DROP TABLE test_case;"
				   "PRAGMA user_version = 1";
	struct fl_stored_point *points;
	cleanup_free char *path = NULL;
	struct fl_error err = { 0 };
	struct fl_store *s = open_store();
	int64_t run = add_run(s, "t-1", "t");
	struct fl_case *cases;
	size_t n, n_cases;
	sqlite3 *db;

	add_point(s, run, 1);
	fl_store_close(s);
	cr_assert(asprintf(&path, "%s/faultline.db", getenv("FAULTLINE_RESULTS")) > 0);
	sqlite3_open(path, &db);
	cr_assert_eq(sqlite3_exec(db, back, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	cr_assert_eq(fl_store_open(&s, true, &err), 0, "%s", err.text);
	cr_assert_eq(fl_store_points(s, run, &points, &n, &err), 0, "%s", err.text);
	cr_assert_eq(n, 1);
	cr_expect_str_eq(points[0].start, "boot");
	cr_expect_eq(fl_store_cases(s, points[0].id, &cases, &n_cases, &err), 0, "%s", err.text);
	cr_expect_eq(n_cases, 0);
	fl_stored_points_free(points, n);
	fl_store_close(s);
}

static char *shown(int (*show)(FILE *, struct fl_store *, int64_t, struct fl_show *,
			       struct fl_error *),
		   struct fl_store *s, int64_t run)
{
	struct fl_show all = { 0 };
	struct fl_error err = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_expect_eq(show(out, s, run, &all, &err), 0, "%s", err.text);
	fclose(out);
	return text;
}

Test(show, json_has_the_promised_shape, .init = own_folder)
{
	struct fl_store *s = open_store();
	int64_t run = add_run(s, "t-1", "t");
	cleanup_free char *text = NULL;
	json_t *o, *p;

	add_point(s, run, 1);
	text = shown(fl_show_json, s, run);
	o = json_loads(text, 0, NULL);
	cr_assert_not_null(o, "%s", text);
	cr_expect_str_eq(json_string_value(json_object_get(o, "run")), "t-1");
	cr_expect_str_eq(json_string_value(json_object_get(o, "experiment")), "t");
	cr_expect(json_is_object(json_object_get(o, "machine")));
	p = json_array_get(json_object_get(o, "points"), 0);
	cr_expect_eq(json_integer_value(json_object_get(p, "point")), 1);
	cr_expect_str_eq(json_string_value(json_object_get(p, "status")), "ok");
	cr_expect_str_eq(
		json_string_value(json_object_get(json_object_get(p, "settings"), "thp.enabled")),
		"always");
	p = json_object_get(json_object_get(p, "metrics"), "fault_latency_p50");
	cr_expect_eq(json_number_value(json_object_get(p, "value")), 2210);
	cr_expect_str_eq(json_string_value(json_object_get(p, "unit")), "ns-tcg");
	json_decref(o);
	fl_store_close(s);
}

Test(show, csv_quotes_what_needs_it, .init = own_folder)
{
	struct fl_store *s = open_store();
	int64_t run = add_run(s, "t-1", "t");
	cleanup_free char *text = NULL;

	add_point(s, run, 1);
	text = shown(fl_show_csv, s, run);
	cr_expect_not_null(strstr(text, "\"memhog 1m, \"\"x\"\"\""), "%s", text);
	fl_store_close(s);
}
