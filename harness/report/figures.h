/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_FIGURES_H
#define FL_REPORT_FIGURES_H

#include <stdio.h>

#include "harness/base/strv.h"
#include "harness/judge/summary.h"

/*
 * A figure: a script of plots/ and the function that writes its data file.  To
 * add one: figure_NAME.c here, plots/NAME.gp, a prototype and a line in
 * figures.c's table.
 */
struct fl_figure_args {
	unsigned int panels; /* n of the script; 0: nothing to draw */
	char *names;         /* quoted titles of the panels; or NULL */
	char *labels;        /* quoted titles of the settings; or NULL */
	const char *unit;    /* of the latencies, or NULL */
};

struct fl_figure {
	const char *name, *title, *caption;
	bool per_workload; /* one file a workload, else one for the run */
	/* workload is NULL unless per_workload.  0 or -1. */
	int (*data)(FILE *out, const struct fl_summary *s, struct fl_store *store,
		    const char *workload, struct fl_figure_args *args, struct fl_error *err);
};

extern const struct fl_figure fl_figure_crossing;
extern const struct fl_figure fl_figure_density;
extern const struct fl_figure fl_figure_hotplug;
extern const struct fl_figure fl_figure_latency_cdf;
extern const struct fl_figure fl_figure_leftover;
extern const struct fl_figure fl_figure_memory_time;
extern const struct fl_figure fl_figure_promotions;
extern const struct fl_figure fl_figure_threshold;
extern const struct fl_figure fl_figure_stack;
extern const struct fl_figure fl_figure_steps;
extern const struct fl_figure fl_figure_tasks;
extern const struct fl_figure fl_figure_tradeoff;

/* A drawn one: path without ending. */
struct fl_drawing {
	const struct fl_figure *figure;
	char *path, *title;
};

struct fl_drawings {
	struct fl_drawing *v;
	size_t n;
};

/* Writes a data file; a->panels stays 0 where there is nothing to draw. */
typedef int (*fl_figure_data)(FILE *out, void *arg, struct fl_figure_args *a, struct fl_error *err);

/*
 * One drawing: data by the function into PATH.dat, plots/NAME.gp over it.  Takes path (without
 * ending) and title; sub: the line below the title.
 */
int fl_figure_make(struct fl_drawings *all, const struct fl_figure *f, char *path, char *title,
		   const char *sub, fl_figure_data data, void *arg, struct fl_error *err);

/* The distribution of a row's first touches as a block of latency-cdf.gp; *drawn: there was one. */
int fl_latency_cdf_block(FILE *out, const char *label, const struct fl_summary *s,
			 const struct fl_row *row, struct fl_store *store, unsigned int number,
			 bool *drawn, struct fl_error *err);

/* Folder of a run's plots, made if missing; malloc'd, or NULL with err. */
char *fl_figure_dir(const struct fl_summary *s, struct fl_error *err);

/* Draws all figures of a run into results/RUN/plots/. */
int fl_figures_draw(struct fl_drawings *d, const struct fl_summary *s, struct fl_store *store,
		    struct fl_error *err);
void fl_drawings_release(struct fl_drawings *d);

/* A double-quoted string of a data file: quotes and backslashes out. */
void fl_figure_quote(FILE *out, const char *text);

/* Appends a quoted word to names or labels of the args, which starts as NULL. */
void fl_figure_add(char **list, const char *name);

/* A row's settings, its kernel before them where kernels vary.  malloc'd. */
char *fl_figure_label(const struct fl_summary *s, const struct fl_row *row);

#endif
