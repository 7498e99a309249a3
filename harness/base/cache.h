/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CACHE_H
#define FL_BASE_CACHE_H

#include "harness/base/error.h"

/*
 * What is in the cache folder (fl_cache()) is believed: programs that run in
 * guests, states that QEMU goes on from, old values of settings.  So it has to
 * be a folder that nobody else can write.  Made if need be.  0, or -1
 * (FL_MACHINE): the sentence names the mend.
 */
int fl_cache_check(struct fl_error *err);

/* The same, and the folder `name` in it: malloc'd in *path, NULL with -1. */
int fl_cache_folder(char **path, const char *name, struct fl_error *err);

/* For the start of a run: the check, and what killed processes left here or in $TMPDIR goes. */
int fl_cache_begin(struct fl_error *err);

#endif
