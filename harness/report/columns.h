/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_COLUMNS_H
#define FL_REPORT_COLUMNS_H

#include "harness/judge/summary.h"

/* The metrics that a workload's summary table shows, where it has them. */
struct fl_column {
	char metric[64], head[48];
	char unit[24];  /* made readable */
	double divisor; /* of the values */
};

#define FL_COLUMNS_MAX 32

/* Columns of one workload: those with a value in some row and, for counters, not all zero. */
size_t fl_columns_of(const struct fl_summary *s, const char *workload,
		     struct fl_column columns[FL_COLUMNS_MAX]);

/* The head: as the metric's entry calls it, or by the metric's own name. */
void fl_column_name(struct fl_column *c, const struct fl_metric *m);

/* "12.3" or, where boots differ by more than 1 %, "12.3 ±8%" of half the range; "-" for none. */
void fl_column_text(const struct fl_column *c, const struct fl_spread *v, const char *plus_minus,
		    char *out, size_t len);

#endif
