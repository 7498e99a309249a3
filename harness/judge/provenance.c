/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/provenance.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/config_diff.h"

#define OPTIONS_SAID 8  /* differences of a configuration that are listed; the rest is counted */
#define PROGRAMS_SAID 5 /* of an image */
#define HASH_SAID 12    /* letters of a hash: as many as git shows */

/* --- a run's kernels --- */

const char *fl_kernel_of_role(const struct fl_stored_run *run, const char *role)
{
	size_t i = fl_strv_find(&run->roles, role);

	return i < run->role_kernels.n ? run->role_kernels.v[i] : role;
}

char *fl_roles_of_kernel(const struct fl_stored_run *run, const char *kernel)
{
	char *text = NULL;

	for (size_t i = 0; i < run->roles.n; i++) {
		cleanup_free char *old = NULL;

		if (strcmp(run->role_kernels.v[i], kernel) != 0 || !strcmp(run->roles.v[i], kernel))
			continue;
		old = text;
		text = old ? fl_asprintf("%s, %s", old, run->roles.v[i])
			   : fl_strdup(run->roles.v[i]);
	}
	return text;
}

const struct fl_build *fl_summary_build(const struct fl_summary *s, const char *kernel)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].build && !strcmp(s->points[i].kernel, kernel))
			return fl_provenance_build(&s->provenance, s->points[i].build);
	return NULL;
}

char *fl_build_commit(const struct fl_build *b)
{
	if (!b || !b->commit)
		return NULL;
	return fl_asprintf("commit %.*s%s", HASH_SAID, b->commit,
			   b->dirty && !strcmp(b->dirty, "yes") ? ", dirty" : "");
}

/* Names of the kernels, in the order of the plan. */
static struct fl_strv kernels_of(const struct fl_summary *s)
{
	struct fl_strv names = { 0 };

	for (size_t i = 0; i < s->n_points; i++)
		fl_strv_add(&names, s->points[i].kernel);
	return names;
}

void fl_summary_kernel_notes(const struct fl_summary *s, struct fl_strv *lines)
{
	struct fl_strv names = kernels_of(s);

	for (size_t i = 0; i < names.n; i++) {
		const struct fl_build *b = fl_summary_build(s, names.v[i]);
		cleanup_free char *roles = fl_roles_of_kernel(&s->run, names.v[i]);
		cleanup_free char *commit = fl_build_commit(b);
		bool elsewhere = b && b->path && (!b->name || strcmp(b->name, names.v[i]) != 0);

		if (roles || commit || elsewhere)
			fl_strv_pushf(lines, "%s%s%s%s%s%s%s", names.v[i],
				      roles ? " fills the role " : "", roles ? roles : "",
				      elsewhere ? ": " : "", elsewhere ? b->path : "",
				      commit ? (elsewhere ? ", " : ": ") : "",
				      commit ? commit : "");
	}
	fl_strv_release(&names);
}

/* "6.12" of "6.12.117-rc1" */
static int line_length(const char *version)
{
	size_t major = strcspn(version, "."), minor;

	if (!version[major])
		return (int)strlen(version);
	minor = strspn(version + major + 1, "0123456789");
	return (int)(major + 1 + minor);
}

static const char *release_of(const struct fl_summary *s, const char *kernel)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].kernel_release && !strcmp(s->points[i].kernel, kernel))
			return s->points[i].kernel_release;
	return "?";
}

char *fl_summary_kernel_line(const struct fl_summary *s)
{
	struct fl_strv names = kernels_of(s), words = { 0 };
	char *line;

	for (size_t i = 0; i < names.n; i++) {
		const struct fl_build *b = fl_summary_build(s, names.v[i]);
		const char *version = b && b->base ? b->base : release_of(s, names.v[i]);

		fl_strv_pushf(&words, "%s %.*s%s%s", b && b->name ? b->name : names.v[i],
			      line_length(version), version,
			      b && b->series && *b->series ? " " : "",
			      b && b->series ? b->series : "");
	}
	fl_strv_sort(&words);
	line = fl_strv_join(&words, "; ");
	fl_strv_release(&names);
	fl_strv_release(&words);
	return line;
}

/* --- two sides --- */

/* A kernel of each side, of the same name or the only one. */
struct kernels {
	const char *name; /* NULL: the only one */
	const struct fl_build *a, *b;
};

/* "what: A, B" or, where there are several kernels, "what of NAME: A, B". */
static void push(struct fl_strv *list, const struct kernels *k, const char *what, const char *a,
		 const char *b)
{
	fl_strv_pushf(list, "%s%s%s: %s, %s", what, k->name ? " of " : "", k->name ? k->name : "",
		      a, b);
}

static const char *known(const char *text)
{
	return !text ? "unknown" : *text ? text : "none";
}

