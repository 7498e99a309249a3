/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_KEPT_H
#define FL_BASE_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/error.h"

/*
 * Files of the cache that are made once and used by many.  One that is being
 * made is PATH.new, locked by its maker: the lock ends with the process that
 * has it, so what a killed one left is told from what is still written.  A file
 * has its name when all of it is on the disk.
 */

/* For reading, and marked as used now.  -1: it is not there. */
int fl_kept_open(const char *path);

/* It stays while this process lives, whoever makes room.  0, or -1: it is not there. */
int fl_kept_hold(const char *path);

/*
 * Waits until nobody else makes it; a descriptor of PATH.new, empty, for reading
 * and writing; look once more whether PATH is there by now.  -1 (FL_MACHINE).
 */
int fl_kept_begin(const char *path, struct fl_error *err);

/* Both take the descriptor.  publish: 0, or -1 (FL_MACHINE) and it is dropped. */
int fl_kept_publish(int fd, const char *path, struct fl_error *err);
void fl_kept_drop(int fd, const char *path);

/* Removes what nobody makes any more. */
void fl_kept_sweep(const char *dir);

/*
 * The same, and then the files that were used longest ago, until no more than
 * `files` of `bytes` are left.  Files that are held stay.
 */
void fl_kept_trim(const char *dir, size_t files, uint64_t bytes);

#endif
