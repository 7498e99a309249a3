/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/spawn.h"
#include "harness/try/patches.h"

static char folder[64];

/* A git tree that looks like a kernel's, with two commits; the cache is beside it. */
static void setup(void)
{
	static const char make[] =
		"exec >/dev/null 2>&1; set -e; cd \"$0\"; mkdir cache tree; cd tree; git init -q "
		".\n"
		"git config user.name Tester; git config user.email t@example.org\n"
		"mkdir mm; : >Kbuild; printf 'int one(void)\\n{\\n\\treturn 1;\\n}\\n' >mm/x.c\n"
		"git add -A; git commit -qm first\n"
		"sed -i s/1/2/ mm/x.c; git commit -qam 'mm: two, not one'\n"
		"git format-patch -q -1 -o .. HEAD\n";
	const char *const argv[] = { "sh", "-c", make, folder, NULL };

	strcpy(folder, "/tmp/fl-patches-XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(fl_spawn(argv, NULL), 0);
	setenv("FAULTLINE_CACHE", folder, 1);
}

static void teardown(void)
{
	const char *const argv[] = { "rm", "-rf", folder, NULL };

	fl_spawn(argv, NULL);
}

TestSuite(try_patches, .init = setup, .fini = teardown);

static void in_tree(const char *command)
{
	cleanup_free char *line = fl_asprintf("cd %s/tree; %s", folder, command);
	const char *const argv[] = { "sh", "-c", line, NULL };

	cr_assert_eq(fl_spawn_quiet(argv, NULL), 0, "%s", command);
}

static char *tree(void)
{
	return fl_asprintf("%s/tree", folder);
}

static int read_file(struct fl_patches *s, const char *name, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/%s", folder, name);
	struct fl_strv files = { 0 };
	int bad;

	fl_strv_push(&files, path);
	bad = fl_patches_read(s, &files, err);
	fl_strv_release(&files);
	return bad;
}

Test(try_patches, a_mail_of_format_patch)
{
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };
	cleanup_free char *kept = NULL;

	in_tree("mv ../0001-*.patch ../one.patch || mv ../*0001*.patch ../one.patch");
	cr_assert_eq(read_file(&s, "one.patch", &err), 0, "%s", err.text);
	cr_expect_eq(s.subjects.n, 1);
	cr_expect_str_eq(s.subjects.v[0], "mm: two, not one");
	cr_expect_str_eq(s.title, "mm: two, not one");
	cr_expect_eq(s.diff.n, 1);
	cr_expect_str_eq(s.diff.files[0].functions.v[0], "one");
	kept = fl_asprintf("%s/0001.patch", s.dir);
	cr_expect_eq(access(kept, R_OK), 0);
	fl_patches_release(&s);
}

/* As b4 am leaves it: quoted-printable, CRLF-free, a cover letter first. */
Test(try_patches, a_mailbox_with_a_cover_letter)
{
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };

	in_tree("cat >../two.mbx <<'E'\n"
		"From git@z Thu Jan  1 00:00:00 1970\nFrom: A <a@b.c>\nSubject: [PATCH v2 0/2] mm: "
		"cheaper\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n\nWords alone.\n\n"
		"From git@z Thu Jan  1 00:00:00 1970\nFrom: A <a@b.c>\nSubject: [PATCH v2 1/2] mm: "
		"a\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nContent-Transfer-Encoding: "
		"quoted-printable\nContent-Type: text/plain; charset=UTF-8\n\nWhy=3D.\n---\n"
		"--- a/mm/x.c\n+++ b/mm/x.c\n@@ -1,3 +1,3 @@\n int one(void)\n {\n-\treturn 2;\n"
		"+\treturn 3 =3D=3D 3;\n\n"
		"E");
	cr_assert_eq(read_file(&s, "two.mbx", &err), 0, "%s", err.text);
	cr_expect_eq(s.subjects.n, 1);
	cr_expect_str_eq(s.title, "mm: cheaper");
	fl_patches_release(&s);
}

