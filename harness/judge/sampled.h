/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_SAMPLED_H
#define FL_JUDGE_SAMPLED_H

#include "harness/judge/summary.h"

/* What an experiment's steps left in a point: step_NAME_start, SERIES_at_NAME. */

/* A step's name out of its metric PREFIX NAME SUFFIX; malloc'd, NULL: it is another metric. */
char *fl_step_of_metric(const char *metric, const char *prefix, const char *suffix);

/*
 * Appends the names in PREFIX NAME of the first good point of a workload, in the
 * order in which their steps began.
 */
void fl_steps_by_time(struct fl_strv *names, const struct fl_summary *s, const char *workload,
		      const char *prefix);

#endif
