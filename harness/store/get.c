/* SPDX-License-Identifier: GPL-2.0 */
/* Reading back: runs, points with their settings and metrics, samples, buckets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/base/strv.h"
#include "harness/store/db.h"

#define RUN_COLUMNS                                                                        \
	"SELECT r.id, r.name, r.experiment, r.about, r.verdict, r.created, r.state,"       \
	" r.machine, r.clock, r.timebase, r.arguments, r.experiment_text, r.gate, r.seed," \
	" r.points,"                                                                       \
	" (SELECT COUNT(*) FROM point p WHERE p.run = r.id) FROM run r "

static void take_run(sqlite3_stmt *stmt, struct fl_stored_run *run)
{
	char **texts[] = { &run->name,     &run->experiment, &run->about,           &run->verdict,
			   &run->created,  &run->state,      &run->machine_json,    &run->clock,
			   &run->timebase, &run->arguments,  &run->experiment_text, &run->gate };

	run->id = sqlite3_column_int64(stmt, 0);
	for (int i = 0; i < 12; i++)
		*texts[i] = fl_db_text(stmt, i + 1);
	run->seed = (uint64_t)sqlite3_column_int64(stmt, 13);
	run->planned = (unsigned int)sqlite3_column_int64(stmt, 14);
	run->stored = (unsigned int)sqlite3_column_int64(stmt, 15);
}

void fl_stored_run_release(struct fl_stored_run *run)
{
	free(run->name);
	free(run->experiment);
	free(run->about);
	free(run->verdict);
	free(run->created);
	free(run->state);
	free(run->machine_json);
	free(run->clock);
	free(run->timebase);
	free(run->arguments);
	free(run->experiment_text);
	free(run->gate);
	fl_strv_release(&run->roles);
	fl_strv_release(&run->role_kernels);
	memset(run, 0, sizeof(*run));
}

char *fl_stored_run_command(const struct fl_stored_run *run)
{
	return fl_asprintf("faultline %s --seed %llu", run->arguments,
			   (unsigned long long)run->seed);
}

int fl_store_run(struct fl_store *s, int64_t id, struct fl_stored_run *run, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	memset(run, 0, sizeof(*run));
	if (fl_db_prepare(s, &stmt, RUN_COLUMNS "WHERE r.id = ?", err))
		return -1;
	sqlite3_bind_int64(stmt, 1, id);
	row = fl_db_row(s, stmt, err);
	if (row == 1)
		take_run(stmt, run);
	if (row != 1)
		return row ? -1 : fl_fail(err, FL_USAGE, "the run is gone");
	return fl_db_take_roles(s, run, err);
}

int fl_store_runs(struct fl_store *s, struct fl_stored_run **runs, size_t *n, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	*runs = NULL;
	*n = 0;
	if (fl_db_prepare(s, &stmt, RUN_COLUMNS "ORDER BY r.id", err))
		return -1;
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		*runs = fl_realloc(*runs, (*n + 1) * sizeof(**runs));
		memset(&(*runs)[*n], 0, sizeof(**runs));
		take_run(stmt, &(*runs)[(*n)++]);
	}
	return row;
}

void fl_stored_runs_free(struct fl_stored_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fl_stored_run_release(&runs[i]);
	free(runs);
}

/* Rows of a query with one text parameter, as names; the id of the last. */
static int matching(struct fl_store *s, const char *sql, const char *text, struct fl_strv *names,
		    int64_t *id, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt, sql, err))
		return -1;
	fl_db_bind_text(stmt, 1, text);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		*id = sqlite3_column_int64(stmt, 0);
		fl_strv_push(names, (const char *)sqlite3_column_text(stmt, 1));
	}
	return row;
}

static int no_such_run(struct fl_store *s, const char *text, struct fl_error *err)
{
	struct fl_strv all = { 0 };
	char near[160];
	int64_t id;

	if (matching(s,
		     "SELECT 1, name FROM run WHERE ? NOT NULL UNION"
		     " SELECT 1, 'latest' UNION SELECT 1, 'latest:' || experiment FROM run ORDER "
		     "BY 2 DESC",
		     text, &all, &id, err)) {
		fl_strv_release(&all);
		return -1;
	}
	fl_did_you_mean(text, &all, near, sizeof(near));
	fl_strv_release(&all);
	return fl_fail(err, FL_USAGE, "no run %s%s", text, *near ? near : ": faultline list runs");
}

static int judge_matches(struct fl_store *s, const char *text, const struct fl_strv *names,
			 struct fl_error *err)
{
	char list[600] = "";

