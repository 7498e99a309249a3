/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_STARVED_H
#define FL_GUEST_STARVED_H

#include <stdint.h>
#include <sys/types.h>

/*
 * How long a process has waited for a CPU that others had, ns since its start: the largest value of
 * its threads (/proc/PID/task/TID/schedstat, the second figure, sched-stats.rst).  Limits that are
 * meant for the guest exclude it.  0: this kernel does not tell.
 */
uint64_t fl_starved_ns(pid_t pid);

#endif
