/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_CLI_COMMITS_H
#define FL_CLI_COMMITS_H

#include "harness/base/error.h"
#include "harness/base/strv.h"

/*
 * The commits between two of a git tree, halved until one is left.  Git is only
 * asked: nothing is checked out, and nothing is written to the tree or its .git.
 */
struct fl_commits {
	const char *tree;
	struct fl_strv old;     /* commits that are as the range's first one is */
	char *new;              /* the earliest one known to be as its last one is */
	struct fl_strv skipped; /* that could not be judged */
};

/* Is it a git tree, without uncommitted changes, and not amid a rebase or the like?  0 or -1. */
int fl_commits_check(const char *tree, struct fl_error *err);
/* Starts with OLD and NEW, names as git takes them.  0 or -1; release in any case. */
int fl_commits_open(struct fl_commits *c, const char *tree, const char *old, const char *new,
		    struct fl_error *err);
void fl_commits_release(struct fl_commits *c);

/*
 * The one to judge next, malloc'd; NULL: there is none.  left: how many it is one of; when none is
 * to be judged, those among which the first new one is, from old to new.
 */
char *fl_commits_next(const struct fl_commits *c, struct fl_strv *left);

/* "1a2b3c4d5e6f mm: do it"; malloc'd. */
char *fl_commit_title(const char *tree, const char *commit);

#endif
