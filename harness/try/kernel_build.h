/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_KERNEL_BUILD_H
#define FL_TRY_KERNEL_BUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/try/patches.h"

/* guest/kernel/build.sh running in the background. */
struct fl_kernel_build {
	pid_t pid;
	char *output;   /* file of what it says */
	int out;        /* its standard output: the folder */
	uint64_t began; /* fl_now_ns() */
};

/*
 * Starts to build a kernel's name ("stock@7.3", "stock-kasan"), on the series' tree and commit
 * where it has one; patched: with the series.  0 or -1 (FL_MACHINE).
 */
int fl_kernel_build_start(struct fl_kernel_build *b, const char *name, const struct fl_patches *s,
			  bool patched, struct fl_error *err);

/*
 * Waits for it.  *vmlinux: the kernel, malloc'd; NULL where it did not build, and `lines` has what
 * was said about it.  Returns build.sh's exit status: 2 the patches do not apply, 3 it does not
 * build, FL_KERNEL_NO_MACHINE; FL_EXIT_INTERRUPTED.
 */
int fl_kernel_build_wait(struct fl_kernel_build *b, char **vmlinux, struct fl_strv *lines,
			 double *seconds);
/* Is the kernel's name, without the series' patches, there already? */
bool fl_kernel_is_built(const char *name, const struct fl_patches *s);
/* Kills one that is no longer needed. */
void fl_kernel_build_stop(struct fl_kernel_build *b);

#endif
