/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_PLANNED_H
#define FL_RUN_PLANNED_H

#include "harness/experiment/plan.h"
#include "harness/run/run.h"

/*
 * Reads the experiment that a command line asks for, applies its options, checks the result and
 * makes the plan.  Draws a seed if none is given.  0 or -1; both structs must be released in either
 * case.
 */
int fl_run_plan(struct fl_plan *plan, struct fl_experiment *e, uint64_t *seed,
		const struct fl_run_options *o, struct fl_error *err);

#endif
