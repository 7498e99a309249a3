/* SPDX-License-Identifier: GPL-2.0 */
#include <sqlite3.h>

#include "harness/base/cleanup.h"
#include "tests/unit/store/store_fixture.h"

static struct fl_build build_of(const char *path, const char *commit, const char *config)
{
	struct fl_build b = {
		.path = fl_strdup(path),
		.file_hash = fl_strdup("f00d"),
		.commit = commit ? fl_strdup(commit) : NULL,
		.series = fl_strdup(""),
		.config = fl_strdup(config),
	};

	fl_build_seal(&b);
	return b;
}

static void put(struct fl_store *s, int64_t run, unsigned int number, const struct fl_build *b,
		const struct fl_image_facts *image)
{
	struct fl_point_record p = fixture_point(number, "ok", NULL, NULL, 0);
	struct fl_result r = { 0 };
	struct fl_error err = { 0 };

	p.build = b;
	p.image = image;
	p.qemu = b ? "QEMU emulator version 7.2.22" : NULL;
	cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
}

static int rows(const char *table)
{
	cleanup_free char *path = fl_asprintf("%s/faultline.db", fixture_folder);
	cleanup_free char *sql = fl_asprintf("SELECT COUNT(*) FROM %s", table);
	sqlite3_stmt *stmt;
	sqlite3 *db;
	int n;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

Test(provenance, equal_things_are_kept_once, .init = fixture_make, .fini = fixture_drop)
{
	struct fl_build a = build_of("/a/vmlinux", "c1", "CONFIG_X=y\n");
	struct fl_build same = build_of("/a/vmlinux", "c1", "CONFIG_X=y\n");
	struct fl_build other = build_of("/a/vmlinux", "c2", "CONFIG_X=y\n");
	struct fl_image_facts image = { .hash = "1234" };
	struct fl_store *s = fixture_open(false);
	int64_t run = fixture_run(s, "t-1", "t"), second = fixture_run(s, "t-2", "t");
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	struct fl_provenance p;
	size_t n;

	fl_strv_push(&image.programs, "/bin/usemem");
	fl_strv_push(&image.hashes, "abcd");
	put(s, run, 1, &a, &image);
	put(s, run, 2, &same, &image);
	put(s, run, 3, &other, &image);
	put(s, run, 4, NULL, NULL);
	put(s, second, 1, &a, &image);
	cr_expect_eq(rows("build"), 2, "two commits of one tree are two kernels");
	cr_expect_eq(rows("config"), 1);
	cr_expect_eq(rows("image"), 1);
	cr_expect_eq(rows("program"), 1);
	cr_assert(!fl_store_points(s, run, &points, &n, &err), "%s", err.text);
	cr_assert(!fl_store_provenance(s, run, &p, &err), "%s", err.text);
	cr_expect_eq(points[0].build, points[1].build);
	cr_expect_neq(points[0].build, points[2].build);
	cr_expect_str_eq(fl_provenance_build(&p, points[2].build)->commit, "c2");
	cr_expect_str_eq(fl_provenance_build(&p, points[2].build)->hash, other.hash);
	cr_expect_str_eq(fl_provenance_build(&p, points[0].build)->config, "CONFIG_X=y\n");
	cr_expect_str_eq(fl_provenance_image(&p, points[0].image)->hashes.v[0], "abcd");
	cr_expect_str_eq(points[0].qemu, "QEMU emulator version 7.2.22");
	cr_expect_null(fl_provenance_build(&p, points[3].build), "unknown");
	cr_expect_null(fl_provenance_image(&p, points[3].image));
	fl_stored_points_free(points, n);
	fl_provenance_release(&p);
	fl_image_facts_release(&image);
	fl_build_release(&a);
	fl_build_release(&same);
	fl_build_release(&other);
	fl_store_close(s);
}

Test(provenance, roles_come_back_in_order, .init = fixture_make, .fini = fixture_drop)
{
	struct fl_strv roles = { 0 }, kernels = { 0 };
	struct fl_run_info info = {
		.name = "t-1",
		.experiment = "t",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "",
		.arguments = "run t",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "tcg",
		.roles = &roles,
		.role_kernels = &kernels,
	};
	struct fl_store *s = fixture_open(false);
	struct fl_error err = { 0 };
	struct fl_stored_run run;
	char name[128];
	int64_t id;

	fl_strv_split_list(&roles, "stock,patched,debug");
	fl_strv_push(&kernels, "old");
	fl_strv_push(&kernels, "");
	fl_strv_push(&kernels, "new");
	cr_assert(!fl_store_create_run(s, &info, &id, name, &err), "%s", err.text);
	cr_assert(!fl_store_run(s, id, &run, &err), "%s", err.text);
	cr_assert_eq(run.roles.n, 2, "patched is filled by none");
	cr_expect_str_eq(run.roles.v[0], "stock");
	cr_expect_str_eq(run.role_kernels.v[1], "new");
	fl_stored_run_release(&run);
	fl_strv_release(&roles);
	fl_strv_release(&kernels);
	fl_store_close(s);
}

/* schema-3.sql: the file that a Faultline of schema 3 left, its profile cut short. */
static void make_schema_3(void)
{
	cleanup_free char *path = fl_asprintf("%s/faultline.db", fixture_folder);
	cleanup_file FILE *f = fopen("tests/unit/store/schema-3.sql", "re");
	char sql[65536];
	sqlite3 *db;

	cr_assert(f, "run it where tests/ is");
	sql[fread(sql, 1, sizeof(sql) - 1, f)] = '\0';
	cr_assert(feof(f));
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* Tables and columns of the file, by name. */
static char *columns(void)
{
	cleanup_free char *path = fl_asprintf("%s/faultline.db", fixture_folder);
	char *text = fl_strdup("");
	sqlite3_stmt *stmt;
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db,
					"SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m,"
					" pragma_table_info(m.name) c WHERE m.type = 'table'"
					" ORDER BY m.name, c.name",
					-1, &stmt, NULL),
		     SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		cleanup_free char *old = text;

		text = fl_asprintf("%s%s.%s %s %s\n", old, sqlite3_column_text(stmt, 0),
				   sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 2),
				   sqlite3_column_text(stmt, 3));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text;
}

Test(provenance, of_an_old_file_nothing_is_known, .init = fixture_make, .fini = fixture_drop)
{
	cleanup_free char *converted = NULL, *fresh = NULL, *path = NULL;
	struct fl_stored_point *points;
	struct fl_error err = { 0 };
	struct fl_provenance p;
	struct fl_store *s;
	int64_t run;
	size_t n;

	make_schema_3();
	s = fixture_open(true);
	cr_assert(!fl_store_find_run(s, "small", &run, &err), "%s", err.text);
	cr_assert(!fl_store_points(s, run, &points, &n, &err), "%s", err.text);
	cr_assert_eq(n, 1);
	cr_expect_str_eq(points[0].kernel_release, "6.12.117");
	cr_expect_gt(points[0].n_metrics, 50);
	cr_expect_eq(points[0].build, 0);
	cr_expect_eq(points[0].image, 0);
	cr_expect_null(points[0].qemu);
	cr_assert(!fl_store_provenance(s, run, &p, &err), "%s", err.text);
	cr_expect_eq(p.n_builds, 0);
	fl_provenance_release(&p);
	fl_stored_points_free(points, n);
	fl_store_close(s);
	converted = columns();
	path = fl_asprintf("%s/faultline.db", fixture_folder);
	cr_assert(!unlink(path));
	fl_store_close(fixture_open(false));
	fresh = columns();
	cr_expect_str_eq(converted, fresh, "a converted file and a new one are alike");
}
