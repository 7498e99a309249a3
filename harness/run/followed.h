/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_FOLLOWED_H
#define FL_RUN_FOLLOWED_H

#include "harness/run/booted.h"
#include "harness/run/point.h"

/* `entry` of an experiment and of a workload: functions that the profile follows. */
#define FL_FOLLOW_ALL "all"

/*
 * Before anything boots: FL_USAGE if no kernel of the plan has a function; a line on stderr if only
 * some have it.  Kernels without a System.map have no profile and are not asked.
 */
int fl_followed_check(const struct fl_booted *b, const struct fl_experiment *e,
		      struct fl_error *err);

/* For a point: those functions that the kernel with this System.map has. */
void fl_followed_names(struct fl_strv *names, const struct fl_point_config *c, const char *symbols);

#endif
