/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_CHANGES_H
#define FL_TRY_CHANGES_H

#include "harness/judge/comparison.h"

/*
 * Result of a comparison of costs: a line for each kernel path that got longer or shorter, and one
 * for each measure of memory, over all rows.
 */
struct fl_try_function {
	const char *name; /* borrowed from the comparison */
	double each;      /* instructions more in a call; NAN: it is new, or gone */
	double often;     /* calls of it with the patch, against the base's */
	double most;      /* instructions more in a fault or call of the path */
	bool gone;
};

struct fl_try_path {
	const char *entry;                 /* asm_exc_page_fault, __x64_sys_munmap; borrowed */
	enum fl_verdict verdict;           /* the worst of its rows; FL_SAME: below the threshold */
	size_t rows;                       /* with that verdict */
	const struct fl_pair *pair;        /* where the change is largest, as a share */
	double a, b;                       /* there: instructions of a fault, or of a call */
	struct fl_try_function *functions; /* what changes most first */
	size_t n;
};

struct fl_try_memory {
	const struct fl_judged *judged; /* where the change is largest */
	const struct fl_pair *pair;
	size_t rows;
};

struct fl_try_changes {
	struct fl_try_path *paths; /* worse first, then by size */
	size_t n_paths;
	struct fl_try_memory *memory; /* worse or better, worse first */
	size_t n_memory;
	struct fl_strv few;     /* paths of system calls that came too rarely to be judged */
	struct fl_strv unlike;  /* rows in which the kernels got different things, and what */
	struct fl_strv unknown; /* measures that need more boots than were made */
	size_t rows;            /* that were measured on both */
	bool worse, better;
};

/* Lives as long as the comparison does. */
void fl_try_changes(struct fl_try_changes *c, const struct fl_comparison *of,
		    const struct fl_rules *rules);
void fl_try_changes_release(struct fl_try_changes *c);

#endif
