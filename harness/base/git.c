/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/git.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"

int fl_git(const char *tree, char **output, const char *const words[])
{
	struct fl_strv argv = { 0 };
	int status;

	fl_strv_push(&argv, "git");
	fl_strv_push(&argv, "--no-optional-locks");
	fl_strv_push(&argv, "-C");
	fl_strv_push(&argv, tree);
	while (*words)
		fl_strv_push(&argv, *words++);
	status = fl_spawn_quiet((const char *const *)argv.v, output);
	fl_strv_release(&argv);
	return status;
}

int fl_git_commit(const char *tree, const char *name, char **found, struct fl_error *err)
{
	cleanup_free char *commit = fl_asprintf("%s^{commit}", name);

	if (FL_GIT(tree, found, "rev-parse", "--verify", "--quiet", "--end-of-options", commit))
		return fl_fail(err, FL_USAGE, "%s: not a commit of %s", name, tree);
	return 0;
}

static bool has(const char *tree, const char *mark)
{
	cleanup_free char *path = NULL, *at = NULL;

	if (FL_GIT(tree, &path, "rev-parse", "--git-path", mark))
		return false;
	at = *path == '/' ? fl_strdup(path) : fl_asprintf("%s/%s", tree, path);
	return !access(at, F_OK);
}

const char *fl_git_amid(const char *tree, const char **what)
{
	static const struct {
		const char *file, *what;
	} marks[] = {
		{ "rebase-merge", "a rebase" }, { "rebase-apply", "a rebase or git am" },
		{ "MERGE_HEAD", "a merge" },    { "CHERRY_PICK_HEAD", "a cherry-pick" },
		{ "REVERT_HEAD", "a revert" },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!has(tree, marks[i].file))
			continue;
		if (what)
			*what = marks[i].what;
		return marks[i].file;
	}
	return NULL;
}
