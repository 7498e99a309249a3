/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_WALK_H
#define WORKLOAD_WALK_H

/*
 * Walks over memory word by word, in order or at random, as vm-scalability's usemem does: what a
 * word holds afterwards is its own index.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>

#include "latency.h"

struct walk {
	/* set by the caller */
	size_t step;       /* bytes between accesses, at least a word */
	uint64_t delay_ns; /* stay this long on each page; 0: do not */
	uint64_t runtime;  /* seconds after start; 0: no limit */
	struct timeval start;
	bool random;
	struct drand48_data rand;
	struct latency_task *latency; /* for walk_timed() */

	/* set by a walk */
	bool time_over;
	bool wrong; /* a word was not what was written: */
	size_t wrong_index;
	unsigned long wrong_value;
};

static inline void walk_access(unsigned long *p, size_t index, bool read)
{
	volatile unsigned long *vp = p;

	if (__builtin_expect(read, 0))
		(void)vp[index];
	else
		vp[index] = index;
}

/* Asks the clock, when there is a limit. */
bool walk_time_over(struct walk *w);

/* One pass; with check, each word is first held against its index.  Returns the bytes accessed. */
unsigned long walk_plain(struct walk *w, unsigned long *p, size_t bytes, bool read, bool check);

/* One pass that times the first access to each page.  -ENOMEM or the bytes accessed. */
long walk_timed(struct walk *w, unsigned long *p, size_t bytes, bool read);

#endif
