/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_KEPT_H
#define FL_BASE_KEPT_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/error.h"

/*
 * Files of the cache that are made once and used by many processes.  While a file is being written
 * it is called PATH.new and locked by its writer.  The lock goes away with the process, so what a
 * killed writer left can be told from a file still being written.  A file gets its final name when
 * all of it is on the disk.
 */

/* Opens it for reading and updates its time of use.  -1: it does not exist. */
int fl_kept_open(const char *path);

/* Keeps it from being trimmed as long as this process lives.  0, or -1: it does not exist. */
int fl_kept_hold(const char *path);

/*
 * Waits until no other process is making it and returns a read-write descriptor of an empty
 * PATH.new.  The caller must check again whether PATH exists by now.  -1 (FL_MACHINE).
 */
int fl_kept_begin(const char *path, struct fl_error *err);

/* Both consume the descriptor.  publish returns 0, or -1 (FL_MACHINE) after dropping the file. */
int fl_kept_publish(int fd, const char *path, struct fl_error *err);
void fl_kept_drop(int fd, const char *path);

/* Removes files whose writer is gone. */
void fl_kept_sweep(const char *dir);

/*
 * The same, then removes the least recently used files until at most `files` files and `bytes`
 * bytes are left.  Files in use stay.
 */
void fl_kept_trim(const char *dir, size_t files, uint64_t bytes);

#endif
