/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_WORKLOAD_H
#define FL_EXPERIMENT_WORKLOAD_H

#include "harness/experiment/experiment.h"

/* Adds a workload of that name and command; 0, or -1 with a sentence about what is wrong. */
int fl_workload_add(struct fl_experiment *e, const char *name, const char *run,
		    struct fl_error *err);

/* A key of [workload NAME]; `run` comes first and makes it. */
int fl_workload_take(struct fl_experiment *e, const char *name, const char *key, const char *value,
		     struct fl_error *err);

void fl_workload_release(struct fl_workload *w);
void fl_workloads_release(struct fl_experiment *e);

/* What it is run on, and how often. */
const struct fl_strv *fl_workload_kernels(const struct fl_workload *w,
					  const struct fl_experiment *e);
unsigned int fl_workload_repeat(const struct fl_workload *w, const struct fl_experiment *e);

#endif
