/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/store/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"

#define BUSY_MS 60000

/* Turns SQLite's last error into one sentence.  Returns -1. */
static int fail(struct fl_store *s, struct fl_error *err)
{
	int code = sqlite3_errcode(s->db);

	switch (code & 0xff) {
	case SQLITE_FULL:
		return fl_fail(err, FL_MACHINE, "%s: the disk is full; make room, then --resume",
			       s->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return fl_fail(
			err, FL_MACHINE,
			"%s: cannot be written; fix its permissions or set FAULTLINE_RESULTS",
			s->path);
	case SQLITE_CANTOPEN:
		return fl_fail(err, FL_MACHINE,
			       "%s: cannot be opened; fix its permissions or set FAULTLINE_RESULTS",
			       s->path);
	case SQLITE_IOERR:
		return fl_fail(err, FL_MACHINE, "%s: input/output error (%s)", s->path,
			       sqlite3_errmsg(s->db));
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return fl_fail(err, FL_USAGE, "%s: not a results file of Faultline (%s)", s->path,
			       sqlite3_errmsg(s->db));
	default:
		return fl_fail(err, FL_MACHINE, "%s: %s", s->path, sqlite3_errmsg(s->db));
	}
}

int fl_db_exec(struct fl_store *s, const char *sql, struct fl_error *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s, err);
}

int fl_db_prepare(struct fl_store *s, sqlite3_stmt **stmt, const char *sql, struct fl_error *err)
{
	return sqlite3_prepare_v2(s->db, sql, -1, stmt, NULL) == SQLITE_OK ? 0 : fail(s, err);
}

int fl_db_run(struct fl_store *s, sqlite3_stmt *stmt, struct fl_error *err)
{
	int r = sqlite3_step(stmt) == SQLITE_DONE ? 0 : fail(s, err);

	sqlite3_reset(stmt);
	return r;
}

int fl_db_row(struct fl_store *s, sqlite3_stmt *stmt, struct fl_error *err)
{
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return fail(s, err);
	}
}

void fl_db_bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
	if (text)
		sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(stmt, i);
}

char *fl_db_text(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return text ? fl_strdup(text) : NULL;
}

static int version(struct fl_store *s, int *v, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, "PRAGMA user_version", err) || fl_db_row(s, stmt, err) < 0)
		return -1;
	*v = sqlite3_column_int(stmt, 0);
	return 0;
}

static int migrate(struct fl_store *s, int from, struct fl_error *err)
{
	static const char *const steps[] = { fl_schema,        fl_schema_from_1, fl_schema_from_2,
					     fl_schema_from_3, fl_schema_from_4, fl_schema_from_5 };

	if (!from)
		return fl_db_exec(s, fl_schema, err);
	for (; from < FL_SCHEMA_VERSION; from++)
		if (fl_db_exec(s, steps[from], err))
			return -1;
	return 0;
}

/* In one transaction, since two harnesses may find the file empty, or old, at the same time. */
static int make_schema(struct fl_store *s, struct fl_error *err)
{
	cleanup_free char *mark = fl_asprintf("PRAGMA user_version = %d", FL_SCHEMA_VERSION);
	int v;

	if (fl_db_exec(s, "BEGIN IMMEDIATE", err))
		return -1;
	if (version(s, &v, err) ||
	    (v < FL_SCHEMA_VERSION && (migrate(s, v, err) || fl_db_exec(s, mark, err)))) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return fl_db_exec(s, "COMMIT", err);
}

static int check_schema(struct fl_store *s, bool readonly, struct fl_error *err)
{
	int v;

	if (version(s, &v, err))
		return -1;
	if (v > FL_SCHEMA_VERSION)
		return fl_fail(err, FL_USAGE,
			       "%s: schema %d is of a newer Faultline (this one knows %d)", s->path,
			       v, FL_SCHEMA_VERSION);
	if (!v && readonly)
		return fl_fail(err, FL_USAGE, "%s: holds no runs yet", s->path);
	if (v < FL_SCHEMA_VERSION && readonly)
		return fl_fail(err, FL_USAGE,
			       "%s: schema %d is of an older Faultline and cannot be converted, "
			       "since the file cannot be written",
			       s->path, v);
	return v < FL_SCHEMA_VERSION ? make_schema(s, err) : 0;
}

/* Switching to WAL needs exclusive access for a moment, and SQLite does not wait for it. */
static int turn_wal_on(struct fl_store *s, struct fl_error *err)
{
	for (int i = 0; i < 500; i++) {
		int code = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);

		if ((code & 0xff) != SQLITE_BUSY)
			return code == SQLITE_OK ? 0 : fail(s, err);
		usleep(10000);
	}
	return fail(s, err);
}

/*
 * A WAL file is read through a -shm beside it.  If none can be created (a read-only disk, results
 * of another user) and the -wal is empty, the file does not change and is opened as immutable.
 */
static bool stands_still(const struct fl_store *s)
{
	cleanup_free char *wal = fl_asprintf("%s-wal", s->path);
	struct stat st;

	return access(fl_results(), W_OK) && (stat(wal, &st) || !st.st_size);
}

/* file:PATH?immutable=1, with reserved characters of a URI as %XX. */
static char *immutable_uri(const char *path)
{
	char *uri = fl_alloc(3 * strlen(path) + 32), *p = uri + sprintf(uri, "file:");

	for (; *path; path++) {
		if (strchr("%?#", *path))
			p += sprintf(p, "%%%02X", (unsigned char)*path);
		else
			*p++ = *path;
	}
	strcpy(p, "?immutable=1");
	return uri;
}

static int open_database(struct fl_store *s, bool readonly)
{
	int flags = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	cleanup_free char *uri = readonly && stands_still(s) ? immutable_uri(s->path) : NULL;

	if (uri)
		flags |= SQLITE_OPEN_URI;
	return sqlite3_open_v2(uri ? uri : s->path, &s->db, flags, NULL);
}

static int open_file(struct fl_store *s, bool readonly, struct fl_error *err)
{
	if (readonly && access(s->path, F_OK))
		return fl_fail(err, FL_USAGE, "%s: no runs yet: faultline run EXPERIMENT", s->path);
	if (!readonly && fl_make_folder(fl_results(), err))
		return -1;
	if (open_database(s, readonly) != SQLITE_OK)
		return fail(s, err);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	if (!readonly && turn_wal_on(s, err))
		return -1;
	if (fl_db_exec(s, "PRAGMA foreign_keys = ON", err))
		return -1;
	return check_schema(s, readonly, err);
}

/* A file of an older Faultline opened for reading only: first converted by a writer. */
static bool wants_converting(struct fl_store *s)
{
	struct fl_error ignored;
	int v;

	return s->db && !version(s, &v, &ignored) && v > 0 && v < FL_SCHEMA_VERSION &&
	       !access(s->path, W_OK) && !access(fl_results(), W_OK);
}

int fl_store_open(struct fl_store **out, bool readonly, struct fl_error *err)
{
	struct fl_store *s = fl_calloc(1, sizeof(*s));

	s->path = fl_asprintf("%s/faultline.db", fl_results());
	if (open_file(s, readonly, err)) {
		if (readonly && wants_converting(s)) {
			fl_store_close(s);
			if (fl_store_open(&s, false, err))
				return -1;
			fl_store_close(s);
			return fl_store_open(out, true, err);
		}
		fl_store_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void fl_store_close(struct fl_store *s)
{
	if (!s)
		return;
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}
