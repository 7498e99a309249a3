/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STORE_DB_H
#define FL_STORE_DB_H

#include <sqlite3.h>

#include "harness/store/store.h"

/* Shared by the files of this folder: the handle, and how to get a statement. */

#define FL_SCHEMA_VERSION 6

/* SQL: the whole schema, and the step from each older version. */
extern const char fl_schema[], fl_schema_from_1[], fl_schema_from_2[], fl_schema_from_3[],
	fl_schema_from_4[], fl_schema_from_5[];

struct fl_store {
	sqlite3 *db;
	char *path;
};

int fl_db_exec(struct fl_store *s, const char *sql, struct fl_error *err);
int fl_db_prepare(struct fl_store *s, sqlite3_stmt **stmt, const char *sql, struct fl_error *err);

/* Runs a statement that gives no rows, and resets it for the next.  0 or -1. */
int fl_db_run(struct fl_store *s, sqlite3_stmt *stmt, struct fl_error *err);

/* 1: a row, 0: no more, -1. */
int fl_db_row(struct fl_store *s, sqlite3_stmt *stmt, struct fl_error *err);

/* Text that may be NULL; the value outlives the step. */
void fl_db_bind_text(sqlite3_stmt *stmt, int i, const char *text);
/* malloc'd copy, NULL for NULL. */
char *fl_db_text(sqlite3_stmt *stmt, int column);

/* Parts of a run and of a point: provenance.c.  An id is 0 for what was not given. */
int fl_db_put_build(struct fl_store *s, const struct fl_build *b, int64_t *id,
		    struct fl_error *err);
int fl_db_put_image(struct fl_store *s, const struct fl_image_facts *f, int64_t *id,
		    struct fl_error *err);
int fl_db_put_roles(struct fl_store *s, int64_t run, const struct fl_run_info *r,
		    struct fl_error *err);
int fl_db_take_roles(struct fl_store *s, struct fl_stored_run *run, struct fl_error *err);

static inline void fl_cleanup_stmt(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}
#define cleanup_stmt __attribute__((cleanup(fl_cleanup_stmt)))

#endif
