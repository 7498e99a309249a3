/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_MEMORY_BLOCK_H
#define WORKLOAD_MEMORY_BLOCK_H

#define MEMORY_BLOCK_PATH 96

/*
 * The file that takes the block of memory a page lies in offline and online
 * (Documentation/admin-guide/mm/memory-hotplug.rst).  0; -ENOENT: no page is there; -EACCES: who
 * has no CAP_SYS_ADMIN is told no frame numbers; -ENODEV: memory has no blocks.
 */
int memory_block_of(const void *at, char path[MEMORY_BLOCK_PATH]);

/* Takes it offline.  The kernel retries until it succeeds or gets a signal: one is sent after this
 * many ms; pages moved by then stay moved.  0 or -errno. */
int memory_block_offline(const char *path, long ms);

#endif
