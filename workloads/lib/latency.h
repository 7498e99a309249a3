/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_LATENCY_H
#define WORKLOAD_LATENCY_H

/*
 * Records how long single memory accesses take, in the loop that makes them.
 *
 * Each task owns its histograms, in shared memory that was faulted in before the work starts, so
 * that between two stamps there is no allocation, no lock, no stdio and no page fault but the one
 * that is measured.  The process that opened the recorder merges all tasks and writes the file.
 *
 *	latency_open(&rec, "out.lat", tasks, NULL, 0);		the classes base and region
 *	struct latency_task *t = latency_task(rec, nr);		in the task, before its start gate
 *	latency_touch(t, LATENCY_REGION, p, 1);			or stamp, work, end_stamp, record
 *	latency_close(rec);					in the opener, when all are done
 *
 * A stamp is rdtscp where the CPU says that its counter is invariant, else CLOCK_MONOTONIC.  The
 * file is in nanoseconds and needs no knowledge of the buckets:
 *
 *	faultline-latency 1
 *	clock tsc hz 2995200000
 *	class base count 131072 sum_ns 123456789 min_ns 310 max_ns 99120
 *	bucket 310.0 312.4 17			low (inclusive), high (exclusive), count
 *	end
 *
 * Only buckets that hold something are written, ascending.  Without the line "end" it was cut.
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

/* The classes of a recorder that was opened without names. */
enum {
	LATENCY_BASE,   /* a base page of a huge-page-sized region that was touched before */
	LATENCY_REGION, /* the first touch of an aligned, huge-page-sized region */
};

struct latency;

struct latency_task {
	bool tsc;
	struct hist class[];
};

/*
 * Opens the destination, a path or the digits of an open descriptor, and makes room for `tasks`.
 * Class i is names[i], a word without blanks; names NULL stands for "base", "region".  A dest of
 * NULL is no recorder: *out becomes NULL, which every function below takes.  0 or -errno.
 */
int latency_open(struct latency **out, const char *dest, unsigned int tasks,
		 const char *const names[], unsigned int nr_names);

/* The histograms of one task, faulted in by the caller; NULL without a recorder. */
struct latency_task *latency_task(struct latency *rec, unsigned int nr);

/* Merges all tasks, writes the file and frees the recorder.  0 or -errno. */
int latency_close(struct latency *rec);

/* Ticks to nanoseconds: 1e9 / the frequency of the clock. */
double latency_ns_per_tick(const struct latency *rec);

/* One class over all tasks, in ticks. */
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

static inline uint64_t latency_stamp(const struct latency_task *task)
{
	return latency_ticks(task->tsc);
}

static inline uint64_t latency_end_stamp(const struct latency_task *task)
{
	return latency_end_ticks(task->tsc);
}

/* A counter that steps back when the task changes its CPU counts as no time, not as a century. */
static inline void latency_record(struct latency_task *task, unsigned int class, uint64_t start,
				  uint64_t end)
{
	hist_add(&task->class[class], end > start ? end - start : 0);
}

static inline void latency_touch(struct latency_task *task, unsigned int class,
				 volatile unsigned char *p, unsigned char value)
{
	uint64_t start = latency_stamp(task);

	*p = value;
	latency_record(task, class, start, latency_end_stamp(task));
}

#endif
