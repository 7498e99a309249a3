/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_FILE_H
#define FL_BASE_FILE_H

#include <stddef.h>

#include "harness/base/error.h"

/* A file of just these bytes, in place of one that was there.  0, or -1 (FL_MACHINE). */
int fl_write_file(const char *path, const void *bytes, size_t len, struct fl_error *err);

/* The folder is there, made if need be, in one that is.  0, or -1 (FL_MACHINE). */
int fl_make_folder(const char *path, struct fl_error *err);

#endif
