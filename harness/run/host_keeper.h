/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_HOST_KEEPER_H
#define FL_RUN_HOST_KEEPER_H

#include <sys/resource.h>
#include <sys/types.h>

/*
 * A process between the harness and a workload on this machine.  It is a subreaper: processes that
 * leave their session or outlive their parent become its children.  When told to, or when the
 * harness has died from whatever signal, it kills all of them and exits.
 */
struct fl_launch {
	char *path, **argv;
	int in, out, err;
	int gate;   /* a byte from it starts the program; -1: starts at once */
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

/* How the child ended.  left: processes that could not be killed. */
struct fl_keeper_end {
	int status; /* of wait(2) */
	struct rusage usage;
	unsigned int left;
};

/* Forks.  Its pid, or -errno. */
pid_t fl_keeper_start(const struct fl_keeper *k);

#endif
