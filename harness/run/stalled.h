/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_STALLED_H
#define FL_RUN_STALLED_H

#include <stdbool.h>

#include "harness/run/booted.h"
#include "harness/run/point.h"

/* Does a point of the plan hold up CPUs (experiment/stall.h)? */
bool fl_stalled_any(const struct fl_plan *plan);

/*
 * Before anything boots: FL_USAGE where a kernel has no System.map, or none of them has a function;
 * FL_MACHINE without the plugin.
 */
int fl_stalled_check(const struct fl_plan *plan, const struct fl_booted *b,
		     const struct fl_experiment *e, struct fl_error *err);

/* What guest/plugin/stall.c is told; malloc'd.  NULL: this kernel lacks a function, says err. */
char *fl_stalled_arguments(const struct fl_point_config *c, struct fl_error *err);

/* What it counted becomes metrics; of a stall that never happened, a note. */
void fl_stalled_collect(struct fl_outcome *o, const struct fl_point_config *c);

#endif
