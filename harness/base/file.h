/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_FILE_H
#define FL_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/base/error.h"

#define FL_FILE_MAX (1 << 20)

/*
 * Opens a file named by the user for reading: a regular file of at most FL_FILE_MAX bytes.  NULL
 * with FL_USAGE for a folder, a device, a pipe or a larger file; *missing (may be NULL) is set if
 * it does not exist.
 */
FILE *fl_open_file(const char *path, bool *missing, struct fl_error *err);

/*
 * Reads a whole regular file of at most `max` bytes and appends a NUL; malloc'd.  NULL with errno:
 * it does not exist, is no regular file, or is larger (EFBIG).  len may be NULL.
 */
char *fl_read_file(const char *path, size_t max, size_t *len);

/* Writes these bytes as the whole file, replacing an old one.  0, or -1 (FL_MACHINE). */
int fl_write_file(const char *path, const void *bytes, size_t len, struct fl_error *err);

/*
 * Atomic replacement: the file is written under a temporary name beside its final one, so that
 * readers see all of it or nothing, even with several writers.  0, or -1 (FL_MACHINE).
 */
struct fl_growing {
	FILE *f;
	char *path;
};
int fl_grow_file(struct fl_growing *g, const char *path, struct fl_error *err);
/* Renames it to its final name if good, else removes it; closes it in either case. */
int fl_end_growing(struct fl_growing *g, const char *path, bool good, struct fl_error *err);

/* Is `name` in `dir` still the file (or folder) that fd has open?  It may have been renamed while
 * we waited for its lock. */
bool fl_is_at(int fd, int dir, const char *name);

/* Creates the folder if it is missing; its parent must exist.  0, or -1 (FL_MACHINE). */
int fl_make_folder(const char *path, struct fl_error *err);

#endif
