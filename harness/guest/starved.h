/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_STARVED_H
#define FL_GUEST_STARVED_H

#include <stdint.h>
#include <sys/types.h>

/*
 * How long a process has waited for a CPU that others had, ns since its start: of its threads the
 * one that waited longest (/proc/PID/task/TID/schedstat, the second figure, sched-stats.rst).  A
 * limit that is to say something of the guest does not count it.  0: this kernel does not say.
 */
uint64_t fl_starved_ns(pid_t pid);

#endif
