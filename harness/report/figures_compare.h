/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_FIGURES_COMPARE_H
#define FL_REPORT_FIGURES_COMPARE_H

#include "harness/judge/comparison.h"
#include "harness/judge/history.h"
#include "harness/report/figures.h"

/* Both sides overlaid, into the plots of side B: changes with their intervals, and for each
 * workload the distributions of its first touches. */
int fl_figures_compare(struct fl_drawings *d, const struct fl_comparison *c, struct fl_store *store,
		       struct fl_error *err);

/* Metrics over the runs, change points marked; into the plots of the run of s. */
int fl_figures_history(struct fl_drawings *d, const struct fl_history *h,
		       const struct fl_summary *s, struct fl_error *err);

#endif
