/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_STACK_H
#define FL_RUN_STACK_H

#include "harness/run/session.h"

/*
 * A point of several guests ([guest] count): all are booted; then in every round each one in turn
 * runs the workload, on a common time line.  A guest whose QEMU is killed by the host's memory
 * limit does not fit, which is a result.  One that ends in another way, or whose console shows a
 * complaint, decides the point.  `s` has the point, its outcome and its control group, no guest.
 * FL_GO_ON, FL_DECIDED or -1.
 */
int fl_stack_run(struct fl_session *s);

#endif
