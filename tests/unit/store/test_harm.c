/* SPDX-License-Identifier: GPL-2.0 */
/* What a store goes through: kills, full disks, several writers, folders of others. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/store/db.h"
#include "tests/unit/store/store_fixture.h"

#define VALUES 200

TestSuite(store_harm, .init = fixture_make, .fini = fixture_drop);

static void fill(struct fl_result *r, double first)
{
	char name[32];

	memset(r, 0, sizeof(*r));
	for (int i = 0; i < VALUES; i++) {
		snprintf(name, sizeof(name), "metric_%03d", i);
		fl_result_put(r, name, first + i, FL_UNIT_NS);
	}
}

static int put(struct fl_store *s, int64_t run, unsigned int number, struct fl_error *err)
{
	const struct fl_point_setting settings[] = { { "b.x", "2" }, { "a.x", "1" } };
	struct fl_point_record p = fixture_point(number, "ok", NULL, settings, 2);
	struct fl_result r;
	int bad;

	fill(&r, number);
	bad = fl_store_put_point(s, run, &p, &r, err);
	fl_result_release(&r);
	return bad;
}

/* Every stored point is whole. */
static size_t count_whole(struct fl_store *s, int64_t run)
{
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	size_t n;

	cr_assert(!fl_store_points(s, run, &points, &n, &err), "%s", err.text);
	for (size_t i = 0; i < n; i++) {
		cr_assert_eq(points[i].n_metrics, VALUES);
		cr_assert_eq(points[i].n_settings, 2);
	}
	fl_stored_points_free(points, n);
	return n;
}

static int sum_ticks(void *arg, uint64_t t_ns, double value)
{
	*(double *)arg += value * (double)t_ns;
	return 0;
}

static int sum_buckets(void *arg, double low, double high, uint64_t count)
{
	*(double *)arg += (high - low) * (double)count;
	return 0;
}

Test(store_harm, keeps_samples_and_buckets)
{
	struct fl_tick ticks[] = { { 1, 10, 2 }, { 0, 10, 1 }, { 0, 20, 3 } };
	struct fl_bucket buckets[] = { { 0, 100, 110, 5 }, { 0, 200, 220, 1 } };
	char series[2][64] = { "guest_rss", "host_rss" }, classes[1][32] = { "base" };
	enum fl_unit units[] = { FL_UNIT_KIB, FL_UNIT_KIB };
	struct fl_result r = { .ticks = ticks,
			       .n_ticks = 3,
			       .series_names = series,
			       .series_units = units,
			       .n_series = 2,
			       .buckets = buckets,
			       .n_buckets = 2,
			       .class_names = classes,
			       .n_classes = 1 };
	struct fl_point_record p = fixture_point(1, "ok", NULL, NULL, 0);
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_stored_point *points;
	double ticked = 0, counted = 0;
	struct fl_error err = { 0 };
	size_t n;

	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	cr_assert(!fl_store_points(s, run, &points, &n, &err));
	cr_assert(!fl_store_each_tick(s, points[0].id, "guest_rss", sum_ticks, &ticked, &err));
	cr_assert(!fl_store_each_bucket(s, points[0].id, "base", sum_buckets, &counted, &err));
	cr_assert_float_eq(ticked, 70, 1e-9);
	cr_assert_float_eq(counted, 70, 1e-9);
	fl_stored_points_free(points, n);
	fl_store_close(s);
}

Test(store_harm, leaves_out_what_is_no_number)
{
	struct fl_point_record p = fixture_point(1, "ok", NULL, NULL, 0);
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	struct fl_result r = { 0 };
	size_t n;

	fl_result_put(&r, "good", 1, FL_UNIT_COUNT);
	fl_result_put(&r, "bad", NAN, FL_UNIT_COUNT);
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
	cr_assert(!fl_store_points(s, run, &points, &n, &err));
	cr_assert_eq(points[0].n_metrics, 1);
	fl_stored_points_free(points, n);
	fl_result_release(&r);
	fl_store_close(s);
}

Test(store_harm, refuses_a_point_twice_and_keeps_the_first)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_error err = { 0 };

	cr_assert(!put(s, run, 1, &err));
	cr_assert_eq(put(s, run, 1, &err), -1);
	cr_assert(!put(s, run, 2, &err), "%s", err.text);
	cr_assert_eq(count_whole(s, run), 2);
	fl_store_close(s);
}

