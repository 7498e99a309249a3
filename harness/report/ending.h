/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ENDING_H
#define FL_REPORT_ENDING_H

#include <stdio.h>

#include "harness/store/store.h"

/*
 * What stands on the terminal when a run has ended: the question, the answer that its experiment
 * declares ([summary], experiment/answer.h) or, without one, the table of a small run; checks,
 * counted, those that do not hold in full; each reason of a point that has none of its numbers
 * once; where more is.  At most `columns` wide where names let it.
 */
int fl_show_ending(FILE *out, struct fl_store *store, int64_t run, unsigned int columns,
		   struct fl_error *err);

#endif
