/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_STACK_H
#define FL_RUN_STACK_H

#include "harness/run/session.h"

/*
 * A point of several guests ([guest] count): all are booted, then in every round each in its turn
 * runs the workload, on one time line.  A guest whose QEMU the host's memory limit kills does not
 * fit: that is a result; one that ends in another way, or whose console complains, decides the
 * point.  `s` has the point, its outcome and its control group, no guest.
 * FL_GO_ON, FL_DECIDED or -1.
 */
int fl_stack_run(struct fl_session *s);

#endif
