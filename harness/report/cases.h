/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_CASES_H
#define FL_REPORT_CASES_H

#include <jansson.h>
#include <stdio.h>

#include "harness/judge/summary.h"
#include "harness/report/room.h"

/*
 * The test cases of a run that differ from those of their workload's first row:
 * the explained ones by their reason, the others one by one.  Nothing for a run
 * without test cases.
 */
void fl_cases_table(FILE *out, const struct fl_summary *s, unsigned int columns);
/* ... in a line, with those that are unexplained while there is room, at least one; returns the
 * lines that these take. */
unsigned int fl_cases_ending(FILE *out, const struct fl_summary *s, const struct fl_room *room);
void fl_cases_html(FILE *out, const struct fl_summary *s);

/* An array of the differences; the caller's reference. */
json_t *fl_cases_json(const struct fl_summary *s);

#endif
