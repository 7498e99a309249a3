/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_MEMORY_OF_H
#define WORKLOAD_MEMORY_OF_H

/* What the kernel says of the memory of a process and of the machine, in KiB. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct memory_of {
	uint64_t rss_kib, pss_kib, private_dirty_kib, anon_huge_kib;
};

/* Sums /proc/self/smaps over the mappings within [start, start + len).  0 or -errno. */
int memory_of_range(const void *start, size_t len, struct memory_of *m);

/* smaps_rollup of a process; without it only the RSS, of statm.  0 or -errno: it is gone. */
int memory_of_process(pid_t pid, struct memory_of *m);

/* VmPTE of /proc/self/status; 0 when it cannot be read. */
uint64_t memory_page_tables_kib(void);

/* A line of /proc/meminfo, a counter of /proc/vmstat; 0 when there is none. */
uint64_t memory_info_kib(const char *name);
uint64_t memory_vmstat(const char *name);

#endif
