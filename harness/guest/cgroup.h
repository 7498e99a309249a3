/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_CGROUP_H
#define FL_GUEST_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/error.h"

/* A memory control group of the host for QEMU processes, of version 1 or 2. */
struct fl_cgroup {
	char *dir; /* NULL: none */
	bool v1;
};

/* limit 0: none.  0, or -1 (FL_MACHINE) with a sentence if this machine does not allow it. */
int fl_cgroup_make(struct fl_cgroup *g, uint64_t limit, struct fl_error *err);

/* 0 or -errno; version 1 returns -EBUSY if usage cannot be brought below the limit. */
int fl_cgroup_limit(const struct fl_cgroup *g, uint64_t limit);

/* Bytes charged to it now; 0 where it cannot be read. */
uint64_t fl_cgroup_used(const struct fl_cgroup *g);

/*
 * Do its processes wait for memory at the limit instead of being killed?  Yes in version 1, where
 * we disable the OOM killer: it would kill a second process while the first is still freeing its
 * memory.  Never in version 2, which has no such switch (memory.oom_control, cgroup-v1/memory.rst).
 */
bool fl_cgroup_stuck(const struct fl_cgroup *g);

/*
 * How many of its processes the limit has killed so far.  0, or -ENOTSUP if this kernel does not
 * count them.
 */
int fl_cgroup_kills(const struct fl_cgroup *g, unsigned int *kills);

/* For a child before exec: puts itself in.  dir: of the group.  0 or -errno. */
int fl_cgroup_join(const char *dir);

/* Removes the groups of harnesses that were killed: their guests died with them. */
void fl_cgroup_sweep(void);

/* Its processes must have exited. */
void fl_cgroup_end(struct fl_cgroup *g);

#endif
