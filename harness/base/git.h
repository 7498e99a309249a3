/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_GIT_H
#define FL_BASE_GIT_H

#include "harness/base/error.h"

/*
 * Read-only access to a git tree of the user's: git runs with --no-optional-locks, so it does not
 * refresh the index either.
 */

/*
 * Runs git -C TREE WORDS (ended by a NULL).  Returns its exit status; output as in spawn.h (NULL:
 * goes to our stdout).
 */
int fl_git(const char *tree, char **output, const char *const words[]);
#define FL_GIT(tree, output, ...) fl_git(tree, output, (const char *const[]){ __VA_ARGS__, NULL })

/* Resolves any name of a commit to its hash, malloc'd in *found also on error.  0, or -1
 * (FL_USAGE). */
int fl_git_commit(const char *tree, const char *name, char **found, struct fl_error *err);

/* The file that git keeps in .git while an operation is in progress, such as "rebase-merge"; NULL
 * if none is.  *what (may be NULL) is "a rebase". */
const char *fl_git_amid(const char *tree, const char **what);

#endif
