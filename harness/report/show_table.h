/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_SHOW_TABLE_H
#define FL_REPORT_SHOW_TABLE_H

#include <stdio.h>

#include "harness/report/show.h"

/* Parts of the table; the end of a run has some of them, too. */

/* The rows that are chosen, a table a workload. */
void fl_show_rows(FILE *out, const struct fl_summary *s, const struct fl_show *show);
/* Adds the metrics of these tables' columns. */
void fl_show_metrics(const struct fl_summary *s, const struct fl_show *show,
		     struct fl_strv *metrics);
/* Each reason of points that did not go well once, with their number and rows. */
void fl_show_reasons(FILE *out, const struct fl_summary *s, const struct fl_show *show);
/* What is to be known of the kernels: who fills which role, what differs.  columns: wrapped; 0:
 * not. */
void fl_show_kernels(FILE *out, const struct fl_summary *s, unsigned int columns);
/* One point with all its metrics, and what its failed cases say. */
int fl_show_point(FILE *out, const struct fl_summary *s, const struct fl_show *show,
		  struct fl_store *store, struct fl_error *err);

#endif
