/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_STALLS_H
#define FL_COLLECT_STALLS_H

#include <stddef.h>
#include <stdint.h>

#include "harness/collect/collect.h"
#include "harness/experiment/stall.h"

/* How often a function was entered while the workload ran, and how often that caused a stall. */
struct fl_stall_count {
	uint64_t entries, stalls;
};

/* Of guest/plugin/stall.c: n lines "ENTRIES STALLS".  0, or -EPROTO for anything else. */
int fl_stall_counts_parse(struct fl_stall_count *counts, size_t n, const char *text, size_t len);

void fl_stall_counts_put(struct fl_result *r, const struct fl_stalls *stalls,
			 const struct fl_stall_count *counts);

#endif
