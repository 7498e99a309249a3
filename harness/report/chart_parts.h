/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_CHART_PARTS_H
#define FL_REPORT_CHART_PARTS_H

#include "harness/report/chart.h"
#include "harness/report/letters.h"

/* What the files of a chart share. */
#define FL_TITLE_SIZE 13.0
#define FL_KEY_SIZE 12.0
#define FL_LABEL_SIZE 11.5
#define FL_TIC_SIZE 11.0
#define FL_BOX_HALF 0.36 /* of a bar's height, in places of the axis */

void fl_chart_text(struct fl_chart *c, const char *text, double x, double y, int side, double size,
		   bool bold, bool soft);

/* Pixels of a value between two ends. */
double fl_chart_px(const struct fl_chart_axis *a, double v, double from, double to);

/* Labels of points and names at the ends of lines, beside what they are of. */
void fl_chart_labels(struct fl_chart *c);

#endif