	if (names->n == 1)
		return 0;
	if (!names->n)
		return no_such_run(s, text, err);
	for (size_t i = 0; i < names->n && strlen(list) < 500; i++) {
		strncat(list, i ? ", " : "", 3);
		strncat(list, names->v[i], 80);
	}
	return fl_fail(err, FL_USAGE, "%s is the beginning of several runs: %s", text, list);
}

int fl_store_find_run(struct fl_store *s, const char *text, int64_t *id, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	bool latest = !strcmp(text, "latest"), of = !strncmp(text, "latest:", 7);
	int bad;

	if (!*text) /* the beginning of every name */
		return fl_fail(err, FL_USAGE, "an empty RUN names none: faultline list runs");
	if (latest)
		bad = matching(s, "SELECT id, name FROM run WHERE ?1 = ?1 ORDER BY id DESC LIMIT 1",
			       text, &names, id, err);
	else if (of)
		bad = matching(
			s, "SELECT id, name FROM run WHERE experiment = ? ORDER BY id DESC LIMIT 1",
			text + 7, &names, id, err);
	else
		bad = matching(s, "SELECT id, name FROM run WHERE name = ?", text, &names, id, err);
	if (!bad && !names.n && !latest && !of)
		bad = matching(s, "SELECT id, name FROM run WHERE substr(name, 1, length(?1)) = ?1",
			       text, &names, id, err);
	if (!bad)
		bad = judge_matches(s, text, &names, err);
	fl_strv_release(&names);
	return bad;
}

static void take_point(sqlite3_stmt *stmt, struct fl_stored_point *p)
{
	char **texts[] = { &p->status,        &p->reason,   &p->kernel,  &p->kernel_release,
			   &p->workload_name, &p->workload, &p->created, &p->command,
			   &p->start,         &p->qemu };

	memset(p, 0, sizeof(*p));
	p->id = sqlite3_column_int64(stmt, 0);
	p->number = (unsigned int)sqlite3_column_int64(stmt, 1);
	p->repeat = (unsigned int)sqlite3_column_int64(stmt, 2);
	p->wall_s = sqlite3_column_double(stmt, 3);
	p->clock_error_ns = sqlite3_column_double(stmt, 4);
	for (int i = 0; i < 10; i++)
		*texts[i] = fl_db_text(stmt, i + 5);
	p->build = sqlite3_column_int64(stmt, 15);
	p->image = sqlite3_column_int64(stmt, 16);
}

static int take_settings(struct fl_store *s, sqlite3_stmt *stmt, struct fl_stored_point *p,
			 struct fl_error *err)
{
	int row;

	sqlite3_bind_int64(stmt, 1, p->id);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		p->settings = fl_realloc(p->settings, (p->n_settings + 1) * sizeof(*p->settings));
		p->settings[p->n_settings].name = fl_db_text(stmt, 0);
		p->settings[p->n_settings++].value = fl_db_text(stmt, 1);
	}
	sqlite3_reset(stmt);
	return row;
}

static int take_metrics(struct fl_store *s, sqlite3_stmt *stmt, struct fl_stored_point *p,
			struct fl_error *err)
{
	int row;

	sqlite3_bind_int64(stmt, 1, p->id);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		struct fl_stored_metric *m;

		p->metrics = fl_realloc(p->metrics, (p->n_metrics + 1) * sizeof(*p->metrics));
		m = &p->metrics[p->n_metrics++];
		m->name = fl_db_text(stmt, 0);
		m->value = sqlite3_column_double(stmt, 1);
		m->unit = fl_db_text(stmt, 2);
	}
	sqlite3_reset(stmt);
	return row;
}

