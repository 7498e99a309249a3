/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_PLAN_H
#define FL_EXPERIMENT_PLAN_H

#include "harness/experiment/experiment.h"
#include "harness/experiment/sizes.h"

/* One point: a kernel, settings, a workload, a repeat.  Borrowed from the experiment. */
struct fl_point {
	unsigned int number; /* 1.., in table order: the same for any seed and after a resume */
	unsigned int repeat; /* 1.. */
	const char *kernel;
	const char *group; /* "" without alternatives */
	const struct fl_workload *workload;
	struct fl_point_setting *settings;
	size_t n_settings;
	struct fl_guest_spec guest;   /* its strings are the experiment's */
	const struct fl_steps *steps; /* with all @words@ filled in; NULL: none */
	struct fl_steps *filled;      /* those of its own; or NULL */
	const char *searched;         /* the setting whose value is LOW..HIGH/STEP; or NULL */
	struct fl_sizes sizes;        /* that value; guest and steps are set up for HIGH */
};

struct fl_plan {
	struct fl_point *points; /* by number */
	unsigned int
		*order; /* order[i]: index into points; shuffled by the seed, repeat by repeat */
	size_t n;
};

/* Makes guest and steps of a point from its settings; freed by fl_point_release(). */
int fl_point_resolve(struct fl_point *p, const struct fl_experiment *e, struct fl_error *err);
void fl_point_release(struct fl_point *p);

/* The largest guest of the plan. */
struct fl_guest_spec fl_plan_largest(const struct fl_plan *p, const struct fl_experiment *e);

/*
 * Pure: product of the axes x workloads x kernels x repeats.  The order is a seeded shuffle within
 * each repeat (blocks), so that machine drift does not bias any one setting and an interrupted run
 * is balanced.
 */
int fl_plan_make(struct fl_plan *p, const struct fl_experiment *e, uint64_t seed,
		 struct fl_error *err);
void fl_plan_release(struct fl_plan *p);

#endif
