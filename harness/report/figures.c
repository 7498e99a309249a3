/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/figures.h"
#include "harness/report/outcomes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/report/report.h"

/* In the order of a page; the first with data is the main one of an experiment that names none. */
static const struct fl_figure *const figures[] = {
	&fl_figure_cost_and_saving,
	&fl_figure_matrix,
	&fl_figure_answer,
	&fl_figure_limit,
	&fl_figure_hotplug,
	&fl_figure_leftover,
	&fl_figure_stack,
	&fl_figure_tradeoff,
	&fl_figure_where,
	&fl_figure_promotions,
	&fl_figure_tail,
	&fl_figure_memory_time,
	NULL,
};

/* Runs in the folder of its files.  If it fails its output stays in the log. */
static int run_gnuplot(const char *folder, const char *script, const char *log,
		       struct fl_error *err)
{
	const char *const argv[] = { "env", "-C", folder, "gnuplot", "-d", script, NULL };
	cleanup_free char *said = NULL;
	int status = fl_spawn_both(argv, &said);
	struct fl_error ignored;

	if (status == 127 || !said)
		return fl_fail(err, FL_MACHINE,
			       "gnuplot is not installed: apt install gnuplot-nox");
	unlink(log);
	if (status && !fl_interrupted()) {
		fl_write_file(log, said, strlen(said), &ignored);
		return fl_fail(err, FL_MACHINE, "gnuplot failed on %s: see %s", script, log);
	}
	return fl_interrupted() ? fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted") : 0;
}

static const char *const endings[] = { "gp", "dat", "svg", "png" };
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

/* Renames each file into place, so that concurrent drawings do not mix. */
static int publish(const char *base, const char *path, struct fl_error *err)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		cleanup_free char *from = fl_asprintf("%s.%s", base, endings[i]);
		cleanup_free char *to = fl_asprintf("%s.%s", path, endings[i]);

		if (rename(from, to))
			return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", to,
				       strerror(errno));
	}
	return 0;
}

static void remove_grown(const char *base)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		cleanup_free char *path = fl_asprintf("%s.%s", base, endings[i]);

		unlink(path);
	}
}

static void remove_folder(const char *folder)
{
	cleanup_free char *raw = fl_asprintf("%s/raw", folder);

	unlink(raw);
	rmdir(folder);
}

/* Its script, and the SVG that gnuplot makes of it, as a page takes it; in that folder. */
static int draw(const struct fl_chart *c, const char *folder, const char *name, const char *log,
		struct fl_error *err)
{
	cleanup_free char *svg = fl_asprintf("%s/%s.svg", folder, name);
	cleanup_free char *raw = fl_asprintf("%s/raw", folder),
			  *script = fl_asprintf("%s.gp", name);

	if (fl_chart_write(c, folder, name, err) || run_gnuplot(folder, script, log, err))
		return -1;
	if (rename(svg, raw))
		return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", raw, strerror(errno));
	return fl_chart_svg(c, raw, svg, err);
}

/* In a folder of its own; then the same for a phone, of which the SVG alone is kept. */
static int grow(struct fl_chart *c, const char *folder, const char *name, const char *path,
		struct fl_error *err)
{
	cleanup_free char *base = fl_asprintf("%s/%s", folder, name);
	cleanup_free char *log = fl_asprintf("%s.log", path);
	cleanup_free char *phone = fl_asprintf("%s%s", name, FL_DRAWING_NARROW);
	cleanup_free char *narrow = fl_asprintf("%s/%s", folder, phone);
	cleanup_free char *from = fl_asprintf("%s.svg", narrow);
	cleanup_free char *to = fl_asprintf("%s%s.svg", path, FL_DRAWING_NARROW);
	int bad = draw(c, folder, name, log, err) || publish(base, path, err);

	if (!bad) {
		fl_chart_narrow(c);
		fl_chart_lay_out(c);
		bad = draw(c, folder, phone, log, err);
	}
	if (!bad && rename(from, to))
		bad = fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", to, strerror(errno));
	remove_grown(base);
	remove_grown(narrow);
	remove_folder(folder);
	return bad ? -1 : 0;
}

static void keep(struct fl_drawings *all, const struct fl_figure *f, char *path, const char *title)
{
	all->v = fl_realloc(all->v, (all->n + 1) * sizeof(*all->v));
	all->v[all->n++] = (struct fl_drawing){ f, path, fl_strdup(title) };
}

