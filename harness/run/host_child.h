/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_CHILD_H
#define FL_RUN_HOST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/run/host_keeper.h"

/*
 * A workload on this machine: a process group of its own, in a cgroup of its own where cgroup v2 is
 * writable, below a keeper (host_keeper.h) that kills all its descendants when told to or when the
 * harness dies.
 */
struct fl_host_child {
	pid_t pid, keeper; /* pid leads the group; 0: none */
	int out, err;      /* read ends, non-blocking */
	int pidfd;         /* readable when the workload has ended */
	int gate, report;  /* ends of pipes to the child and from it */
	int word, answer;  /* to the keeper and from it */
	char cgroup[512];  /* "" without one */
	double oom_kills;  /* of the machine, at the start */
};

/* Is the program a workload of ours, or on PATH?  0 or -1 (FL_USAGE). */
int fl_host_program_check(const char *name, struct fl_error *err);

/*
 * argv is not empty.  Forks; the program waits for fl_host_child_go().  pressure:
 * beside it, output thrown away, ended with the child; NULL: none.  -1: FL_USAGE
 * for a program that is not there.
 */
int fl_host_child_start(struct fl_host_child *c, const struct fl_strv *argv,
			const struct fl_strv *pressure, struct fl_error *err);

/* Lets the program start; 0, or -1 if it cannot be executed. */
int fl_host_child_go(struct fl_host_child *c, struct fl_error *err);

/* Did the OOM killer strike, in the cgroup, or without one on the whole machine? */
bool fl_host_child_oom(const struct fl_host_child *c);

/* Kills and reaps what is left.  Closes everything except out and err. */
void fl_host_child_end(struct fl_host_child *c, struct fl_keeper_end *end);
void fl_host_child_close(struct fl_host_child *c);

#endif