int fl_store_points(struct fl_store *s, int64_t run, struct fl_stored_point **points, size_t *n,
		    struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL, *settings = NULL, *metrics = NULL;
	int row;

	*points = NULL;
	*n = 0;
	if (fl_db_prepare(
		    s, &stmt,
		    "SELECT id, number, repeat, wall_s, clock_error_ns, status, reason, kernel,"
		    " kernel_release, workload_name, workload, created, command, start, qemu,"
		    " build, image FROM point WHERE run = ? ORDER BY number",
		    err) ||
	    fl_db_prepare(s, &settings,
			  "SELECT name, value FROM setting WHERE point = ? ORDER BY name", err) ||
	    fl_db_prepare(s, &metrics,
			  "SELECT name, value, unit FROM metric WHERE point = ? ORDER BY name",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		*points = fl_realloc(*points, (*n + 1) * sizeof(**points));
		take_point(stmt, &(*points)[*n]);
		if (take_settings(s, settings, &(*points)[(*n)++], err) ||
		    take_metrics(s, metrics, &(*points)[*n - 1], err))
			return -1;
	}
	return row;
}

static void release_point(struct fl_stored_point *p)
{
	for (size_t i = 0; i < p->n_settings; i++) {
		free(p->settings[i].name);
		free(p->settings[i].value);
	}
	for (size_t i = 0; i < p->n_metrics; i++) {
		free(p->metrics[i].name);
		free(p->metrics[i].unit);
	}
	free(p->settings);
	free(p->metrics);
	free(p->status);
	free(p->reason);
	free(p->kernel);
	free(p->kernel_release);
	free(p->workload_name);
	free(p->workload);
	free(p->created);
	free(p->command);
	free(p->start);
	free(p->qemu);
}

void fl_stored_points_free(struct fl_stored_point *points, size_t n)
{
	for (size_t i = 0; i < n; i++)
		release_point(&points[i]);
	free(points);
}

int fl_store_profile(struct fl_store *s, int64_t point, struct fl_profile *p, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	memset(p, 0, sizeof(*p));
	if (fl_db_prepare(s, &stmt,
			  "SELECT text, insns, calls FROM profile JOIN stack ON stack.id = stack"
			  " WHERE point = ? ORDER BY text",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, point);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		const char *stack = (const char *)sqlite3_column_text(stmt, 0);
		uint64_t insns = (uint64_t)sqlite3_column_int64(stmt, 1);

		if (!stack || !*stack) {
			p->faults = insns;
			continue;
		}
		p->stacks = fl_realloc(p->stacks, (p->n + 1) * sizeof(*p->stacks));
		p->stacks[p->n++] = (struct fl_profile_stack){
			.stack = fl_strdup(stack),
			.insns = insns,
			.calls = (uint64_t)sqlite3_column_int64(stmt, 2),
		};
		p->instructions += insns;
	}
	return row;
}

int fl_store_each_tick(struct fl_store *s, int64_t point, const char *series,
		       int (*fn)(void *arg, uint64_t t_ns, double value), void *arg,
		       struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt,
			  "SELECT t_ns, value FROM sample WHERE series ="
			  " (SELECT id FROM series WHERE point = ? AND name = ?) ORDER BY t_ns",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, point);
	fl_db_bind_text(stmt, 2, series);
	while ((row = fl_db_row(s, stmt, err)) == 1)
		if (fn(arg, (uint64_t)sqlite3_column_int64(stmt, 0),
		       sqlite3_column_double(stmt, 1)))
			return 0;
	return row;
}

int fl_store_each_bucket(struct fl_store *s, int64_t point, const char *cls,
			 int (*fn)(void *arg, double low, double high, uint64_t count), void *arg,
			 struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt,
			  "SELECT low, high, count FROM bucket WHERE point = ? AND class = ?"
			  " ORDER BY low",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, point);
	fl_db_bind_text(stmt, 2, cls);
	while ((row = fl_db_row(s, stmt, err)) == 1)
		if (fn(arg, sqlite3_column_double(stmt, 0), sqlite3_column_double(stmt, 1),
		       (uint64_t)sqlite3_column_int64(stmt, 2)))
			return 0;
	return row;
}

static enum fl_case_outcome outcome_of(const char *text)
{
	enum fl_case_outcome o = FL_CASE_PASS;

	while (o < FL_CASE_GONE && strcmp(fl_case_outcomes[o], text) != 0)
		o++;
	return o;
}

int fl_store_cases(struct fl_store *s, int64_t point, struct fl_case **cases, size_t *n,
		   struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	*cases = NULL;
	*n = 0;
	if (fl_db_prepare(s, &stmt,
			  "SELECT name, outcome, detail, number, failures, tries, text FROM"
			  " test_case WHERE point = ? ORDER BY name",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, point);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		cleanup_free char *name = fl_db_text(stmt, 0), *outcome = fl_db_text(stmt, 1);
		cleanup_free char *detail = fl_db_text(stmt, 2);
		struct fl_case *c;

		*cases = fl_realloc(*cases, (*n + 1) * sizeof(**cases));
		c = &(*cases)[(*n)++];
		*c = (struct fl_case){ .outcome = outcome_of(outcome) };
		snprintf(c->name, sizeof(c->name), "%s", name);
		snprintf(c->detail, sizeof(c->detail), "%s", detail);
		c->number = (unsigned int)sqlite3_column_int64(stmt, 3);
		c->failures = (uint64_t)sqlite3_column_int64(stmt, 4);
		c->tries = (uint64_t)sqlite3_column_int64(stmt, 5);
		c->text = fl_db_text(stmt, 6);
	}
	if (!row)
		return 0;
	fl_cases_free(*cases, *n);
	*cases = NULL;
	*n = 0;
	return -1;
}
