/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_MEMCG_H
#define WORKLOAD_MEMCG_H

/*
 * The memory control group that this process is in: version 2, or 1 where it holds the memory.
 * Of kills nothing is said: the counter oom_kill of a group also counts those for want of memory
 * in the whole machine.
 */

#include <stdint.h>

struct memcg {
	uint64_t limit;   /* bytes; UINT64_MAX: no limit */
	uint64_t current; /* bytes charged */
	uint64_t hits;    /* of the limit: where reclaim did not help (version 1: all) */
};

/*
 * Of a limit that a group further up sets nothing is known.  0, or -ENOENT: no such group here,
 * or it is the root, which has no limit.
 */
int memcg_read(struct memcg *memcg);

#endif
