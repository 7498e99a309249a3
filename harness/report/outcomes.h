/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_OUTCOMES_H
#define FL_REPORT_OUTCOMES_H

#include "harness/judge/summary.h"

/*
 * How the points of a run ended.  A status that the experiment calls a result ([experiment]
 * outcomes = oom) is no failure of the run.
 */
struct fl_outcomes {
	struct fl_strv results; /* such statuses */
	size_t ok, result, skipped, failed;
	unsigned int missing; /* planned, and not measured */
};

void fl_outcomes_count(struct fl_outcomes *o, const struct fl_summary *s);
/* Is a point of that status one that failed? */
bool fl_outcomes_fails(const struct fl_outcomes *o, const char *status);
/* "18 ok, 1 oom, 0 skipped": all but those that failed; malloc'd. */
char *fl_outcomes_text(const struct fl_outcomes *o);
void fl_outcomes_release(struct fl_outcomes *o);

#endif
