/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_KERNEL_FILE_H
#define WORKLOAD_KERNEL_FILE_H

/* Files of /proc, /sys and control groups. */

/* Writes a text at once.  0 or -errno. */
int kernel_put(const char *path, const char *text);

/* promotion_threshold of huge pages; 1 if the kernel has none, which behaves the same. */
unsigned int kernel_threshold(void);

#endif
