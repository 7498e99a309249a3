/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_PATCHES_H
#define FL_TRY_PATCHES_H

#include <stdbool.h>

#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/try/diff.h"

/*
 * The change that is tried: patches in order, kept in the cache folder by their content (kernels
 * are named by it), so that guest/kernel/build.sh --series takes them.
 */
struct fl_patches {
	char *dir;   /* of 0001.patch, 0002.patch ... */
	char *title; /* subject of the cover letter, of the only patch, or "3 patches" */
	struct fl_strv subjects; /* a subject each; the file's name where there is none */
	struct fl_diff diff;     /* all of them together */
	char hash[13];
	/* of a tree of the user's: */
	char *tree, *commit; /* what the patches stand on; NULL: Debian's source */
	char *range;         /* "v6.12..HEAD", "uncommitted changes" */
};

/*
 * Patches, mails and mailboxes (git format-patch, b4 am), in the order given; files without a diff,
 * such as a cover letter, are ignored.  git(1) takes the mails apart.  FL_USAGE: a file is not
 * there, or holds no patch, or a binary one.
 */
int fl_patches_read(struct fl_patches *s, const struct fl_strv *files, struct fl_error *err);

/*
 * The changes between two commits of a git tree, or between its HEAD and its files (worktree).
 * range NULL and not worktree: the uncommitted changes where there are some, else the last commit.
 * Nothing is written into the tree or its .git.  FL_USAGE: no tree, no such commit, nothing
 * between, a merge, a rebase under way.
 */
int fl_patches_of_tree(struct fl_patches *s, const char *tree, const char *range, bool worktree,
		       struct fl_error *err);

void fl_patches_release(struct fl_patches *s);

/* Its part in tree.c and patches.c: one more patch's text under a subject.  0 or -1. */
int fl_patches_add(struct fl_patches *s, const char *dir, const char *subject, const char *text,
		   size_t len, struct fl_error *err);
/* Moves the patches from that folder to their place in the cache. */
int fl_patches_keep(struct fl_patches *s, const char *dir, struct fl_error *err);

#endif
