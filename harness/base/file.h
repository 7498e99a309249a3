/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_FILE_H
#define FL_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "harness/base/error.h"

#define FL_FILE_MAX (1 << 20)

/*
 * A file that a user names, for reading: one that has an end and is no larger than FL_FILE_MAX.
 * NULL with FL_USAGE: a folder, a device, a pipe, too large; *missing (may be NULL) says that
 * there is none.
 */
FILE *fl_open_file(const char *path, bool *missing, struct fl_error *err);

/* A file of just these bytes, in place of one that was there.  0, or -1 (FL_MACHINE). */
int fl_write_file(const char *path, const void *bytes, size_t len, struct fl_error *err);

/*
 * A file that is whole at its place or not there, however many write it at once: it grows beside
 * it under a name of its own.  0, or -1 (FL_MACHINE).
 */
struct fl_growing {
	FILE *f;
	char *path;
};
int fl_grow_file(struct fl_growing *g, const char *path, struct fl_error *err);
/* Moves it to its place when good, else away; closes it in any case. */
int fl_end_growing(struct fl_growing *g, const char *path, bool good, struct fl_error *err);

/* Is that file, or folder, still the one at its place?  It may have been moved while its lock was
 * waited for. */
bool fl_is_at(int fd, int dir, const char *name);

/* The folder is there, made if need be, in one that is.  0, or -1 (FL_MACHINE). */
int fl_make_folder(const char *path, struct fl_error *err);

#endif
