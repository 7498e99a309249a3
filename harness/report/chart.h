/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_CHART_H
#define FL_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/base/error.h"

/*
 * A picture: panels in rows and columns, each with its axes and at most five series.  A figure
 * fills one in; fl_chart_lay_out() places every text so that none overlaps another or the border;
 * fl_chart_write() writes a gnuplot script and its data (docs/reference/formats.md). All strings
 * are malloc'd and belong to the chart.
 */
#define FL_CHART_SERIES 5

enum fl_ink { FL_INK_TEXT, FL_INK_BLUE, FL_INK_RED, FL_INK_GREEN, FL_INK_PINK, FL_INK_SOFT };

enum fl_draw {
	FL_DRAW_LINE,      /* through its points, with marks */
	FL_DRAW_COURSE,    /* without marks */
	FL_DRAW_STAIR,     /* a value holds up to the next x */
	FL_DRAW_REFERENCE, /* dotted */
	FL_DRAW_MARKS,     /* no line */
	FL_DRAW_BOXES,     /* from `from` to x, around y */
	FL_DRAW_SPANS,     /* a thin line from `from` to `to`, a mark at x */
	FL_DRAW_AREA,      /* between `from` and y */
};

struct fl_chart_point {
	double x, y, from, to;
	bool hollow; /* what the picture is about did not happen here: hollow mark */
	char *label; /* beside it; or NULL */
	char *tip;   /* what is shown when a pointer rests on it; or NULL */
	/* where layout puts the label: pixels from the point; without space label is NULL */
	double dx, dy;
	signed char side; /* -1: it ends there, 0: centred, 1: begins there */
};

struct fl_chart_series {
	char *name;
	enum fl_draw draw;
	enum fl_ink ink;
	bool named; /* its name stands beside its end */
	struct fl_chart_point *v;
	size_t n;
	double name_y; /* pixels: of its name, by layout */
};

struct fl_chart_axis {
	double low, high; /* low > high: upside down */
	bool log;
	char *label;
	struct fl_chart_tic {
		double at;
		char *text;
	} * tics;
	size_t n;
};

struct fl_chart_panel {
	unsigned int row, column;
	char *title, *sub, *verdict; /* above, below it, and under the panel; or NULL */
	struct fl_chart_axis x, y;
	struct fl_chart_series v[FL_CHART_SERIES + 3]; /* references and published come on top */
	size_t n;
	double shade_from, shade_to;     /* on x; equal: none */
	bool beside;                     /* labels stand right of their points */
	bool x_tics, y_tics;             /* by layout: it shows them */
	double x_low, x_high;            /* the ends of x before layout made room for marks */
	double left, right, top, bottom; /* of the plot, pixels from the upper left; by layout */
};

struct fl_chart_text {
	double x, y; /* pixels: its side, the middle of its height */
	double size;
	bool bold, soft;
	signed char side; /* -1 right, 0 centre, 1 left of what is written */
	char *text;
};

struct fl_chart {
	char *title, *sub, *foot; /* what is asked; how to read it; clock, machine */
	char **row_names;         /* at the left of each row of panels; or NULL */
	size_t n_row_names;
	struct fl_chart_panel *panels;
	size_t n;
	bool share_x, share_y; /* within a column, a row: tics at the outer panels alone */
	bool narrow;           /* for a phone: fl_chart_narrow() */
	bool key;              /* names of series above all panels, where not beside the lines */
	double plot_height;    /* of a panel; 0: by its number */
	double *row_heights;   /* where rows differ, n_row_names of them */
	double width, height;  /* by layout */
	struct fl_chart_text *texts; /* by layout */
	size_t n_texts;
	struct fl_chart_mark { /* of the key: by layout */
		double x, y;
		enum fl_ink ink;
		enum fl_draw draw;
		bool hollow;
	} * marks;
	size_t n_marks;
};

struct fl_chart_panel *fl_chart_panel(struct fl_chart *c, unsigned int row, unsigned int column);
/* Takes the last one away again: nothing was measured for it. */
void fl_chart_drop(struct fl_chart *c);
struct fl_chart_series *fl_chart_series(struct fl_chart_panel *p, const char *name,
					enum fl_draw draw, enum fl_ink ink);
struct fl_chart_point *fl_chart_point(struct fl_chart_series *s, double x, double y);
void fl_chart_tic(struct fl_chart_axis *a, double at, const char *text);
void fl_chart_row_name(struct fl_chart *c, const char *name);

/* Ends of an axis from the points of all panels of that row (or column; -1: all), tics at round
 * numbers.  zero: from 0 on. */
void fl_chart_scale_y(struct fl_chart *c, int row, bool zero);
void fl_chart_scale_x(struct fl_chart *c, int column, bool zero);
/* All y axes from low to high. */
void fl_chart_scale_to(struct fl_chart *c, double low, double high);

/* "1.23 k"; three digits, whatever the size. */
const char *fl_chart_number(double value, char out[24]);

void fl_chart_lay_out(struct fl_chart *c);

/* Takes a layout back and puts the panels below one another, to be laid out again for a phone. */
void fl_chart_narrow(struct fl_chart *c);

/* BASE.gp and BASE.dat. */
int fl_chart_write(const struct fl_chart *c, const char *folder, const char *name,
		   struct fl_error *err);

/*
 * Prepares gnuplot's SVG for a page: it uses the page's text colour, and series and points carry
 * names.
 */
int fl_chart_svg(const struct fl_chart *c, const char *from, const char *to, struct fl_error *err);

void fl_chart_release(struct fl_chart *c);

#endif
