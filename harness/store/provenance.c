/* SPDX-License-Identifier: GPL-2.0 */
/* What points were measured with: kernel builds, images.  Equal ones are stored once. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/store/db.h"

/* --- writing --- */

/* A statement with one text, or two. */
static int put_texts(struct fl_store *s, const char *sql, const char *a, const char *b,
		     struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, sql, err))
		return -1;
	fl_db_bind_text(stmt, 1, a);
	if (b)
		fl_db_bind_text(stmt, 2, b);
	return fl_db_run(s, stmt, err);
}

/* The id of the row with this hash; 0: there is none. */
static int find_id(struct fl_store *s, const char *sql, const char *hash, int64_t *id,
		   struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	*id = 0;
	if (fl_db_prepare(s, &stmt, sql, err))
		return -1;
	fl_db_bind_text(stmt, 1, hash);
	row = fl_db_row(s, stmt, err);
	if (row == 1)
		*id = sqlite3_column_int64(stmt, 0);
	return row < 0 ? -1 : 0;
}

int fl_db_put_build(struct fl_store *s, const struct fl_build *build, int64_t *id,
		    struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	struct fl_build_fact facts[FL_BUILD_FACTS];
	struct fl_build b = *build;

	if (find_id(s, "SELECT id FROM build WHERE hash = ?", b.hash, id, err))
		return -1;
	if (*id)
		return 0;
	if (b.config && put_texts(s, "INSERT OR IGNORE INTO config (hash, text) VALUES (?, ?)",
				  b.config_hash, b.config, err))
		return -1;
	if (fl_db_prepare(s, &stmt,
			  "INSERT INTO build (hash, path, file_hash, name, source, base,"
			  " \"commit\", dirty, series, series_hash, fragments, compiler,"
			  " taken, config_hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
			  err))
		return -1;
	fl_build_facts(&b, facts);
	fl_db_bind_text(stmt, 1, b.hash);
	for (int i = 0; i < FL_BUILD_FACTS; i++)
		fl_db_bind_text(stmt, i + 2, *facts[i].value);
	if (fl_db_run(s, stmt, err))
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

static int put_programs(struct fl_store *s, const struct fl_image_facts *f, int64_t image,
			struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (fl_db_prepare(s, &stmt, "INSERT INTO program (image, place, hash) VALUES (?, ?, ?)",
			  err))
		return -1;
	for (size_t i = 0; i < f->programs.n; i++) {
		sqlite3_bind_int64(stmt, 1, image);
		fl_db_bind_text(stmt, 2, f->programs.v[i]);
		fl_db_bind_text(stmt, 3, f->hashes.v[i]);
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

int fl_db_put_image(struct fl_store *s, const struct fl_image_facts *f, int64_t *id,
		    struct fl_error *err)
{
	if (find_id(s, "SELECT id FROM image WHERE hash = ?", f->hash, id, err))
		return -1;
	if (*id)
		return 0;
	if (put_texts(s, "INSERT INTO image (hash) VALUES (?)", f->hash, NULL, err))
		return -1;
	*id = sqlite3_last_insert_rowid(s->db);
	return put_programs(s, f, *id, err);
}

int fl_db_put_roles(struct fl_store *s, int64_t run, const struct fl_run_info *r,
		    struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	if (!r->roles)
		return 0;
	if (fl_db_prepare(s, &stmt, "INSERT INTO role (run, number, name, kernel) VALUES (?,?,?,?)",
			  err))
		return -1;
	for (size_t i = 0; i < r->roles->n; i++) {
		if (!*r->role_kernels->v[i])
			continue;
		sqlite3_bind_int64(stmt, 1, run);
		sqlite3_bind_int64(stmt, 2, (sqlite3_int64)i);
		fl_db_bind_text(stmt, 3, r->roles->v[i]);
		fl_db_bind_text(stmt, 4, r->role_kernels->v[i]);
		if (fl_db_run(s, stmt, err))
			return -1;
	}
	return 0;
}

/* --- reading --- */

static void take_build(struct fl_provenance *p, sqlite3_stmt *stmt)
{
	struct fl_build_fact facts[FL_BUILD_FACTS];
	struct fl_stored_build *b;

	p->builds = fl_realloc(p->builds, (p->n_builds + 1) * sizeof(*p->builds));
	b = &p->builds[p->n_builds++];
	*b = (struct fl_stored_build){ .id = sqlite3_column_int64(stmt, 0) };
	fl_build_facts(&b->build, facts);
	for (int i = 0; i < FL_BUILD_FACTS; i++)
		*facts[i].value = fl_db_text(stmt, i + 1);
	b->build.config = fl_db_text(stmt, FL_BUILD_FACTS + 1);
	fl_build_seal(&b->build);
}

static int read_builds(struct fl_store *s, int64_t run, struct fl_provenance *p,
		       struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt,
			  "SELECT id, path, file_hash, name, source, base, \"commit\", dirty,"
			  " series, series_hash, fragments, compiler, taken, config_hash, text"
			  " FROM build LEFT JOIN config ON config.hash = config_hash"
			  " WHERE id IN (SELECT build FROM point WHERE run = ?) ORDER BY id",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run);
	while ((row = fl_db_row(s, stmt, err)) == 1)
		take_build(p, stmt);
	return row;
}

static int read_images(struct fl_store *s, int64_t run, struct fl_provenance *p,
		       struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt,
			  "SELECT id, image.hash, place, program.hash FROM image"
			  " LEFT JOIN program ON image = id"
			  " WHERE id IN (SELECT image FROM point WHERE run = ?)"
			  " ORDER BY id, place",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		cleanup_free char *hash = fl_db_text(stmt, 1), *place = fl_db_text(stmt, 2);
		cleanup_free char *of_program = fl_db_text(stmt, 3);
		struct fl_stored_image *i;

		if (!p->n_images || p->images[p->n_images - 1].id != id) {
			p->images = fl_realloc(p->images, (p->n_images + 1) * sizeof(*p->images));
			p->images[p->n_images++] = (struct fl_stored_image){ .id = id };
			strncpy(p->images[p->n_images - 1].image.hash, hash, FL_DIGEST_LEN - 1);
		}
		i = &p->images[p->n_images - 1];
		if (place && of_program) {
			fl_strv_push(&i->image.programs, place);
			fl_strv_push(&i->image.hashes, of_program);
		}
	}
	return row;
}

int fl_store_provenance(struct fl_store *s, int64_t run, struct fl_provenance *p,
			struct fl_error *err)
{
	memset(p, 0, sizeof(*p));
	return read_builds(s, run, p, err) || read_images(s, run, p, err) ? -1 : 0;
}

void fl_provenance_release(struct fl_provenance *p)
{
	for (size_t i = 0; i < p->n_builds; i++)
		fl_build_release(&p->builds[i].build);
	for (size_t i = 0; i < p->n_images; i++)
		fl_image_facts_release(&p->images[i].image);
	free(p->builds);
	free(p->images);
	memset(p, 0, sizeof(*p));
}

const struct fl_build *fl_provenance_build(const struct fl_provenance *p, int64_t id)
{
	for (size_t i = 0; i < p->n_builds; i++)
		if (p->builds[i].id == id)
			return &p->builds[i].build;
	return NULL;
}

const struct fl_image_facts *fl_provenance_image(const struct fl_provenance *p, int64_t id)
{
	for (size_t i = 0; i < p->n_images; i++)
		if (p->images[i].id == id)
			return &p->images[i].image;
	return NULL;
}

int fl_db_take_roles(struct fl_store *s, struct fl_stored_run *run, struct fl_error *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int row;

	if (fl_db_prepare(s, &stmt, "SELECT name, kernel FROM role WHERE run = ? ORDER BY number",
			  err))
		return -1;
	sqlite3_bind_int64(stmt, 1, run->id);
	while ((row = fl_db_row(s, stmt, err)) == 1) {
		fl_strv_push(&run->roles, (const char *)sqlite3_column_text(stmt, 0));
		fl_strv_push(&run->role_kernels, (const char *)sqlite3_column_text(stmt, 1));
	}
	return row;
}
