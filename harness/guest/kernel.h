/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_KERNEL_H
#define FL_GUEST_KERNEL_H

#include <stdbool.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"

/*
 * Name (stock, patched, stock@7.3), path of a vmlinux/bzImage, a folder with one, or a Debian
 * package of one -> path of the image to boot, malloc'd.  A known name that is not built is
 * FL_MACHINE
 * ("kernel stock is not built: faultline kernel build stock"); anything else that
 * cannot be read or is no kernel image is FL_USAGE.
 */
int fl_kernel_find(char **path, const char *name_or_path, struct fl_error *err);

/* A name as it is; a path from "/" on.  malloc'd. */
char *fl_kernel_absolute(const char *name_or_path);

/* Exit status of guest/kernel/build.sh where nothing can be built here: no space, no compiler. */
#define FL_KERNEL_NO_MACHINE 4

/* Names that `kernel build` knows: the list of guest/kernel/build.sh --names. */
int fl_kernel_names(struct fl_strv *names, struct fl_error *err);

/* Those that are built, NAME or NAME@BASE, and the folder of each. */
int fl_kernel_built(struct fl_strv *names, struct fl_strv *folders, struct fl_error *err);

/*
 * The System.map that belongs to a kernel's file: beside it, in the root of its build tree, or as
 * /boot has it; malloc'd, NULL when there is none.  Debian's packages ship a one-line stub, which
 * does not count; *stub (may be NULL) is set for it.
 */
char *fl_kernel_symbols(const char *path, bool *stub);

#endif
