/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_FIGURES_H
#define FL_REPORT_FIGURES_H

#include <stdio.h>

#include "harness/base/strv.h"
#include "harness/experiment/answer.h"
#include "harness/judge/summary.h"
#include "harness/report/chart.h"

/*
 * A figure: a function that fills a chart.  To add one: figure_NAME.c here, a prototype and a line
 * in figures.c's table.
 */
struct fl_figure {
	const char *name, *title, *caption;
	/* NULL: it is not of a run.  A chart without panels: there is nothing to draw.  0 or -1. */
	int (*fill)(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		    struct fl_error *err);
};

extern const struct fl_figure fl_figure_answer;
extern const struct fl_figure fl_figure_cost_and_saving;
extern const struct fl_figure fl_figure_hotplug;
extern const struct fl_figure fl_figure_leftover;
extern const struct fl_figure fl_figure_limit;
extern const struct fl_figure fl_figure_matrix;
extern const struct fl_figure fl_figure_memory_time;
extern const struct fl_figure fl_figure_promotions;
extern const struct fl_figure fl_figure_stack;
extern const struct fl_figure fl_figure_tail;
extern const struct fl_figure fl_figure_tradeoff;
extern const struct fl_figure fl_figure_where;

/* A drawn one: path without ending; .svg, .png, .gp and .dat are there, and for a phone ... */
#define FL_DRAWING_NARROW "-narrow" /* .svg */
struct fl_drawing {
	const struct fl_figure *figure;
	char *path, *title;
};

struct fl_drawings {
	struct fl_drawing *v;
	size_t n;
};

/* The one that answers the experiment's question: [experiment] picture, or the first that there is
 * data for.  NULL: there is none. */
const struct fl_drawing *fl_figures_main(const struct fl_drawings *d);
/* Why a run has no drawing, a sentence; malloc'd. */
char *fl_figures_none(const struct fl_summary *s);

/* Draws all figures of a run into results/RUN/plots/, the main one first. */
int fl_figures_draw(struct fl_drawings *d, const struct fl_summary *s, struct fl_store *store,
		    struct fl_error *err);
void fl_drawings_release(struct fl_drawings *d);

/* One drawing: lays the chart out, writes script and data, calls gnuplot.  Takes path (without
 * ending) and the chart, which is not drawn without panels. */
int fl_figure_make(struct fl_drawings *all, const struct fl_figure *f, char *path,
		   struct fl_chart *c, struct fl_error *err);

/* Folder of a run's plots, made if missing; malloc'd, or NULL with err. */
char *fl_figure_dir(const struct fl_summary *s, struct fl_error *err);

/* A row's settings, its kernel before them where kernels vary.  malloc'd. */
char *fl_figure_label(const struct fl_summary *s, const struct fl_row *row);

/* Clock and machine, for the foot of a picture; malloc'd. */
char *fl_figure_foot(const struct fl_summary *s);

/* "+57%", "0%", "x12". */
void fl_figure_change(double value, double reference, char out[24]);

/* The question's about: the run's, or the figure's title where it asks none.  malloc'd. */
char *fl_figure_metric_about(const struct fl_summary *s, const char *metric);

/*
 * The settings that a picture shows of a workload: the reference and the rows of [summary], each
 * once and by its column's name, or without a [summary] all rows by their settings.
 */
#define FL_FIGURE_ROWS 12
struct fl_figure_row {
	const struct fl_row *row;
	char *name;
	bool reference;
};
size_t fl_figure_rows(const struct fl_summary *s, const struct fl_answer *a, const char *workload,
		      struct fl_figure_row out[FL_FIGURE_ROWS]);
void fl_figure_rows_release(struct fl_figure_row *rows, size_t n);

/* "T=64" of "RSS T=64" where all columns of that metric begin with RSS; *group: "RSS" or "".
 * The result lies in the column's name. */
const char *fl_figure_setting(const struct fl_answer *a, size_t column, char group[48]);
const char *fl_figure_column_metric(const struct fl_answer *a, size_t column);

/* Is the workload among those of the summary? */
bool fl_figure_shows(const struct fl_answer *a, const char *workload);

/* A setting's colour: by its place among the names seen so far. */
enum fl_ink fl_figure_ink(struct fl_strv *seen, const char *name);

#endif
