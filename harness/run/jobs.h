/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_JOBS_H
#define FL_RUN_JOBS_H

#include "harness/run/point.h"

/*
 * Runs points in N threads, each with one guest at a time; outcomes go to one callback as they
 * arrive.
 */
struct fl_jobs_config {
	unsigned int jobs;
	/* Points to run: configs[order[i]], i < n. */
	const struct fl_point_config *configs;
	const unsigned int *order;
	size_t n;
	int (*run)(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err);
	/* Called in the thread that begins it. */
	void (*begins)(void *arg, const struct fl_point_config *c);
	/*
	 * Called under a lock, so never concurrently; owns nothing.  Non-zero stops the jobs, like
	 * an error of run(): no new point begins, and those in flight are handed in as they end.
	 */
	int (*done)(void *arg, const struct fl_point_config *c, struct fl_outcome *o,
		    struct fl_error *err);
	void *arg;
	const atomic_int *interrupted;
};

/* 0: all done (or interrupted); -1: the first error of run() or done(). */
int fl_jobs_run(const struct fl_jobs_config *c, struct fl_error *err);

/*
 * How many guests in parallel: as many as fit into memory; for real time also one host thread for
 * each vCPU and one for QEMU itself, so that guests do not disturb each other.  Instruction counts
 * are not affected.
 */
unsigned int fl_jobs_default(const struct fl_guest_spec *spec);

#endif
