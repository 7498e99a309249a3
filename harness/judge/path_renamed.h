/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_PATH_RENAMED_H
#define FL_JUDGE_PATH_RENAMED_H

#include <stddef.h>
#include <stdint.h>

/*
 * Two releases call the same function by two names.  One that A alone calls and one that B alone
 * calls are taken for the same where they are called as often in an entry (within
 * FL_RENAMED_CALLS), neither executes more than FL_RENAMED_TIMES what the other does, and the same
 * function calls them or most of their names is alike.
 */
#define FL_RENAMED_CALLS 0.1
#define FL_RENAMED_TIMES 2
/* Or, whoever calls them, where they are much of the entry and execute as much within this. */
#define FL_RENAMED_ALIKE 0.02

/* One side calls it FL_RENAMED_ALONE times as often as the other, at least. */
#define FL_RENAMED_ALONE 100
struct fl_path_alone {
	int side; /* 0: A has it */
	const char *name;
	const char *caller; /* that calls it most; "": it is the entry */
	double calls;       /* in an entry */
	double insns;       /* in a call */
	double share;       /* of all that the entry executes */
};

#define FL_PATH_NOBODY ((size_t)-1)

/* other[i]: which of them v[i] is on the other side, or FL_PATH_NOBODY.  Of several that would do,
 * the one that executes most alike. */
void fl_path_pair_renamed(const struct fl_path_alone *v, size_t n, size_t *other);

#endif
