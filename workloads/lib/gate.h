/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_GATE_H
#define WORKLOAD_GATE_H

/*
 * A gate that releases waiting processes or threads all at once, and cannot hang: if one that
 * should arrive has died, the gate is broken and all waiters return.  A gate opens once.
 */

#include <stdbool.h>

struct gate;

/* Made before the tasks, in memory that a fork shares.  0 or -errno. */
int gate_new(struct gate **gate);
void gate_free(struct gate *gate);

/* In a task: arrives and sleeps until the gate opens.  0, or -ECANCELED when it was broken. */
int gate_wait(struct gate *gate);

/* In a task: arrives and goes on, for a gate that is only counted. */
void gate_arrive(struct gate *gate);

/*
 * In the opener: sleeps until `tasks` have arrived; alive(arg) is asked every few milliseconds.
 * gate_open() then lets all go.  0, or -ECHILD when alive() said no first: the gate is broken.
 */
int gate_open(struct gate *gate, unsigned int tasks, bool (*alive)(void *arg), void *arg);
int gate_count(struct gate *gate, unsigned int tasks, bool (*alive)(void *arg), void *arg);

#endif
