/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_BIND_H
#define FL_GUEST_BIND_H

#include "harness/guest/qmp.h"

/*
 * Binds the vCPU threads (QMP query-cpus-fast) to hardware threads in hwloc's
 * logical order from `first`, wrapping.  Under TCG with one thread for all
 * vCPUs they name the same thread, which then gets the first.  0 or -1.
 */
int fl_bind_vcpus(struct fl_qmp *q, int first, struct fl_error *err);

#endif
