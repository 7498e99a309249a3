/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_IMAGE_H
#define FL_GUEST_IMAGE_H

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/guest/modules.h"

/*
 * The initramfs: agent as /init, the workloads and busybox in /bin, and each
 * host program named (looked up on PATH) with the libraries it needs.  Kept in
 * the cache folder, keyed by a hash of every file's content (the 64 used last, up
 * to 2 GiB, and those of processes that live); *path is malloc'd.
 * FL_USAGE: a program that is not there (names it and says where it was sought).
 */
int fl_image_make(char **path, const struct fl_strv *programs, struct fl_error *err);

/* With the modules of n kernels, too. */
int fl_image_make_with(char **path, const struct fl_strv *programs,
		       const struct fl_modules *modules, size_t n, struct fl_error *err);

/* Would a guest find them?  FL_USAGE if the guest mounts something over the folder of one. */
int fl_image_check(const struct fl_strv *programs, struct fl_error *err);

#endif
