/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_LOCK_H
#define FL_RUN_LOCK_H

#include "harness/base/error.h"

/*
 * Whoever measures a run holds it, by its own experiment.ini in dir, which is there as long as the
 * run is.  A descriptor, to be closed at the end, or -1: FL_USAGE where another process has it.
 */
int fl_run_lock(const char *dir, const char *run, struct fl_error *err);

#endif