Test(try_patches, what_is_no_patch_is_said)
{
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };

	in_tree("echo hello >../words; : >../empty");
	cr_expect_eq(read_file(&s, "missing", &err), -1);
	cr_expect_not_null(strstr(err.text, "missing: No such file"), "%s", err.text);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_eq(read_file(&s, "words", &err), -1);
	cr_expect_not_null(strstr(err.text, "words: "), "%s", err.text);
	cr_expect_eq(read_file(&s, "empty", &err), -1);
	cr_expect_not_null(strstr(err.text, "empty: "), "%s", err.text);
	cr_expect_eq(read_file(&s, "", &err), -1);
	fl_patches_release(&s);
}

static int of_tree(struct fl_patches *s, const char *range, bool worktree, struct fl_error *err)
{
	cleanup_free char *path = tree();

	return fl_patches_of_tree(s, path, range, worktree, err);
}

Test(try_patches, commits_of_a_tree)
{
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };

	cr_assert_eq(of_tree(&s, "HEAD^..HEAD", false, &err), 0, "%s", err.text);
	cr_expect_str_eq(s.title, "mm: two, not one");
	cr_expect_str_eq(s.diff.files[0].path, "mm/x.c");
	cr_expect_eq(strlen(s.commit), 40);
	fl_patches_release(&s);
	/* A clean tree without a range: its last commit. */
	cr_assert_eq(of_tree(&s, NULL, false, &err), 0, "%s", err.text);
	cr_expect_str_eq(s.range, "HEAD^..HEAD");
	fl_patches_release(&s);
}

/* New files are in it, and git's folder is byte for byte what it was. */
Test(try_patches, uncommitted_changes_leave_git_alone)
{
	static const char sum[] = "find .git -type f -exec sha256sum {} + | sort >../sums-%s";
	cleanup_free char *before = fl_asprintf(sum, "a"), *after = fl_asprintf(sum, "b");
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };

	in_tree("sed -i s/2/3/ mm/x.c; echo 'int two(void) { return 2; }' >mm/new.c");
	in_tree(before);
	cr_assert_eq(of_tree(&s, NULL, false, &err), 0, "%s", err.text);
	in_tree(after);
	in_tree("cmp ../sums-a ../sums-b");
	cr_expect_str_eq(s.range, "uncommitted changes");
	cr_expect_eq(s.diff.n, 2);
	fl_patches_release(&s);
}

Test(try_patches, trees_that_cannot_be_tried)
{
	struct fl_patches s = { 0 };
	struct fl_error err = { 0 };

	cr_expect_eq(of_tree(&s, "HEAD..HEAD", false, &err), -1);
	cr_expect_not_null(strstr(err.text, "nothing to try"), "%s", err.text);
	fl_patches_release(&s);
	cr_expect_eq(of_tree(&s, "HEAD..nowhere", false, &err), -1);
	cr_expect_not_null(strstr(err.text, "nowhere: not a commit"), "%s", err.text);
	fl_patches_release(&s);
	cr_expect_eq(of_tree(&s, NULL, true, &err), -1);
	cr_expect_not_null(strstr(err.text, "nothing differs"), "%s", err.text);
	fl_patches_release(&s);
	in_tree("git checkout -qb side HEAD^; echo >mm/y.c; git add -A; git commit -qm side; "
		"git merge -q -m merged master || git merge -q -m merged main");
	cr_expect_eq(of_tree(&s, "HEAD^..HEAD", false, &err), -1);
	cr_expect_not_null(strstr(err.text, "is a merge"), "%s", err.text);
	fl_patches_release(&s);
	in_tree("mkdir .git/rebase-merge");
	cr_expect_eq(of_tree(&s, NULL, false, &err), -1);
	cr_expect_not_null(strstr(err.text, "under way"), "%s", err.text);
	fl_patches_release(&s);
	in_tree("rm -r .git/rebase-merge; git rm -q Kbuild; git commit -qm none");
	cr_expect_eq(of_tree(&s, NULL, false, &err), -1);
	cr_expect_not_null(strstr(err.text, "no kernel source tree"), "%s", err.text);
	fl_patches_release(&s);
	cr_expect_eq(fl_patches_of_tree(&s, "/nowhere", NULL, false, &err), -1);
	cr_expect_not_null(strstr(err.text, "no such folder"), "%s", err.text);
	cr_expect_eq(err.kind, FL_USAGE);
	fl_patches_release(&s);
}
