/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_MEMCG_H
#define WORKLOAD_MEMCG_H

/*
 * The memory control group that this process is in: version 2, or 1 where it holds the memory.  It
 * does not tell kills: oom_kill of a cgroup also counts those for lack of memory in the whole
 * machine.
 */

#include <stdint.h>

struct memcg {
	uint64_t limit;   /* bytes; UINT64_MAX: no limit */
	uint64_t current; /* bytes charged */
	uint64_t hits;    /* of the limit: where reclaim did not help (version 1: all) */
};

/*
 * Limits set by ancestors are not known.  0, or -ENOENT: no such group here, or it is the root,
 * which has no limit.
 */
int memcg_read(struct memcg *memcg);

/* Writes a file of its group of version 2: "memory.max".  0, -errno, or -ENOENT: there is none that
 * may be written. */
int memcg_put(const char *file, const char *text);

/* Opens such a file for reading and writing.  -1: there is none. */
int memcg_open(const char *file);

/*
 * The number of such a file, or of its line that begins with `key` ("memory.stat", "anon"); of this
 * process's group, or of the one at `group`, a path below the root.  0 also when there is none.
 */
uint64_t memcg_get(const char *group, const char *file, const char *key);

/*
 * Asks the kernel to reclaim so much of it: "2M".  0, also where it found less, or -ENOENT: no
 * group of version 2 that can be asked.
 */
int memcg_reclaim(const char *size);

/* A control group of version 2 that this process makes, below the root. */
struct memcg_group {
	char path[64];
};

/* With limits in bytes, UINT64_MAX: none.  0 or -errno: no such groups here, or no right. */
int memcg_new(struct memcg_group *group, uint64_t limit, uint64_t swap);

/* This process goes in: what it takes from now on is charged there.  0 or -errno. */
int memcg_join(const struct memcg_group *group);

/* This process goes to the root again, or stays. */
void memcg_leave(void);

/* Kills by the OOM killer in it. */
uint64_t memcg_kills(const struct memcg_group *group);

/* All must have left or be dead. */
void memcg_free(struct memcg_group *group);

#endif
