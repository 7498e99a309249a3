/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_KEEPER_H
#define FL_RUN_HOST_KEEPER_H

#include <sys/resource.h>
#include <sys/types.h>

/*
 * A process between the harness and a workload on this machine.  What leaves
 * its session or outlives its parent becomes the keeper's child, as it is a
 * subreaper, and the keeper ends when all of them are killed: at the harness's
 * word, or when that is dead, by whatever signal.
 */
struct fl_launch {
	char *path, **argv;
	int in, out, err;
	int gate;   /* a byte from it is the word to go; -1: goes at once */
	int report; /* errno of an exec that failed goes there; -1 */
	int cgroup; /* cgroup.procs; -1: ours */
};

struct fl_keeper {
	struct fl_launch child, pressure; /* pressure.path NULL: none */
	int word;                         /* read end: a byte or its end means the end */
	int answer;                       /* write end: the child's pid, then an fl_kept_end */
	int kill;                         /* cgroup.kill, or -1 */
	const char *cgroup;               /* to remove at the end; NULL */
	const int *shut;                  /* descriptors that a child must not have */
	size_t n_shut;
};

/* What came of the child.  left: processes that could not be killed. */
struct fl_keeper_end {
	int status; /* of wait(2) */
	struct rusage usage;
	unsigned int left;
};

/* Forks.  Its pid, or -errno. */
pid_t fl_keeper_start(const struct fl_keeper *k);

#endif