static void note_text(struct fl_strv *list, const struct kernels *k, const char *what,
		      const char *a, const char *b)
{
	if ((a || b) && strcmp(known(a), known(b)) != 0)
		push(list, k, what, known(a), known(b));
}

static void note_commit(struct fl_comparison *c, const struct kernels *k)
{
	cleanup_free char *a = fl_build_commit(k->a), *b = fl_build_commit(k->b);

	if (a && b && !strcmp(a, b) && strstr(a, "dirty") &&
	    strcmp(k->a->file_hash, k->b->file_hash) != 0)
		push(&c->differs, k, "commit", a, "the same with other changes");
	else
		note_text(&c->differs, k, "commit", a ? a + strlen("commit ") : NULL,
			  b ? b + strlen("commit ") : NULL);
}

static void note_series(struct fl_comparison *c, const struct kernels *k)
{
	const char *a = k->a->series_hash, *b = k->b->series_hash;

	note_text(&c->differs, k, "series", k->a->series, k->b->series);
	if (a && b && k->a->series && k->b->series && !strcmp(k->a->series, k->b->series) &&
	    strcmp(a, b) != 0)
		fl_strv_pushf(&c->differs, "patches of the series%s%s: %.*s, %.*s",
			      k->name ? " of " : "", k->name ? k->name : "", HASH_SAID, a,
			      HASH_SAID, b);
}

/* The first of a list, and how many more there are. */
static char *first_of(const struct fl_strv *list, size_t most, const char *between)
{
	char *text = fl_strdup("");

	for (size_t i = 0; i < list->n && i < most; i++) {
		cleanup_free char *old = text;

		text = fl_asprintf("%s%s%s", old, i ? between : "", list->v[i]);
	}
	if (list->n > most) {
		cleanup_free char *old = text;

		text = fl_asprintf("%s and %zu more", old, list->n - most);
	}
	return text;
}

static void note_lone(struct fl_comparison *c, const struct kernels *k, const char *side,
		      const struct fl_strv *options)
{
	cleanup_free char *text = first_of(options, OPTIONS_SAID, ", ");

	if (options->n)
		fl_strv_pushf(&c->differs, "options that only %s%s%s has: %s", side,
			      k->name ? " of " : "", k->name ? k->name : "", text);
}

static void note_config(struct fl_comparison *c, const struct kernels *k)
{
	cleanup_free char *chosen = NULL;
	struct fl_config_diff d;

	if (!k->a->config || !k->b->config) {
		note_text(&c->differs, k, "configuration", k->a->config ? "known" : NULL,
			  k->b->config ? "known" : NULL);
		return;
	}
	fl_config_diff(&d, k->a->config, k->b->config);
	note_lone(c, k, "A", &d.only_a);
	note_lone(c, k, "B", &d.only_b);
	chosen = first_of(&d.chosen, OPTIONS_SAID, "; ");
	if (d.chosen.n)
		fl_strv_pushf(&c->unfair,
			      "the configurations%s%s differ in what both kernels know (%zu): "
			      "%s",
			      k->name ? " of " : "", k->name ? k->name : "", d.chosen.n, chosen);
	fl_config_diff_release(&d);
}

/* For a kernel built by build.sh an absent fact means "none". */
static const char *taken(const struct fl_build *b)
{
	return b->taken || !b->fragments ? b->taken : "";
}

static void note_kernels(struct fl_comparison *c, const struct kernels *k)
{
	size_t before = c->differs.n + c->unfair.n;

	if (!strcmp(k->a->hash, k->b->hash))
		return;
	note_commit(c, k);
	note_text(&c->differs, k, "source", k->a->source, k->b->source);
	note_text(&c->differs, k, "base", k->a->base, k->b->base);
	note_series(c, k);
	note_text(&c->unfair, k, "compiler", k->a->compiler, k->b->compiler);
	note_text(&c->differs, k, "options in place of others", taken(k->a), taken(k->b));
	note_config(c, k);
	if (before == c->differs.n + c->unfair.n && strcmp(k->a->file_hash, k->b->file_hash) != 0)
		fl_strv_pushf(&c->differs, "file of the kernel%s%s: %.*s, %.*s", k->name ? " " : "",
			      k->name ? k->name : "", HASH_SAID, k->a->file_hash, HASH_SAID,
			      k->b->file_hash);
}

/* Kernels that a side measured, by name. */
static struct fl_strv kernels_taken(const struct fl_summary *s, const struct fl_selection *sel)
{
	struct fl_strv names = { 0 };

	for (size_t i = 0; i < s->n_points; i++)
		if (fl_selection_takes(sel, &s->points[i]))
			fl_strv_add(&names, s->points[i].kernel);
	return names;
}

