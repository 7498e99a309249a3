/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_PLANNED_H
#define FL_RUN_PLANNED_H

#include "harness/experiment/plan.h"
#include "harness/run/run.h"

/*
 * The experiment that a command line asks for, checked with all that the line lays over it, and its
 * plan.  A seed that is not given is drawn.  0 or -1; both structs are to be released then, too.
 */
int fl_run_plan(struct fl_plan *plan, struct fl_experiment *e, uint64_t *seed,
		const struct fl_run_options *o, struct fl_error *err);

#endif
