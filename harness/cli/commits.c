/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/commits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/git.h"

int fl_commits_check(const char *tree, struct fl_error *err)
{
	cleanup_free char *dot = fl_asprintf("%s/.git", tree), *head = NULL, *dirty = NULL;
	const char *what;

	if (access(dot, F_OK) || FL_GIT(tree, &head, "rev-parse", "--verify", "HEAD"))
		return fl_fail(err, FL_USAGE, "--src %s: not a git tree", tree);
	if (fl_git_amid(tree, &what))
		return fl_fail(err, FL_USAGE, "--src %s: is in the middle of %s: end it first",
			       tree, what);
	if (FL_GIT(tree, &dirty, "status", "--porcelain", "--untracked-files=no") || *dirty)
		return fl_fail(err, FL_USAGE,
			       "--src %s: has uncommitted changes, which no commit of the range "
			       "holds; git stash them",
			       tree);
	return 0;
}

int fl_commits_open(struct fl_commits *c, const char *tree, const char *old, const char *new,
		    struct fl_error *err)
{
	cleanup_free char *from = NULL;

	*c = (struct fl_commits){ .tree = tree };
	if (fl_git_commit(tree, old, &from, err) || fl_git_commit(tree, new, &c->new, err))
		return -1;
	fl_strv_push(&c->old, from);
	if (!strcmp(from, c->new))
		return fl_fail(err, FL_USAGE, "%s..%s: the range is empty", old, new);
	if (FL_GIT(tree, NULL, "merge-base", "--is-ancestor", from, c->new))
		return fl_fail(err, FL_USAGE, "%s: not an ancestor of %s", old, new);
	return 0;
}

void fl_commits_release(struct fl_commits *c)
{
	fl_strv_release(&c->old);
	fl_strv_release(&c->skipped);
	free(c->new);
	c->new = NULL;
}

/* The range's commits in the order that is asked for: "HASH" or "HASH (dist=N)" a line. */
static void list(const struct fl_commits *c, const char *order, struct fl_strv *commits)
{
	cleanup_free char *text = NULL;
	struct fl_strv words = { 0 };
	char *save = NULL;

	fl_strv_push(&words, "rev-list");
	fl_strv_push(&words, "--topo-order");
	fl_strv_push(&words, order);
	fl_strv_push(&words, c->new);
	for (size_t i = 0; i < c->old.n; i++)
		fl_strv_pushf(&words, "^%s", c->old.v[i]);
	if (!fl_git(c->tree, &text, (const char *const *)words.v))
		for (char *line = strtok_r(text, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			fl_strv_pushf(commits, "%.*s", (int)strcspn(line, " "), line);
	fl_strv_release(&words);
}

char *fl_commits_next(const struct fl_commits *c, struct fl_strv *left)
{
	list(c, "--bisect-all", left);
	for (size_t i = 0; i < left->n; i++)
		if (strcmp(left->v[i], c->new) != 0 && !fl_strv_has(&c->skipped, left->v[i]))
			return fl_strdup(left->v[i]);
	fl_strv_release(left);
	list(c, "--reverse", left);
	return NULL;
}

char *fl_commit_title(const char *tree, const char *commit)
{
	char *title = NULL;

	if (!FL_GIT(tree, &title, "log", "-1", "--abbrev=12", "--format=%h %s", commit))
		return title;
	free(title);
	return fl_strdup(commit);
}
