/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_REPORT_H
#define FL_REPORT_REPORT_H

#include <stdio.h>

#include "harness/store/store.h"

struct fl_show;

/* A run, or what is chosen of it.  Reads the store and nothing else. */
int fl_show_table(FILE *out, struct fl_store *s, int64_t run, struct fl_show *show,
		  struct fl_error *err);
int fl_show_csv(FILE *out, struct fl_store *s, int64_t run, struct fl_show *show,
		struct fl_error *err);
/* The same with tabs, that stand in no field. */
int fl_show_tsv(FILE *out, struct fl_store *s, int64_t run, struct fl_show *show,
		struct fl_error *err);
int fl_show_json(FILE *out, struct fl_store *s, int64_t run, struct fl_show *show,
		 struct fl_error *err);

/* Makes SVG and PNG of every figure that the runs have data for, through gnuplot; prints each
 * file's path to out. */
int fl_plot(FILE *out, struct fl_store *s, const int64_t *runs, size_t n, struct fl_error *err);

struct fl_comparison;
struct fl_history;
struct fl_rules;

/* What a page holds: the comparison (and the history) first where there is one, then the runs. */
struct fl_page {
	const int64_t *runs;
	size_t n;
	const struct fl_comparison *comparison; /* or NULL */
	const struct fl_rules *rules;
	const struct fl_history *history; /* or NULL */
};

/* One self-contained HTML page in the folder of the first run: path printed to out. */
int fl_report_page(FILE *out, struct fl_store *s, const struct fl_page *page, struct fl_error *err);

/* The same for runs alone; two of them that compare are compared, the first being A. */
int fl_report(FILE *out, struct fl_store *s, const int64_t *runs, size_t n, struct fl_error *err);

/* results/index.html: every run, newest first, what it came to, and its page where it has one. */
int fl_report_index(FILE *out, struct fl_store *s, struct fl_error *err);

#endif
