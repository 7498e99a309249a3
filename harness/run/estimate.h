/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_ESTIMATE_H
#define FL_RUN_ESTIMATE_H

#include <stdio.h>

#include "harness/base/error.h"
#include "harness/experiment/plan.h"

/*
 * Prints the plan in the order in which it would run, and how long: from the
 * points of the same workload in earlier runs where the store has them, else
 * from a guess that is called one.
 */
int fl_estimate_print(FILE *out, const struct fl_experiment *e, const struct fl_plan *plan,
		      uint64_t seed, unsigned int jobs, struct fl_error *err);

#endif
