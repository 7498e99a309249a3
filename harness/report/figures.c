/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/figures.h"

#include <ctype.h>
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

static const struct fl_figure *const figures[] = {
	&fl_figure_crossing,
	&fl_figure_density,
	&fl_figure_hotplug,
	&fl_figure_threshold,
	&fl_figure_tradeoff,
	&fl_figure_latency_cdf,
	&fl_figure_leftover,
	&fl_figure_memory_time,
	&fl_figure_promotions,
	&fl_figure_stack,
	&fl_figure_steps,
	&fl_figure_tasks,
	NULL,
};

void fl_figure_quote(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fputc(*text == '"' || *text == '\\' ? '\'' : *text, out);
	fputc('"', out);
}

void fl_figure_add(char **list, const char *name)
{
	cleanup_free char *old = *list, *word = fl_strdup(name);

	for (char *p = word; *p; p++)
		if (strchr("\"'\\", *p))
			*p = '`';
	*list = fl_asprintf("%s%s\"%s\"", old ? old : "", old ? " " : "", word);
}

char *fl_figure_label(const struct fl_summary *s, const struct fl_row *row)
{
	return s->kernels_vary ? fl_asprintf("%s %s", row->kernel, row->label)
			       : fl_strdup(row->label);
}

/*
 * A single-quoted string of gnuplot, in which a quote is doubled and nothing else means anything,
 * backquotes neither (but -e of 5.4 stumbles over two doubled quotes in a row).
 * enhanced: the marks of its enhanced text get a backslash.  NULL is the empty string.
 */
static char *gp_string(const char *text, bool enhanced)
{
	char *out = fl_alloc(2 * strlen(text ? text : "") + 3), *p = out;

	*p++ = '\'';
	for (; text && *text; text++) {
		if (*text == '\'' || (enhanced && strchr("{}_^@&~\\", *text)))
			*p++ = *text == '\'' ? '\'' : '\\';
		*p++ = (unsigned char)*text < ' ' ? ' ' : *text;
	}
	*p++ = '\'';
	*p = '\0';
	return out;
}

/* A string of gnuplot for a path, whatever it holds, in octal digits; it takes more than three. */
static char *gp_path(const char *path)
{
	char *out = fl_alloc(4 * strlen(path) + 3), *p = out;

	*p++ = '"';
	for (; *path; path++) {
		if (isalpha((unsigned char)*path) || strchr("/._-", *path))
			*p++ = *path;
		else
			p += sprintf(p, "\\%03o", (unsigned char)*path);
	}
	strcpy(p, "\"");
	return out;
}

/* Its words stay in the log when it failed. */
static int run_gnuplot(const char *variables, const char *script, const char *log,
		       struct fl_error *err)
{
	const char *const argv[] = { "gnuplot", "-d", "-e", variables, script, NULL };
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

/* base: where the figure grows, without ending. */
static int draw(const struct fl_drawing *d, const char *base, const char *below,
		const struct fl_figure_args *a, struct fl_error *err)
{
	cleanup_free char *home = gp_path(fl_home()), *out = gp_path(base);
	cleanup_free char *title = gp_string(d->title, true), *sub = gp_string(below, true);
	cleanup_free char *names = gp_string(a->names, false);
	cleanup_free char *labels = gp_string(a->labels, false), *unit = gp_string(a->unit, false);
	cleanup_free char *script = fl_asprintf("%s/plots/%s.gp", fl_home(), d->figure->name);
	cleanup_free char *log = fl_asprintf("%s.log", d->path);
	cleanup_free char *variables =
		fl_asprintf("home=%s; out=%s; data=out . '.dat'; title=%s; sub=%s; unit=%s; n=%u; "
			    "names=%s; labels=%s",
			    home, out, title, sub, unit, a->panels, names, labels);

	return run_gnuplot(variables, script, log, err);
}

static void keep(struct fl_drawings *all, struct fl_drawing *d)
{
	all->v = fl_realloc(all->v, (all->n + 1) * sizeof(*all->v));
	all->v[all->n++] = *d;
}

/* A workload is named by people: what is no plain letter of a file's name becomes one. */
static char *path_of(const struct fl_summary *s, const struct fl_figure *f, const char *workload)
{
	char *path = fl_asprintf("%s/%s/plots/%s%s%s", fl_results(), s->run.name, f->name,
				 workload ? "-" : "", workload ? workload : "");

	for (char *p = path + strlen(path) - strlen(workload ? workload : ""); *p; p++)
		if (strchr("/'\"`\\ ", *p) || (unsigned char)*p < ' ')
			*p = '_';
	return path;
}

static const char *const endings[] = { "dat", "svg", "png" };

/* Each file is whole at its place, whoever draws the same at this moment. */
static int publish(const char *base, const char *path, struct fl_error *err)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		cleanup_free char *from = fl_asprintf("%s.%s", base, endings[i]);
		cleanup_free char *to = fl_asprintf("%s.%s", path, endings[i]);

