/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_SHOW_TABLE_H
#define FL_REPORT_SHOW_TABLE_H

#include <stdio.h>

#include "harness/judge/summary.h"

/* Parts of the table that the end of a run has, too. */

/* Every row, a table a workload. */
void fl_show_rows(FILE *out, const struct fl_summary *s);
/* Each reason of points that did not go well once, with their number.  columns: wrapped; 0: not. */
void fl_show_reasons(FILE *out, const struct fl_summary *s, unsigned int columns);
/* What is to be known of the kernels: who fills which role, what differs. */
void fl_show_kernels(FILE *out, const struct fl_summary *s);

#endif
