/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_OWN_METRICS_H
#define FL_RUN_OWN_METRICS_H

#include "harness/run/material.h"
#include "harness/run/point.h"
#include "harness/run/programs.h"

/*
 * The experiment's own metrics of a point, from what its programs printed (beside may be NULL),
 * into the outcome's values.  A metric missing from a good point is named in the outcome's reason:
 * an absent value is not 0.  Called before material and programs are closed.
 */
void fl_own_metrics_collect(struct fl_outcome *o, const struct fl_point_config *c,
			    const struct fl_material *m, const struct fl_programs *beside);

/* Does any of them have the name of a metric of ours, of a column, or of a value at a step?
 * FL_USAGE with file and line. */
int fl_own_metrics_names(const struct fl_experiment *e, struct fl_error *err);

#endif
