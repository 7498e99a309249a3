/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_RAMDISK_H
#define WORKLOAD_RAMDISK_H

/*
 * A file that is all hole, in a file system that is not tmpfs: reading it fills the page cache
 * with pages that reclaim may drop, without any device.
 */

#include <stddef.h>
#include <stdint.h>

/*
 * Opens such a file of `bytes`, which nobody else can find, in `dir`; NULL: in an ext2 that is
 * made on /dev/ram0 and goes with the file (needs root, mke2fs of busybox or of e2fsprogs).
 * A descriptor or -errno.
 */
int ramdisk_file(const char *dir, uint64_t bytes);

/* Reads all of it.  0 or -errno. */
int ramdisk_read(int fd, uint64_t bytes);

/* Pages of it in the page cache, or -errno.  Shown to owners and writers only. */
long ramdisk_cached(int fd, uint64_t bytes);

#endif
