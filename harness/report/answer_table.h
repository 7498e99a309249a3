/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ANSWER_TABLE_H
#define FL_REPORT_ANSWER_TABLE_H

#include <stdio.h>

#include "harness/experiment/answer.h"
#include "harness/judge/crossing.h"

/*
 * The table of [summary]: a line a workload, or as [summary-line] says; a last column with what the
 * crossing that it names comes to.  Lines and columns without a number are left out, then columns
 * that the width has no room for.
 */
void fl_show_answer(FILE *out, const struct fl_summary *s, const struct fl_answer *a,
		    const struct fl_judged_crossings *crossings, unsigned int columns);

#endif
