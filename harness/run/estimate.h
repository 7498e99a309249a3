/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_ESTIMATE_H
#define FL_RUN_ESTIMATE_H

#include <stdio.h>

#include "harness/experiment/plan.h"

/*
 * How long each point of a plan takes: what it took in earlier runs of the experiment under the
 * same clock, else what its workload took there, else a guess, which is labelled as one.
 */
struct fl_estimate {
	double *seconds; /* by index into the plan's points */
	bool *measured;  /* in earlier runs, the same point */
	size_t n;
};

void fl_estimate_make(struct fl_estimate *e, const struct fl_experiment *of,
		      const struct fl_plan *plan);
void fl_estimate_release(struct fl_estimate *e);

/* Estimated wall-clock seconds for the points order[0..n). */
double fl_estimate_total(const struct fl_estimate *e, const unsigned int *order, size_t n,
			 unsigned int jobs);

/*
 * The axes of the sweep and how long the points order[0..n) would take; with `points` each of them
 * before that, in the order in which they would run.
 */
void fl_estimate_print(FILE *out, const struct fl_estimate *e, const struct fl_experiment *of,
		       const struct fl_plan *plan, const unsigned int *order, size_t n,
		       unsigned int jobs, bool points);

#endif
