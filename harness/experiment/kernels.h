/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_KERNELS_H
#define FL_EXPERIMENT_KERNELS_H

#include "harness/experiment/experiment.h"

/*
 * The kernels of a run: each has a place (a name of `kernel list`, or a path)
 * and the name that tables, claims and selections call it by.
 *
 *   stock            place and name
 *   NAME=PLACE       the name is given
 *   /src/b/vmlinux   the name is the end of the path that tells it from the
 *                    others: b
 *
 * What the file lists are roles.  A kernel of the command line whose name is a
 * role's fills that one; the others fill those left, in their order.
 */

/* Length of "NAME=" in "NAME=PLACE"; 0: no name is given. */
size_t fl_kernel_given_name(const char *text);

/* After reading the file: turns its list into names, places and roles.  0, or -1 (FL_USAGE). */
int fl_kernels_of_file(struct fl_experiment *e, struct fl_error *err);

/* Where to find a kernel of the plan: a name of `kernel list`, or a path. */
const char *fl_kernel_place(const struct fl_experiment *e, const char *name);

/* Does this kernel fill that role, or have that name? */
bool fl_kernel_fills(const struct fl_experiment *e, const char *kernel, const char *role);

#endif
