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

/* limit 0: none.  0, or -1 (FL_MACHINE): this machine does not let us; the sentence says why. */
int fl_cgroup_make(struct fl_cgroup *g, uint64_t limit, struct fl_error *err);

/* 0 or -errno: version 1 says -EBUSY when it cannot get below the limit. */
int fl_cgroup_limit(const struct fl_cgroup *g, uint64_t limit);

/* Bytes charged to it now; 0 where it cannot be read. */
uint64_t fl_cgroup_used(const struct fl_cgroup *g);

/*
 * Do its processes wait at the limit for memory?  So they do in version 1, where the kernel is told
 * to kill none: it kills a second process while the first still frees its memory.  Never in
 * version 2, which has no such switch (memory.oom_control, cgroup-v1/memory.rst).
 */
bool fl_cgroup_stuck(const struct fl_cgroup *g);

/* Processes of it that the limit has killed so far.  0, or -ENOTSUP: this kernel does not count. */
int fl_cgroup_kills(const struct fl_cgroup *g, unsigned int *kills);

/* For a child before exec: puts itself in.  dir: of the group.  0 or -errno. */
int fl_cgroup_join(const char *dir);

/* Takes away the groups of harnesses that a kill ended: their guests died with them. */
void fl_cgroup_sweep(void);

/* Its processes must be gone. */
void fl_cgroup_end(struct fl_cgroup *g);

#endif