int fl_figure_make(struct fl_drawings *all, const struct fl_figure *f, char *path,
		   struct fl_chart *c, struct fl_error *err)
{
	cleanup_free char *folder = fl_asprintf("%s.XXXXXX", path);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	int bad = 0;

	if (!c->n) {
		free(path);
		fl_chart_release(c);
		return 0;
	}
	fl_chart_lay_out(c);
	if (fl_interrupted())
		bad = fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	else if (!mkdtemp(folder))
		bad = fl_fail(err, FL_MACHINE, "%s: cannot be created: %s", folder,
			      strerror(errno));
	else
		bad = grow(c, folder, name, path, err);
	if (!bad)
		keep(all, f, path, c->title);
	else
		free(path);
	fl_chart_release(c);
	return bad ? -1 : 0;
}

static int make(struct fl_drawings *all, const struct fl_figure *f, const struct fl_summary *s,
		struct fl_store *store, struct fl_error *err)
{
	struct fl_chart c = { 0 };

	if (f->fill(&c, s, store, err)) {
		fl_chart_release(&c);
		return -1;
	}
	if (!c.title)
		c.title = fl_strdup(f->title);
	if (!c.foot)
		c.foot = fl_figure_foot(s);
	return fl_figure_make(
		all, f, fl_asprintf("%s/%s/plots/%s", fl_results(), s->run.name, f->name), &c, err);
}

char *fl_figure_dir(const struct fl_summary *s, struct fl_error *err)
{
	cleanup_free char *run = fl_asprintf("%s/%s", fl_results(), s->run.name);
	char *dir = fl_asprintf("%s/plots", run);

	mkdir(run, 0777);
	if (!fl_make_folder(dir, err))
		return dir;
	free(dir);
	return NULL;
}

static int find(const char *name, const struct fl_figure **found, struct fl_error *err)
{
	cleanup_free char *known = fl_strdup("");

	*found = NULL;
	for (const struct fl_figure *const *f = figures; *f && name; f++) {
		cleanup_free char *old = known;

		if (!strcmp((*f)->name, name))
			*found = *f;
		known = fl_asprintf("%s%s%s", old, *old ? ", " : "", (*f)->name);
	}
	return !name || *found ? 0
			       : fl_fail(err, FL_USAGE,
					 "[experiment] picture = %s: no such picture; there are %s",
					 name, known);
}

int fl_figures_draw(struct fl_drawings *d, const struct fl_summary *s, struct fl_store *store,
		    struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(s, err);
	const struct fl_figure *first;

	memset(d, 0, sizeof(*d));
	if (!dir || find(s->picture, &first, err) || (first && make(d, first, s, store, err)))
		return -1;
	for (const struct fl_figure *const *f = figures; *f; f++)
		if (*f != first && make(d, *f, s, store, err))
			return -1;
	return 0;
}

const struct fl_drawing *fl_figures_main(const struct fl_drawings *d)
{
	return d->n ? &d->v[0] : NULL;
}

char *fl_figures_none(const struct fl_summary *s)
{
	struct fl_outcomes o;
	cleanup_free char *text = NULL;
	char *none;

	fl_outcomes_count(&o, s);
	text = fl_outcomes_text(&o);
	none = fl_asprintf(
		"Nothing to draw: no point measured what the plots show (%s, %zu failed).", text,
		o.failed);
	fl_outcomes_release(&o);
	return none;
}

void fl_drawings_release(struct fl_drawings *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].path);
		free(d->v[i].title);
	}
	free(d->v);
	memset(d, 0, sizeof(*d));
}

int fl_plot(FILE *out, struct fl_store *store, const int64_t *runs, size_t n, struct fl_error *err)
{
	for (size_t i = 0; i < n; i++) {
		struct fl_drawings d = { 0 };
		struct fl_summary s;
		int bad = fl_summary_read(&s, store, runs[i], err) ||
			  fl_figures_draw(&d, &s, store, err);

		if (!bad && !d.n) {
			cleanup_free char *why = fl_figures_none(&s);

			fprintf(out, "%s: %s\n", s.run.name, why);
		}
		for (size_t j = 0; j < d.n; j++)
			fprintf(out, "%s.svg\n%s.png\n", d.v[j].path, d.v[j].path);
		fl_drawings_release(&d);
		fl_summary_release(&s);
		if (bad)
			return -1;
	}
	return 0;
}
