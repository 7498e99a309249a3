/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_STORE_DB_H
#define FL_STORE_DB_H

#include <sqlite3.h>

#include "harness/store/store.h"

/* What the files of this room share: the handle and the way to a statement. */

#define FL_SCHEMA_VERSION 3

/* SQL: the whole, and the step from each older version. */
extern const char fl_schema[], fl_schema_from_1[], fl_schema_from_2[];

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

static inline void fl_cleanup_stmt(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}
#define cleanup_stmt __attribute__((cleanup(fl_cleanup_stmt)))

#endif
