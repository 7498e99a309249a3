/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_OVERRIDES_H
#define FL_RUN_OVERRIDES_H

#include "harness/run/run.h"

/* Applies the options to the experiment and then checks it as a whole.  0, or -1 (FL_USAGE). */
int fl_run_override(struct fl_experiment *e, const struct fl_run_options *o, struct fl_error *err);

#endif
