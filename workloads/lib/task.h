/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_TASK_H
#define WORKLOAD_TASK_H

/*
 * A set of tasks, processes or threads, that do the same with another number.  A process of the
 * set dies with its parent; a task that dies or fails is noticed and makes the set fail.
 */

#include <stdbool.h>
#include <sys/types.h>

enum task_kind {
	TASK_PROCESS,
	TASK_THREAD,
};

struct bind;
struct tasks;

/* What task nr does; returns its exit status. */
typedef int (*task_fn)(unsigned int nr, void *arg);

/*
 * Starts nr tasks, each bound by `bind` (NULL: not bound) before it calls fn.  When one cannot be
 * started, processes are killed again; after threads the program should exit.  0 or -errno.
 */
int tasks_start(struct tasks **tasks, enum task_kind kind, unsigned int nr, task_fn fn, void *arg,
		const struct bind *bind);

/* For the start: false as soon as one has ended, in whatever way.  Fits gate_open(). */
bool tasks_running(void *tasks);

/* For later: false once one ended by a signal or with a status other than 0.  Fits gate_count(). */
bool tasks_healthy(void *tasks);

/* Of a set of processes. */
pid_t tasks_pid(const struct tasks *tasks, unsigned int nr);

/* Waits for all.  0 when each ended with status 0, else 1, with a line on stderr for each other. */
int tasks_wait(struct tasks *tasks);

/*
 * Kills the processes that still run and collects them; tasks_wait() does not count these as
 * failures.  Threads end with the program.
 */
void tasks_kill(struct tasks *tasks);

void tasks_free(struct tasks *tasks);

#endif
