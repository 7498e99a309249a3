/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_SNAPSHOT_CHECK_H
#define WORKLOAD_SNAPSHOT_CHECK_H

/* What must hold after any correct snapshot, and events in the kernel that excuse a deviation. */

#include <stdbool.h>
#include <stdint.h>

/* Counters of /proc/vmstat: of the whole machine. */
struct snapshot_events {
	uint64_t split_pmd; /* thp_split_pmd */
	uint64_t collapsed; /* thp_collapse_alloc: a copy made a region huge */
	uint64_t swapped;   /* pswpout */
	uint64_t oom_kills; /* oom_kill */
};

struct snapshot_facts {
	uint64_t pages_written; /* distinct, since the fork */
	uint64_t private_dirty_kib;
	uint64_t huge_before_kib, huge_after_kib; /* of the parent */
	bool splits_known;
	uint64_t splits_expected;
	struct snapshot_events events;
};

enum snapshot_verdict {
	SNAPSHOT_OK,
	SNAPSHOT_EXCUSED,
	SNAPSHOT_FAIL,
};

struct snapshot_events snapshot_events_now(void);
struct snapshot_events snapshot_events_since(const struct snapshot_events *then);

/* Pages written x 4 KiB, within 1 %. */
enum snapshot_verdict snapshot_judge_dirty(const struct snapshot_facts *f);

/*
 * The parent lost as many huge mappings as it should, and the machine counted no fewer splits
 * (others may have split some of theirs).
 */
enum snapshot_verdict snapshot_judge_splits(const struct snapshot_facts *f);

/* Judge and print "check private_dirty …", "check pmd_splits …"; false for a failure. */
bool snapshot_check_dirty(const struct snapshot_facts *f);
bool snapshot_check_splits(const struct snapshot_facts *f);

#endif
