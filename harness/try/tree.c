/* SPDX-License-Identifier: GPL-2.0 */
/* A change in a git tree of the user's, which is only read. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/git.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/base/temp.h"
#include "harness/try/patches.h"

struct ends {
	char *from, *to; /* commits; to NULL: the files as they are */
};

static int check_tree(const struct fl_patches *s, struct fl_error *err)
{
	cleanup_free char *makefile = fl_asprintf("%s/Kbuild", s->tree), *dir = NULL;
	const char *mark;

	if (access(s->tree, F_OK))
		return fl_fail(err, FL_USAGE, "--src %s: there is no such folder", s->tree);
	if (FL_GIT(s->tree, &dir, "rev-parse", "--git-dir"))
		return fl_fail(err, FL_USAGE,
			       "--src %s: not a git tree; for a tree without git, try a patch file",
			       s->tree);
	if (access(makefile, F_OK))
		return fl_fail(err, FL_USAGE, "--src %s: no kernel source tree (it has no Kbuild)",
			       s->tree);
	mark = fl_git_amid(s->tree, NULL);
	if (mark)
		return fl_fail(err, FL_USAGE,
			       "--src %s: a rebase, merge or cherry-pick is under way (%s); "
			       "finish it, or name two commits A..B of another tree",
			       s->tree, mark);
	return 0;
}

static bool is_dirty(const struct fl_patches *s)
{
	cleanup_free char *changes = NULL;

	return !FL_GIT(s->tree, &changes, "status", "--porcelain") && *changes;
}

/* "A..B"; one commit alone is itself against its parent. */
static int find_ends(struct fl_patches *s, struct ends *e, const char *range, struct fl_error *err)
{
	const char *dots = strstr(range, "..");
	cleanup_free char *from = NULL, *to = NULL, *merges = NULL, *between = NULL;

	if (dots && !strncmp(dots, "...", 3))
		return fl_fail(err, FL_USAGE, "%s: two commits A..B, with two dots", range);
	from = dots ? strndup(range, (size_t)(dots - range)) : fl_asprintf("%s^", range);
	to = fl_strdup(dots ? dots + 2 : range);
	if (fl_git_commit(s->tree, *from ? from : "HEAD", &e->from, err) ||
	    fl_git_commit(s->tree, *to ? to : "HEAD", &e->to, err))
		return -1;
	if (!strcmp(e->from, e->to))
		return fl_fail(err, FL_USAGE, "%s: both are commit %.12s: nothing to try", range,
			       e->to);
	between = fl_asprintf("%s..%s", e->from, e->to);
	if (!FL_GIT(s->tree, &merges, "rev-list", "--merges", "--max-count=1", between) && *merges)
		return fl_fail(err, FL_USAGE,
			       "%s: %.12s in it is a merge; try the two sides of it, or its "
			       "branch on the base that it has",
			       range, merges);
	return 0;
}

/* Our own index and object store, so that .git is not touched. */
struct own {
	char *index, *objects, *others; /* VARIABLE=VALUE */
};

static int own_git(const struct fl_patches *s, const struct own *o, char **output, const char *a,
		   const char *b, const char *c, const char *d)
{
	const char *const argv[] = { "env",   o->index, o->objects, o->others, "git", "-C",
				     s->tree, a,        b,          c,         d,     NULL };

	return fl_spawn_quiet(argv, output);
}

static char *git_path(const struct fl_patches *s, const char *name)
{
	char *path = NULL;

	if (!FL_GIT(s->tree, &path, "rev-parse", "--path-format=absolute", "--git-path", name))
		return path;
	free(path);
	return NULL;
}

/* Untracked files are included.  A copy of the tree's index is used, since it knows which files are
 * unchanged. */
