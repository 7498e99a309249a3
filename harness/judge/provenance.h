/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_PROVENANCE_H
#define FL_JUDGE_PROVENANCE_H

#include "harness/judge/comparison.h"

/*
 * Where the kernels and programs of a run come from, and how they differ between the sides of a
 * comparison.
 */

/* The kernel that fills a role of the experiment's file; the name itself if none does. */
const char *fl_kernel_of_role(const struct fl_stored_run *run, const char *role);

/* The roles that a kernel fills under another name, "stock, base"; malloc'd, NULL: none. */
char *fl_roles_of_kernel(const struct fl_stored_run *run, const char *kernel);

/* The build of a kernel of the run; NULL: unknown. */
const struct fl_build *fl_summary_build(const struct fl_summary *s, const char *kernel);

/* A line for each kernel of the run about which there is something to say: the role that it
 * fills, its file or commit. */
void fl_summary_kernel_notes(const struct fl_summary *s, struct fl_strv *lines);

/*
 * The line of kernels that a run measured: names, series and base as MAJOR.MINOR,
 * but no commit, so that two nights of one line compare:
 * "patched 6.12 reserve balloon; stock 6.12".  malloc'd.
 */
char *fl_summary_kernel_line(const struct fl_summary *s);

/* "commit 1a2b3c4d5e6f, dirty"; malloc'd.  NULL: it has none. */
char *fl_build_commit(const struct fl_build *b);

/* Adds differences to c->differs, and to c->unfair if they are more than a change of the kernel. */
void fl_note_provenance(struct fl_comparison *c);

#endif