/* Killed in the middle of a transaction: nothing of the point is there, the file is whole. */
Test(store_harm, survives_kill_in_a_transaction)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_error err = { 0 };
	pid_t pid;

	cr_assert(!put(s, run, 1, &err));
	fl_store_close(s);
	pid = fork();
	if (!pid) {
		s = fixture_open(false);
		if (!fl_db_exec(s, "BEGIN IMMEDIATE", &err) &&
		    !fl_db_exec(s,
				"INSERT INTO point (run, number, repeat, status, kernel,"
				" workload_name, workload, created, wall_s, clock_error_ns)"
				" VALUES (1, 2, 1, 'ok', '', '', '', '', 0, 0)",
				&err))
			raise(SIGKILL);
		_exit(1);
	}
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	s = fixture_open(false);
	cr_assert_eq(count_whole(s, run), 1);
	cr_assert(!put(s, run, 2, &err), "%s", err.text);
	cr_assert_eq(count_whole(s, run), 2);
	fl_store_close(s);
}

/* Killed at any moment, with points put one after another. */
Test(store_harm, survives_kill_at_any_moment)
{
	for (int round = 0; round < 10; round++) {
		struct fl_store *s = fixture_open(false);
		int64_t run = fixture_run(s, "t", "t");
		struct fl_error err = { 0 };
		pid_t pid;

		fl_store_close(s);
		pid = fork();
		if (!pid) {
			s = fixture_open(false);
			for (unsigned int i = 1; !put(s, run, i, &err);)
				i++;
			_exit(1);
		}
		usleep(2000 + 3000 * (useconds_t)round);
		kill(pid, SIGKILL);
		cr_assert_eq(waitpid(pid, NULL, 0), pid);
		s = fixture_open(true);
		count_whole(s, run);
		fl_store_close(s);
	}
}

/* Two harnesses that find no file at all, and write at once. */
Test(store_harm, takes_several_writers_at_once)
{
	enum { WRITERS = 4, POINTS = 25 };
	struct fl_store *s;
	struct fl_stored_run *runs;
	struct fl_error err = { 0 };
	size_t n;

	for (int w = 0; w < WRITERS; w++) {
		if (!fork()) {
			int64_t run;

			s = fixture_open(false);
			run = fixture_run(s, "t", "t");
			for (unsigned int i = 1; i <= POINTS; i++)
				if (put(s, run, i, &err))
					_exit(1);
			fl_store_close(s);
			_exit(0);
		}
	}
	for (int w = 0; w < WRITERS; w++) {
		int status;

		cr_assert(wait(&status) > 0);
		cr_assert_eq(status, 0);
	}
	s = fixture_open(true);
	cr_assert(!fl_store_runs(s, &runs, &n, &err));
	cr_assert_eq(n, WRITERS);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(count_whole(s, runs[i].id), POINTS);
	fl_stored_runs_free(runs, n);
	fl_store_close(s);
}

Test(store_harm, says_that_there_are_no_runs_yet)
{
	struct fl_error err = { 0 };
	struct fl_store *s;

	cr_assert_eq(fl_store_open(&s, true, &err), -1);
	cr_assert_eq(err.kind, FL_USAGE);
	cr_assert(strstr(err.text, "faultline run"), "%s", err.text);
}

/* A full disk: the point is not there, those before it are. */
Test(store_harm, keeps_what_was_measured_when_the_disk_is_full)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	struct fl_error err = { 0 };
	unsigned int i = 1;

	cr_assert(!fl_db_exec(s, "PRAGMA max_page_count = 60", &err));
	while (i < 1000 && !put(s, run, i, &err))
		i++;
	cr_assert(i > 1 && i < 1000);
	cr_assert_eq(err.kind, FL_MACHINE);
	cr_assert(strstr(err.text, "full") && strstr(err.text, fixture_folder), "%s", err.text);
	cr_assert_eq(count_whole(s, run), i - 1);
	fl_store_close(s);
}

/* Root may write anywhere, so somebody else looks. */
static int look_as_nobody(int64_t run)
{
	struct fl_error err = { 0 };
	struct fl_store *s;
	int64_t id;

	if (!geteuid() && (setgid(65534) || setuid(65534)))
		return 1;
	if (!fl_store_open(&s, false, &err) || err.kind != FL_MACHINE)
		return 2;
	if (fl_store_open(&s, true, &err))
		return 3;
	return fl_store_find_run(s, "latest", &id, &err) || id != run ? 4 : 0;
}

Test(store_harm, reads_a_folder_that_it_may_not_write)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t");
	int status;
	pid_t pid;

	fl_store_close(s);
	chmod(fixture_folder, 0555);
	pid = fork();
	if (!pid)
		_exit(look_as_nobody(run));
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	chmod(fixture_folder, 0755);
	cr_assert_eq(status, 0, "step %d", WEXITSTATUS(status));
}
