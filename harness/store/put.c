/* SPDX-License-Identifier: GPL-2.0 */
/* Writing: runs as they begin and end, points whole. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/store/db.h"

static int insert_run(struct fl_store *s, const struct fl_run_info *r, const char *name,
		      struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	const char *texts[] = { name,       r->experiment,      r->about,     r->verdict,
				r->created, r->experiment_text, r->arguments, r->machine_json,
				r->clock,   r->timebase };

	if (fl_db_prepare(s, &stmt,
			  "INSERT INTO run (name, experiment, about, verdict, created,"
			  " experiment_text, arguments, machine, clock, timebase, seed, points)"
			  " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
			  err))
		return -1;
	for (int i = 0; i < 10; i++)
		fl_db_bind_text(stmt, i + 1, texts[i]);
	sqlite3_bind_int64(stmt, 11, (sqlite3_int64)r->seed);
	sqlite3_bind_int64(stmt, 12, r->points);
	return fl_db_run(s, stmt, err);
}

int fl_store_create_run(struct fl_store *s, const struct fl_run_info *r, int64_t *id,
			char name_out[128], struct fl_error *err)
{
	for (unsigned int i = 1; i < 1000; i++) {
		if (i == 1)
			snprintf(name_out, 128, "%.120s", r->name);
		else
			snprintf(name_out, 128, "%.120s-%u", r->name, i);
		if (!insert_run(s, r, name_out, err)) {
			*id = sqlite3_last_insert_rowid(s->db);
			return fl_db_put_roles(s, *id, r, err);
		}
		if (sqlite3_extended_errcode(s->db) != SQLITE_CONSTRAINT_UNIQUE)
			return -1;
	}
	return -1;
}

int fl_store_set_gate(struct fl_store *s, int64_t id, const char *gate, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, "UPDATE run SET gate = ? WHERE id = ?", err))
		return -1;
	fl_db_bind_text(stmt, 1, gate);
	sqlite3_bind_int64(stmt, 2, id);
	return fl_db_run(s, stmt, err);
}

int fl_store_finish_run(struct fl_store *s, int64_t id, const char *state, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, "UPDATE run SET state = ? WHERE id = ?", err))
		return -1;
	fl_db_bind_text(stmt, 1, state);
	sqlite3_bind_int64(stmt, 2, id);
	return fl_db_run(s, stmt, err);
}

static int put_head(struct fl_store *s, int64_t run, const struct fl_point_record *p,
		    struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	const char *texts[] = { p->status,
				p->reason,
				p->kernel,
				p->kernel_release,
				p->workload_name,
				p->workload,
				p->created,
				p->command,
				p->start ? p->start : "boot",
				p->qemu };
	int64_t build = 0, image = 0;

	if ((p->build && fl_db_put_build(s, p->build, &build, err)) ||
	    (p->image && fl_db_put_image(s, p->image, &image, err)))
		return -1;

	if (fl_db_prepare(
		    s, &stmt,
		    "INSERT INTO point (run, number, repeat, wall_s, clock_error_ns, status,"
		    " reason, kernel, kernel_release, workload_name, workload, created, command,"
		    " start, qemu, build, image) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		    err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int64(stmt, 2, p->number);
	sqlite3_bind_int64(stmt, 3, p->repeat);
	sqlite3_bind_double(stmt, 4, p->wall_s);
	sqlite3_bind_double(stmt, 5, p->clock_error_ns);
	for (int i = 0; i < 10; i++)
		fl_db_bind_text(stmt, i + 6, texts[i]);
	if (build)
		sqlite3_bind_int64(stmt, 16, build);
	if (image)
		sqlite3_bind_int64(stmt, 17, image);
	return fl_db_run(s, stmt, err);
}

static int put_settings(struct fl_store *s, int64_t point, const struct fl_point_record *p,
			struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, "INSERT INTO setting (point, name, value) VALUES (?,?,?)", err))
		return -1;
	for (size_t i = 0; i < p->n_settings; i++) {
		sqlite3_bind_int64(stmt, 1, point);
		fl_db_bind_text(stmt, 2, p->settings[i].name);
		fl_db_bind_text(stmt, 3, p->settings[i].value);
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

static int put_metrics(struct fl_store *s, int64_t point, const struct fl_result *r,
		       enum fl_timebase base, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(
		    s, &stmt,
		    "INSERT OR REPLACE INTO metric (point, name, value, unit) VALUES (?,?,?,?)",
		    err))
		return -1;
	for (size_t i = 0; i < r->n_values; i++) {
		if (!isfinite(r->values[i].value))
			continue;
		sqlite3_bind_int64(stmt, 1, point);
		fl_db_bind_text(stmt, 2, r->values[i].name);
		sqlite3_bind_double(stmt, 3, r->values[i].value);
		fl_db_bind_text(stmt, 4, fl_value_unit(&r->values[i], base));
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

static int put_series(struct fl_store *s, int64_t point, const struct fl_result *r,
		      enum fl_timebase base, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *series = NULL, *sample = NULL;

	if (fl_db_prepare(s, &series, "INSERT INTO series (point, name, unit) VALUES (?,?,?)",
			  err) ||
	    fl_db_prepare(s, &sample,
			  "INSERT OR REPLACE INTO sample (series, t_ns, value) VALUES (?,?,?)",
			  err))
		return -1;
	for (size_t i = 0; i < r->n_series; i++) {
		int64_t id;

		sqlite3_bind_int64(series, 1, point);
		fl_db_bind_text(series, 2, r->series_names[i]);
		fl_db_bind_text(series, 3, fl_unit_name(r->series_units[i], base));
		if (fl_db_run(s, series, err))
			return -1;
		id = sqlite3_last_insert_rowid(s->db);
		for (size_t j = 0; j < r->n_ticks; j++) {
			if (r->ticks[j].series != i)
				continue;
			sqlite3_bind_int64(sample, 1, id);
			sqlite3_bind_int64(sample, 2, (sqlite3_int64)r->ticks[j].t_ns);
			sqlite3_bind_double(sample, 3, r->ticks[j].value);
			if (fl_db_run(s, sample, err))
				return -1;
		}
	}
	return 0;
}

static int put_buckets(struct fl_store *s, int64_t point, const struct fl_result *r,
		       struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt,
			  "INSERT OR REPLACE INTO bucket (point, class, low, high, count)"
			  " VALUES (?,?,?,?,?)",
			  err))
		return -1;
	for (size_t i = 0; i < r->n_buckets; i++) {
		sqlite3_bind_int64(stmt, 1, point);
		fl_db_bind_text(stmt, 2, r->class_names[r->buckets[i].cls]);
		sqlite3_bind_double(stmt, 3, r->buckets[i].low);
		sqlite3_bind_double(stmt, 4, r->buckets[i].high);
		sqlite3_bind_int64(stmt, 5, (sqlite3_int64)r->buckets[i].count);
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

static void bind_count(sqlite3_stmt *stmt, int i, uint64_t count, bool known)
{
	if (known)
		sqlite3_bind_int64(stmt, i, (sqlite3_int64)count);
	else
		sqlite3_bind_null(stmt, i);
}

static int put_cases(struct fl_store *s, int64_t point, const struct fl_result *r,
		     struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt,
			  "INSERT OR REPLACE INTO test_case (point, name, outcome, detail,"
			  " number, failures, tries, text) VALUES (?,?,?,?,?,?,?,?)",
			  err))
		return -1;
	for (size_t i = 0; i < r->n_cases; i++) {
		const struct fl_case *c = &r->cases[i];

		sqlite3_bind_int64(stmt, 1, point);
		fl_db_bind_text(stmt, 2, c->name);
		fl_db_bind_text(stmt, 3, fl_case_outcomes[c->outcome]);
		fl_db_bind_text(stmt, 4, c->detail);
		sqlite3_bind_int64(stmt, 5, c->number);
		bind_count(stmt, 6, c->failures, c->failures || c->tries);
		bind_count(stmt, 7, c->tries, c->tries);
		fl_db_bind_text(stmt, 8, c->text);
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

static int put_stack(struct fl_store *s, sqlite3_stmt *text, sqlite3_stmt *stmt, int64_t point,
		     const struct fl_profile_stack *stack, struct fl_error *err)
{
	fl_db_bind_text(text, 1, stack->stack);
	if (fl_db_run(s, text, err))
		return -1;
	sqlite3_bind_int64(stmt, 1, point);
	sqlite3_bind_int64(stmt, 2, (sqlite3_int64)stack->insns);
	sqlite3_bind_int64(stmt, 3, (sqlite3_int64)stack->calls);
	fl_db_bind_text(stmt, 4, stack->stack);
	return fl_db_run(s, stmt, err);
}

static int put_profile(struct fl_store *s, int64_t point, const struct fl_profile *p,
		       struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL, *text = NULL;
	const struct fl_profile_stack faults = { .stack = "", .insns = p ? p->faults : 0 };

	if (!p || !p->n)
		return 0;
	if (fl_db_prepare(s, &text, "INSERT OR IGNORE INTO stack (text) VALUES (?)", err) ||
	    fl_db_prepare(s, &stmt,
			  "INSERT OR REPLACE INTO profile (point, insns, calls, stack)"
			  " SELECT ?, ?, ?, id FROM stack WHERE text = ?",
			  err) ||
	    put_stack(s, text, stmt, point, &faults, err))
		return -1;
	for (size_t i = 0; i < p->n; i++)
		if (put_stack(s, text, stmt, point, &p->stacks[i], err))
			return -1;
	return 0;
}

static int put_all(struct fl_store *s, int64_t run, const struct fl_point_record *p,
		   const struct fl_result *r, struct fl_error *err)
{
	int64_t point;

	if (put_head(s, run, p, err))
		return -1;
	point = sqlite3_last_insert_rowid(s->db);
	return put_settings(s, point, p, err) || put_metrics(s, point, r, p->timebase, err) ||
			       put_series(s, point, r, p->timebase, err) ||
			       put_buckets(s, point, r, err) || put_cases(s, point, r, err) ||
			       put_profile(s, point, p->profile, err)
		       ? -1
		       : 0;
}

int fl_store_put_point(struct fl_store *s, int64_t run, const struct fl_point_record *p,
		       const struct fl_result *r, struct fl_error *err)
{
	if (fl_db_exec(s, "BEGIN IMMEDIATE", err))
		return -1;
	if (put_all(s, run, p, r, err) || fl_db_exec(s, "COMMIT", err)) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return 0;
}

int fl_store_done(struct fl_store *s, int64_t run, bool *done, unsigned int n, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt, "SELECT number FROM point WHERE run = ?", err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		sqlite3_int64 number = sqlite3_column_int64(stmt, 0);

		if (number >= 0 && number < n)
			done[number] = true;
	}
	return row;
}