		if (rename(from, to))
			return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", to,
				       strerror(errno));
	}
	return 0;
}

static void remove_grown(const char *base, const char *folder)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		cleanup_free char *path = fl_asprintf("%s.%s", base, endings[i]);

		unlink(path);
	}
	rmdir(folder);
}

/* In a folder of its own.  1: there is nothing to draw. */
static int grow(const struct fl_drawing *d, const char *base, const char *sub, fl_figure_data data,
		void *arg, struct fl_error *err)
{
	cleanup_free char *dat = fl_asprintf("%s.dat", base);
	struct fl_figure_args a = { 0 };
	FILE *out = fopen(dat, "we");
	int bad = out ? data(out, arg, &a, err) : -1;

	if (!out || fclose(out))
		bad = fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", dat, strerror(errno));
	if (!bad && !a.panels)
		bad = 1;
	if (!bad && (draw(d, base, sub, &a, err) || publish(base, d->path, err)))
		bad = -1;
	free(a.names);
	free(a.labels);
	return bad;
}

int fl_figure_make(struct fl_drawings *all, const struct fl_figure *f, char *path, char *title,
		   const char *sub, fl_figure_data data, void *arg, struct fl_error *err)
{
	struct fl_drawing d = { .figure = f, .path = path, .title = title };
	cleanup_free char *folder = fl_asprintf("%s.XXXXXX", path);
	cleanup_free char *base = NULL;
	int bad;

	if (fl_interrupted())
		bad = fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	else if (!mkdtemp(folder))
		bad = fl_fail(err, FL_MACHINE, "%s: cannot be made: %s", folder, strerror(errno));
	else {
		base = fl_asprintf("%s/%s", folder, f->name);
		bad = grow(&d, base, sub, data, arg, err);
		remove_grown(base, folder);
	}
	if (!bad) {
		keep(all, &d);
		return 0;
	}
	free(d.path);
	free(d.title);
	return bad < 0 ? -1 : 0;
}

struct of_run {
	const struct fl_figure *f;
	const struct fl_summary *s;
	struct fl_store *store;
	const char *workload;
};

static int data_of_run(FILE *out, void *arg, struct fl_figure_args *a, struct fl_error *err)
{
	const struct of_run *r = arg;

	return r->f->data(out, r->s, r->store, r->workload, a, err);
}

static int make(struct fl_drawings *all, const struct fl_figure *f, const struct fl_summary *s,
		struct fl_store *store, const char *workload, struct fl_error *err)
{
	cleanup_free char *machine = fl_summary_machine(s);
	struct of_run r = { f, s, store, workload };

	return fl_figure_make(all, f, path_of(s, f, workload),
			      fl_asprintf("%s%s%s (%s)", f->title, workload ? ": " : "",
					  workload ? workload : "", s->run.experiment),
			      machine, data_of_run, &r, err);
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

int fl_figures_draw(struct fl_drawings *d, const struct fl_summary *s, struct fl_store *store,
		    struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(s, err);

	memset(d, 0, sizeof(*d));
	if (!dir)
		return -1;
	for (const struct fl_figure *const *f = figures; *f; f++) {
		size_t n = (*f)->per_workload ? s->workloads.n : 1;

		for (size_t i = 0; i < n; i++)
			if (make(d, *f, s, store, (*f)->per_workload ? s->workloads.v[i] : NULL,
				 err))
				return -1;
	}
	return 0;
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

		for (size_t j = 0; j < d.n; j++)
			fprintf(out, "%s.svg\n%s.png\n", d.v[j].path, d.v[j].path);
		fl_drawings_release(&d);
		fl_summary_release(&s);
		if (bad)
			return -1;
	}
	return 0;
}