static char *diff_of_files(const struct fl_patches *s, const char *dir, const char *from)
{
	cleanup_free char *index = git_path(s, "index"), *objects = git_path(s, "objects");
	cleanup_free char *copy = fl_asprintf("%s/index", dir), *diff = NULL;
	cleanup_free char *folder = fl_asprintf("%s/objects", dir), *added = NULL;
	const char *const cp[] = { "cp", "-p", index ? index : "", copy, NULL };
	struct own o = { 0 };
	bool good;

	if (!index || !objects || fl_spawn_quiet(cp, NULL) || mkdir(folder, 0700))
		return NULL;
	o.index = fl_asprintf("GIT_INDEX_FILE=%s", copy);
	o.objects = fl_asprintf("GIT_OBJECT_DIRECTORY=%s", folder);
	o.others = fl_asprintf("GIT_ALTERNATE_OBJECT_DIRECTORIES=%s", objects);
	good = !own_git(s, &o, &added, "add", "-A", NULL, NULL) &&
	       !own_git(s, &o, &diff, "diff", "--cached", "--no-ext-diff", from);
	free(o.index);
	free(o.objects);
	free(o.others);
	return good ? fl_strdup(diff) : NULL;
}

static char *diff_of_ends(const struct fl_patches *s, const char *dir, const struct ends *e)
{
	const char *const argv[] = { "git",        "-C",    s->tree, "diff", "--no-ext-diff",
				     "--no-color", e->from, e->to,   NULL };
	char *diff = NULL;

	if (!e->to)
		return diff_of_files(s, dir, e->from);
	if (!fl_spawn_quiet(argv, &diff))
		return diff;
	free(diff);
	return NULL;
}

/* The subjects of the commits, oldest first, stand for the one diff of them all. */
static void name_commits(struct fl_patches *s, const struct ends *e)
{
	cleanup_free char *between = fl_asprintf("%s..%s", e->from, e->to), *log = NULL;
	char *save = NULL;

	if (!e->to || FL_GIT(s->tree, &log, "log", "--reverse", "--format=%s", between))
		return;
	fl_strv_release(&s->subjects);
	for (char *line = strtok_r(log, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		fl_strv_push(&s->subjects, line);
}

static int take(struct fl_patches *s, const struct ends *e, struct fl_error *err)
{
	cleanup_free char *diff = NULL, *text = NULL;
	struct fl_temp temp;
	int bad;

	if (fl_temp_open(&temp, err))
		return -1;
	diff = diff_of_ends(s, temp.path, e);
	text = diff ? fl_asprintf("%s\n", diff) : NULL;
	if (!diff)
		bad = fl_fail(err, FL_MACHINE, "--src %s: git could not make a diff of %s", s->tree,
			      s->range);
	else
		bad = fl_patches_add(s, temp.path, s->range, text, strlen(text), err);
	if (!bad && !s->subjects.n)
		bad = fl_fail(err, FL_USAGE, "--src %s: %s: nothing differs", s->tree, s->range);
	bad = bad || fl_patches_keep(s, temp.path, err);
	fl_temp_close(&temp);
	return bad ? -1 : 0;
}

int fl_patches_of_tree(struct fl_patches *s, const char *tree, const char *range, bool worktree,
		       struct fl_error *err)
{
	struct ends e = { 0 };
	int bad;

	s->tree = fl_absolute(tree);
	if (check_tree(s, err))
		return -1;
	worktree = worktree || (!range && is_dirty(s));
	s->range = fl_strdup(worktree ? "uncommitted changes" : range ? range : "HEAD^..HEAD");
	bad = worktree ? fl_git_commit(s->tree, "HEAD", &e.from, err)
		       : find_ends(s, &e, s->range, err);
	if (!bad) {
		s->commit = fl_strdup(e.from);
		bad = take(s, &e, err);
	}
	if (!bad) {
		name_commits(s, &e);
		s->title = s->subjects.n == 1 ? fl_strdup(s->subjects.v[0])
					      : fl_asprintf("%zu commits", s->subjects.n);
	}
	free(e.from);
	free(e.to);
	return bad ? -1 : 0;
}
