/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_REPORT_H
#define FL_REPORT_REPORT_H

#include <stdio.h>

#include "harness/store/store.h"

/* Reads the store and nothing else. */
int fl_show_table(FILE *out, struct fl_store *s, int64_t run, unsigned int point /* 0: all */,
		  struct fl_error *err);
int fl_show_csv(FILE *out, struct fl_store *s, int64_t run, unsigned int point,
		struct fl_error *err);
int fl_show_json(FILE *out, struct fl_store *s, int64_t run, unsigned int point,
		 struct fl_error *err);

/* Makes SVG and PNG of every figure that the runs have data for, through gnuplot; prints each
 * file's path to out. */
int fl_plot(FILE *out, struct fl_store *s, const int64_t *runs, size_t n, struct fl_error *err);

/* One self-contained HTML page: path printed to out. */
int fl_report(FILE *out, struct fl_store *s, const int64_t *runs, size_t n, struct fl_error *err);

#endif
