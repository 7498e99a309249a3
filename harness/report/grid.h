/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_GRID_H
#define FL_REPORT_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/base/strv.h"

/*
 * A table that fits a width: columns that it has no room for are left out from the right.  The
 * first column is the rows' names: one that is longer than its place stands on lines of its own.
 * Zero-initialise; fl_grid_column() for each column, fl_grid_row() for each row, then print, which
 * frees.
 */
#define FL_GRID_MAX 48
#define FL_GRID_HEADS 3

struct fl_grid {
	struct fl_grid_column {
		char heads[FL_GRID_HEADS][64];
		bool left;
		int width;
	} c[FL_GRID_MAX];
	size_t n;
	struct fl_strv cells;        /* n a row */
	struct fl_strv heads, notes; /* a line above and one below each row, or "" */
	int name_max;                /* most columns of a name; 0: half of the line */
};

/* Heads from the top; NULL is an empty one. */
void fl_grid_column(struct fl_grid *g, bool left, const char *top, const char *middle,
		    const char *bottom);
/* A text a column; note: stands below the row, or NULL. */
void fl_grid_row(struct fl_grid *g, const char *const *texts, const char *note);
/* What the next row begins: a line of its own, with an empty one before it. */
void fl_grid_heading(struct fl_grid *g, const char *text);

/* Columns that fit, of g->n; `columns` 0: all. */
size_t fl_grid_fits(struct fl_grid *g, unsigned int columns);
void fl_grid_print(FILE *out, struct fl_grid *g, unsigned int columns);

/* Places of a terminal that a text takes: characters, not bytes. */
int fl_grid_width(const char *text);

#endif
