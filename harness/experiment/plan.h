/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_PLAN_H
#define FL_EXPERIMENT_PLAN_H

#include "harness/experiment/experiment.h"

struct fl_point_setting {
	const char *name, *value; /* borrowed from the experiment */
};

/* One point: a kernel, settings, a workload, a repeat.  Borrowed from the experiment. */
struct fl_point {
	unsigned int number; /* 1.., in table order: stable over seeds and resumes */
	unsigned int repeat; /* 1.. */
	const char *kernel;
	const char *group; /* "" without alternatives */
	const struct fl_workload *workload;
	struct fl_point_setting *settings;
	size_t n_settings;
	struct fl_guest_spec guest; /* its strings are the experiment's */
};

struct fl_plan {
	struct fl_point *points; /* by number */
	unsigned int
		*order; /* order[i]: index into points; shuffled by the seed, repeat by repeat */
	size_t n;
};

/* The point's guest, from its settings and what its steps need. */
int fl_point_resolve(struct fl_point *p, const struct fl_experiment *e, struct fl_error *err);

/* The guest of the plan that takes most memory. */
struct fl_guest_spec fl_plan_largest(const struct fl_plan *p, const struct fl_experiment *e);

/*
 * Pure: product of the axes x workloads x kernels x repeats.  The order is a
 * seeded shuffle within each repeat (blocks), so that drift of the machine
 * lands on no setting and an interrupted run is balanced.
 */
int fl_plan_make(struct fl_plan *p, const struct fl_experiment *e, uint64_t seed,
		 struct fl_error *err);
void fl_plan_release(struct fl_plan *p);

#endif
