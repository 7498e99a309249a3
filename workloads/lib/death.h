/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_DEATH_H
#define WORKLOAD_DEATH_H

/*
 * How a child died.  The OOM killer's SIGKILL is told from others by the kernel's OOM-kill
 * counters, and a cgroup's limit from lack of memory in the whole machine by that cgroup's counter,
 * read before the child was started and after it died.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct death_kills {
	uint64_t kills;      /* by the OOM killer, in the whole machine */
	uint64_t limit_hits; /* of this process's memory control group */
};

/* Up to now. */
struct death_kills death_count(void);

/*
 * Names a wait status: "oom-kill", "memcg-oom-kill", "killed" (SIGKILL by somebody else),
 * "signal-N" or "exit-N".  True when it was for want of memory.
 */
bool death_name(int status, const struct death_kills *before, const struct death_kills *after,
		char *name, size_t len);

/* What the OOM killer thinks of this process: -1000 (never; needs root) … 1000.  0 or -errno. */
int death_oom_score(const char *score);

#endif
