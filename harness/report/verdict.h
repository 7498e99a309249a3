/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_VERDICT_H
#define FL_REPORT_VERDICT_H

#include <jansson.h>
#include <stdio.h>

#include "harness/judge/claims.h"

/*
 * The end of an experiment: the figures that others published beside ours, each
 * claim with the numbers that decide it, and one line that sums up.  Nothing for
 * an experiment without claims.
 */
void fl_verdict_table(FILE *out, const struct fl_judged_claims *j, unsigned int columns);
/* The same for the end of a run: those that hold are counted, the others stand in full. */
void fl_verdict_ending(FILE *out, const struct fl_judged_claims *j, unsigned int columns);
void fl_verdict_html(FILE *out, const struct fl_judged_claims *j);

/* {"verdict": text, "checks": [...], "published": [...]}; the caller's reference. */
json_t *fl_verdict_json(const struct fl_judged_claims *j);

/* "3 of 4 claims hold, 1 does not; both controls hold."; malloc'd; NULL without claims. */
char *fl_verdict_line(const struct fl_judged_claims *j);

#endif
