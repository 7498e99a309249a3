/* SPDX-License-Identifier: GPL-2.0 */
/* How long points of earlier runs took: what an estimate is made of. */
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/store/db.h"

int fl_store_each_duration(struct fl_store *s, const char *experiment, const char *clock,
			   void (*fn)(void *arg, const struct fl_duration *d), void *arg,
			   struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt,
			  "SELECT p.kernel, p.workload, p.wall_s,"
			  " (SELECT group_concat(name || '=' || value, char(10)) FROM"
			  " (SELECT name, value FROM setting WHERE point = p.id ORDER BY name))"
			  " FROM point p WHERE p.run IN (SELECT id FROM run"
			  " WHERE experiment = ? AND clock = ? ORDER BY id DESC LIMIT 5)",
			  err))
		return -1;
	fl_db_bind_text(stmt, 1, experiment);
	fl_db_bind_text(stmt, 2, clock);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		cleanup_free char *kernel = fl_db_text(stmt, 0), *workload = fl_db_text(stmt, 1);
		cleanup_free char *settings = fl_db_text(stmt, 3);
		struct fl_duration d = {
			.kernel = kernel,
			.workload = workload,
			.settings = settings ? settings : "",
			.wall_s = sqlite3_column_double(stmt, 2),
		};

		fn(arg, &d);
	}
	return row;
}
