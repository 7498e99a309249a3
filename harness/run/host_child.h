/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_CHILD_H
#define FL_RUN_HOST_CHILD_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"

/*
 * A workload on this machine: a process group of its own, in a cgroup of its
 * own where cgroup v2 is writable.  A keeper process waits beside it and kills
 * the group when the harness dies, by whatever signal: a parent-death signal
 * would reach the first process only, not what that forked.
 */
struct fl_host_child {
	pid_t pid, pressure, keeper; /* pid leads the group; 0: none */
	int out, err;                /* read ends, non-blocking */
	int pidfd;
	int gate, report, keeping; /* ends of pipes to the child, from it, to the keeper */
	char cgroup[512];          /* "" without one */
	double oom_kills;          /* of the machine, at the start */
};

/* Is the program a workload of ours, or on PATH?  0 or -1 (FL_USAGE). */
int fl_host_program_check(const char *name, struct fl_error *err);

/* argv is not empty.  Forks; the program waits for fl_host_child_go().  -1: FL_USAGE for a program
 * that is not there.
 */
int fl_host_child_start(struct fl_host_child *c, const struct fl_strv *argv, struct fl_error *err);

/* Pressure beside it, output thrown away, ended with the child. */
int fl_host_child_pressure(struct fl_host_child *c, const struct fl_strv *argv,
			   struct fl_error *err);

/* Lets the program start; 0, or -1 when it cannot be executed. */
int fl_host_child_go(struct fl_host_child *c, struct fl_error *err);

/* Did the kernel kill for lack of memory here?  In the cgroup, or where there is none, on the
 * machine. */
bool fl_host_child_oom(const struct fl_host_child *c);

/* Kills what is left of the group, reaps; *status as of wait(2).  Closes all but out and err. */
void fl_host_child_end(struct fl_host_child *c, int *status, struct rusage *usage);
void fl_host_child_close(struct fl_host_child *c);

#endif
