/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_OPERATIONS_H
#define FL_TRY_OPERATIONS_H

#include "harness/base/strv.h"
#include "harness/try/diff.h"

/*
 * Names of operations of the workload `races` (races --list) whose code a patch touches, by its
 * functions and files.  At most FL_TRY_OPERATIONS_MAX, those that most functions speak for first.
 */
#define FL_TRY_OPERATIONS_MAX 6
void fl_try_operations(struct fl_strv *operations, const struct fl_diff *d);

/* Every name that it may say, each once; for tests. */
void fl_try_operation_names(struct fl_strv *names);

#endif
