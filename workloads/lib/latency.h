/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_LATENCY_H
#define WORKLOAD_LATENCY_H

/*
 * Records how long single memory accesses take, in the loop that makes them.
 *
 * Each task owns its histograms, in shared memory that was faulted in before the work starts, so
 * that between two stamps there is no allocation, no lock, no stdio, no system call and no page
 * fault but the one that is measured.  The process that opened the recorder merges all tasks and
 * writes the file.
 *
 * latency_open(&rec, "out.lat", tasks, NULL, 0);		the classes below
 * struct latency_task *t = latency_task(rec, nr);		in the task, before its start gate
 * latency_touch(t, LATENCY_REGION, p, 1);			or latency_write(), latency_read()
 * latency_settle(t);					before other work, and at the end
 * latency_close(rec);					in the opener, when all are done
 *
 * Touches are kept in a chunk and sorted out when it is full or settled:
 *
 * - Which of them faulted is known from getrusage(RUSAGE_THREAD) before and after the chunk.  When
 *   it is some of them, it is the longest ones, as many as there were faults: a fault takes longer
 *   than any store.  First touches of a region are a chunk each: one is or is not a fault.
 * - A touch is preempted when the task left the CPU in it unasked, which the kernel tells by
 *   clearing the task's rseq_cs (without rseq: the longest of the chunk, as many as ru_nivcsw
 *   says), and interrupted when the timer tick fell into it: the tick advances
 *   CLOCK_MONOTONIC_COARSE, which is read after each touch, and after each time between touches,
 *   that is long enough to hold a tick.  With several CPUs at work the tick of another one can be
 *   taken for it.  Both count in classes of their own only; away_ns says how long other tasks ran
 *   in preempted touches, as the thread's CPU clock has it.
 *
 * A stamp is rdtscp where the CPU says that its counter is invariant, else CLOCK_MONOTONIC.  The
 * minimum duration of an empty touch is measured when the recorder is opened and subtracted from
 * each value.  With the instruction clock that is exact: a store is left with the access and the
 * few instructions that fetch its operands, the same in every program.  The file is in nanoseconds
 * and needs no knowledge of the buckets:
 *
 * faultline-latency 2
 * clock tsc hz 2995200000 cost_ns 11.3 away_ns 0
 * class base count 131072 sum_ns 123456789 min_ns 310 max_ns 99120
 * bucket 310.0 312.4 17			low (inclusive), high (exclusive), count
 * end
 *
 * Only buckets that hold something are written, ascending by low; one that is a tick of the clock
 * wide is a value that occurred.  Without the line "end" the file was cut.  Version 1 had no
 * cost_ns, which was in the values, and the classes base and region held all first touches,
 * stores and interrupted ones too.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "hist.h"

#define LATENCY_CLASSES_MAX 16
#define LATENCY_TASKS_MAX 4096

/* The classes of a recorder that was opened without any. */
enum {
	LATENCY_BASE,        /* a touch that faulted, in a region that was touched before */
	LATENCY_REGION,      /* the first touch of an aligned, huge-page-sized region; it faulted */
	LATENCY_STORE,       /* a touch that did not fault: the page was mapped already */
	LATENCY_INTERRUPTED, /* any of these, with a timer tick in it */
	LATENCY_PREEMPTED,   /* any of these, in which the task left the CPU unasked */
};

/* Itself in `stored`, `interrupted` or `preempted`: such touches are not told apart. */
struct latency_class {
	const char *name; /* a word without blanks */
	unsigned int stored, interrupted, preempted;
	bool alone; /* each touch is a chunk */
};

#define LATENCY_DEFAULT_CLASSES                                                                    \
	[LATENCY_BASE] = { "base", LATENCY_STORE, LATENCY_INTERRUPTED, LATENCY_PREEMPTED, false }, \
	[LATENCY_REGION] = { "region", LATENCY_STORE, LATENCY_INTERRUPTED, LATENCY_PREEMPTED,      \
			     true },                                                               \
	[LATENCY_STORE] = { "store", LATENCY_STORE, LATENCY_INTERRUPTED, LATENCY_PREEMPTED,        \
			    false },                                                               \
	[LATENCY_INTERRUPTED] = { "interrupted", LATENCY_INTERRUPTED, LATENCY_INTERRUPTED,         \
				  LATENCY_PREEMPTED, false },                                      \
	[LATENCY_PREEMPTED] = { "preempted", LATENCY_PREEMPTED, LATENCY_PREEMPTED,                 \
				LATENCY_PREEMPTED, false }

struct latency;
struct latency_task;

/*
 * Opens the destination, a path or the digits of an open descriptor, and makes room for `tasks`.
 * classes NULL: the default ones.  A dest of NULL is no recorder: *out becomes NULL, which every
 * function below takes.  0 or -errno.
 */
int latency_open(struct latency **out, const char *dest, unsigned int tasks,
		 const struct latency_class classes[], unsigned int nr_classes);

/* The histograms of one task, emptied and faulted in by the caller; NULL without a recorder. */
struct latency_task *latency_task(struct latency *rec, unsigned int nr);

/* The caller, a child of the task, goes on in its place.  What that one did not settle is lost. */
void latency_adopt(struct latency_task *task);

/* Writes a byte, or a word; reads a word.  Recorded in the class, or in what it says instead. */
void latency_touch(struct latency_task *task, unsigned int class, volatile unsigned char *p,
		   unsigned char value);
void latency_write(struct latency_task *task, unsigned int class, volatile unsigned long *p,
		   unsigned long value);
void latency_read(struct latency_task *task, unsigned int class, volatile unsigned long *p);

/* The same for any other access: latency_begin(), the access, latency_end() with what it gave. */
uint64_t latency_begin(struct latency_task *task, unsigned int class);
void latency_end(struct latency_task *task, unsigned int class, uint64_t start);

/* Sorts out the touches of the chunk.  The task itself calls it; NULL is allowed. */
void latency_settle(struct latency_task *task);

/* Of a task's clock, for latency_record(). */
uint64_t latency_stamp(const struct latency_task *task);
uint64_t latency_end_stamp(const struct latency_task *task);

/* An interval between two stamps, into its class whatever fell into it. */
void latency_record(struct latency_task *task, unsigned int class, uint64_t start, uint64_t end);

/* Merges all tasks, writes the file and frees the recorder.  0 or -errno. */
int latency_close(struct latency *rec);

/* Ticks to nanoseconds: 1e9 / the frequency of the clock. */
double latency_ns_per_tick(const struct latency *rec);

/* What the clock itself takes, in ticks: it is taken off each value. */
uint64_t latency_cost(const struct latency *rec);

/* One class over all tasks, in ticks; settled touches only. */
void latency_merge(const struct latency *rec, unsigned int class, struct hist *into);

/*
 * Ticks of the clock.  rdtscp waits until earlier instructions are done.  A start stamp must also
 * keep later ones from beginning, which costs a fence; an end stamp need not.
 */
static inline uint64_t latency_end_ticks(bool tsc)
{
	struct timespec ts;

#if defined(__x86_64__)
	if (__builtin_expect(tsc, 1)) {
		unsigned int cpu;

		return __rdtscp(&cpu);
	}
#endif
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline uint64_t latency_ticks(bool tsc)
{
	uint64_t ticks = latency_end_ticks(tsc);

#if defined(__x86_64__)
	_mm_lfence();
#endif
	return ticks;
}

#endif