static void note_pair(struct fl_comparison *c, struct kernels k)
{
	if (k.a && k.b)
		note_kernels(c, &k);
	else if (k.a || k.b)
		push(&c->differs, &k, "origin of the kernel", k.a ? "known" : "unknown",
		     k.b ? "known" : "unknown");
}

static void note_all_kernels(struct fl_comparison *c)
{
	struct fl_strv a = kernels_taken(&c->a, &c->sa), b = kernels_taken(&c->b, &c->sb);

	if (a.n == 1 && b.n == 1) {
		note_pair(c, (struct kernels){ .a = fl_summary_build(&c->a, a.v[0]),
					       .b = fl_summary_build(&c->b, b.v[0]) });
	} else {
		for (size_t i = 0; i < a.n; i++)
			if (fl_strv_has(&b, a.v[i]))
				note_pair(c,
					  (struct kernels){ .name = a.v[i],
							    .a = fl_summary_build(&c->a, a.v[i]),
							    .b = fl_summary_build(&c->b, a.v[i]) });
	}
	fl_strv_release(&a);
	fl_strv_release(&b);
}

/* --- programs --- */

/* The image of the side's first point that has one. */
static const struct fl_image_facts *image_of(const struct fl_summary *s,
					     const struct fl_selection *sel)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].image && fl_selection_takes(sel, &s->points[i]))
			return fl_provenance_image(&s->provenance, s->points[i].image);
	return NULL;
}

/* Does a point of this side use the file?  Its command names it, or every point needs it: the
 * agent, libraries, busybox. */
static bool is_used(const struct fl_summary *s, const struct fl_selection *sel, const char *place)
{
	const char *name = strrchr(place, '/') + 1;

	if (!strcmp(place, "/init") || strstr(place, "/lib") || !strcmp(name, "busybox"))
		return true;
	for (size_t i = 0; i < s->n_points; i++) {
		struct fl_strv words = { 0 };
		bool used = false;

		if (!fl_selection_takes(sel, &s->points[i]))
			continue;
		fl_strv_split_words(&words, s->points[i].workload);
		for (size_t w = 0; w < words.n && !used; w++) {
			const char *slash = strrchr(words.v[w], '/');

			used = !strcmp(slash ? slash + 1 : words.v[w], name);
		}
		fl_strv_release(&words);
		if (used)
			return true;
	}
	return false;
}

static void note_programs(struct fl_comparison *c)
{
	const struct fl_image_facts *a = image_of(&c->a, &c->sa), *b = image_of(&c->b, &c->sb);
	struct fl_strv used = { 0 }, others = { 0 };
	cleanup_free char *said = NULL, *rest = NULL;

	if (!a || !b || !strcmp(a->hash, b->hash))
		return;
	for (size_t i = 0; i < a->programs.n; i++) {
		size_t j = fl_strv_find(&b->programs, a->programs.v[i]);

		if (j == b->programs.n || !strcmp(a->hashes.v[i], b->hashes.v[j]))
			continue;
		if (is_used(&c->b, &c->sb, a->programs.v[i]))
			fl_strv_pushf(&used, "%s (%.*s, %.*s)", a->programs.v[i], HASH_SAID,
				      a->hashes.v[i], HASH_SAID, b->hashes.v[j]);
		else
			fl_strv_push(&others, a->programs.v[i]);
	}
	said = first_of(&used, PROGRAMS_SAID, ", ");
	rest = first_of(&others, PROGRAMS_SAID, ", ");
	if (used.n)
		fl_strv_pushf(&c->unfair, "programs in the guests differ: %s", said);
	else
		fl_strv_pushf(&c->differs, "image of the guests: %.*s, %.*s%s%s", HASH_SAID,
			      a->hash, HASH_SAID, b->hash,
			      others.n ? "; programs that were not run: " : "", rest);
	fl_strv_release(&used);
	fl_strv_release(&others);
}

/* --- QEMU --- */

static const char *qemu_of(const struct fl_summary *s, const struct fl_selection *sel)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].qemu && fl_selection_takes(sel, &s->points[i]))
			return s->points[i].qemu;
	return NULL;
}

/* Of points that say which; a run as a whole says it in its machine, which fairness.c compares. */
static void note_qemu(struct fl_comparison *c)
{
	const char *a = qemu_of(&c->a, &c->sa), *b = qemu_of(&c->b, &c->sb);

	if (a && b && strcmp(a, b) != 0 && !strcmp(c->a.run.machine_json, c->b.run.machine_json))
		fl_strv_pushf(&c->unfair, "QEMU: %s, %s", a, b);
}

void fl_note_provenance(struct fl_comparison *c)
{
	note_all_kernels(c);
	note_programs(c);
	note_qemu(c);
}
