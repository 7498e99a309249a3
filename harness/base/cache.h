/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CACHE_H
#define FL_BASE_CACHE_H

#include "harness/base/error.h"

/*
 * The content of the cache folder (fl_cache()) is trusted: programs that run in guests, saved
 * states that QEMU restores, old values of settings.  So nobody else may be able to write to it.
 * Created if missing.  0, or -1 (FL_MACHINE) with a sentence that says what to do.
 */
int fl_cache_check(struct fl_error *err);

/* The same for the folder `name` in it; its path is malloc'd in *path, NULL on error. */
int fl_cache_folder(char **path, const char *name, struct fl_error *err);

/*
 * For the start of a run: the same check; also removes what killed processes left here and in
 * $TMPDIR.
 */
int fl_cache_begin(struct fl_error *err);

#endif
