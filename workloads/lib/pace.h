/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_PACE_H
#define WORKLOAD_PACE_H

/*
 * How fast and how long a loop runs:
 *
 * struct pace pace = { .rate = 1000, .fd = -1, .count = 5000 };
 * while (pace_next(&pace))
 * 	work();
 *
 * The times are those of a fixed timetable from the first call on: after a delay it catches up, so
 * the rate holds on average.
 */

#include <stdbool.h>
#include <stdint.h>

#define PACE_MAX UINT64_MAX /* a rate: unthrottled */

struct pace {
	/* set by the caller */
	uint64_t rate;  /* turns a second; 0: none, it only waits for the end */
	int fd;         /* until this is readable; -1: */
	uint64_t ns;    /* for so long; 0: */
	uint64_t count; /* so many turns; with rate 0 none and at once */

	/* read by the caller */
	uint64_t turns;

	/* private */
	uint64_t began;
};

/* Sleeps until the next turn is due; false when it is over. */
bool pace_next(struct pace *pace);

/* CLOCK_MONOTONIC. */
uint64_t pace_now_ns(void);

#endif
