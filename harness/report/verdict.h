/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_VERDICT_H
#define FL_REPORT_VERDICT_H

#include <jansson.h>
#include <stdio.h>

#include "harness/judge/claims.h"
#include "harness/report/room.h"

/*
 * Published numbers beside ours, each claim with the numbers that decide it, and one line that sums
 * up.  Nothing for an experiment without claims.
 */
void fl_verdict_table(FILE *out, const struct fl_judged_claims *j, unsigned int columns);
/* The same for the end of a run: passing claims are counted, the others are printed in full while
 * there is room, then by name. */
void fl_verdict_ending(FILE *out, const struct fl_judged_claims *j, const struct fl_room *room);
void fl_verdict_html(FILE *out, const struct fl_judged_claims *j);
/* Failing claims in full; nothing if all pass. */
void fl_verdict_html_failures(FILE *out, const struct fl_judged_claims *j);

/* {"verdict": text, "checks": [...], "published": [...]}; the caller's reference. */
json_t *fl_verdict_json(const struct fl_judged_claims *j);

/* "3 of 4 claims hold, 1 does not; both controls hold."; malloc'd; NULL without claims. */
char *fl_verdict_line(const struct fl_judged_claims *j);

#endif
