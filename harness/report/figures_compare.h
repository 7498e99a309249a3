/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_FIGURES_COMPARE_H
#define FL_REPORT_FIGURES_COMPARE_H

#include "harness/judge/comparison.h"
#include "harness/judge/history.h"
#include "harness/report/figures.h"

/* Both sides overlaid, into the plots of side B: changes with their intervals, and for each
 * workload the slowest of its first touches. */
int fl_figures_compare(struct fl_drawings *d, const struct fl_comparison *c, struct fl_store *store,
		       struct fl_error *err);

/* Metrics over the runs, change points marked; into the plots of the run of s. */
int fl_figures_history(struct fl_drawings *d, const struct fl_history *h,
		       const struct fl_summary *s, struct fl_error *err);

/* The slowest 1 in N of a row's faults as a line; nothing where it has none.  0 or -1. */
int fl_tail_line(struct fl_chart_panel *p, const char *name, enum fl_ink ink,
		 const struct fl_summary *s, const struct fl_row *row, struct fl_store *store,
		 struct fl_error *err);
/* Axes of all panels, when their lines are there. */
void fl_tail_axes(struct fl_chart *c);

#endif
