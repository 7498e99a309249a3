/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_CHUNK_H
#define WORKLOAD_CHUNK_H

/* A run of touches of which it is known in sum how many faulted: which of them did (latency.h). */

#include <stdbool.h>
#include <stdint.h>

#define CHUNK_MAX 512

enum chunk_kind {
	CHUNK_STORE,
	CHUNK_FAULT,
	CHUNK_INTERRUPTED, /* by a timer tick */
	CHUNK_PREEMPTED,
	CHUNK_KINDS,
};

struct chunk {
	unsigned int n;
	unsigned int marked; /* how many of ticked and scheduled are set */
	uint64_t ticks[CHUNK_MAX];
	uint8_t class[CHUNK_MAX];
	bool ticked[CHUNK_MAX];    /* the timer tick fell into it */
	bool scheduled[CHUNK_MAX]; /* the task left the CPU in it, preempted or to sleep */
	uint8_t kind[CHUNK_MAX];   /* enum chunk_kind, set by chunk_judge() */
	uint64_t scratch[CHUNK_MAX];
};

/* What getrusage() counted meanwhile. */
struct chunk_counts {
	unsigned long faults;
	unsigned long preemptions; /* ru_nivcsw */
	bool scheduled_known;      /* chunk.scheduled says something */
};

/* Of one that holds n touches: no mark is left. */
void chunk_empty(struct chunk *c);

/*
 * Sets the kind of each touch.  An interrupted touch may be one of those that faulted; how many of
 * them did is told by the widest gap, as a ratio, between the durations of the others.
 */
void chunk_judge(struct chunk *c, const struct chunk_counts *counts);

#endif
