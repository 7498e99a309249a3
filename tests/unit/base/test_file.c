/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"

Test(file, a_folder_and_a_file_in_it)
{
	char top[] = "/tmp/faultline-file-XXXXXX";
	cleanup_free char *folder = NULL, *path = NULL;
	struct fl_error err = { 0 };
	char text[16] = "";
	FILE *f;

	cr_assert(mkdtemp(top));
	folder = fl_asprintf("%s/a", top);
	path = fl_asprintf("%s/b", folder);
	cr_expect_eq(fl_make_folder(folder, &err), 0, "%s", err.text);
	cr_expect_eq(fl_make_folder(folder, &err), 0, "it is there already: %s", err.text);
	cr_expect_eq(fl_write_file(path, "what was longer", 15, &err), 0, "%s", err.text);
	cr_expect_eq(fl_write_file(path, "x\0y", 3, &err), 0, "%s", err.text);
	f = fopen(path, "re");
	cr_assert_not_null(f);
	cr_expect_eq(fread(text, 1, sizeof(text), f), 3);
	cr_expect_eq(memcmp(text, "x\0y", 3), 0);
	fclose(f);
	unlink(path);
	rmdir(folder);
	rmdir(top);
}

Test(file, what_cannot_be_is_said_with_its_path)
{
	struct fl_error err = { 0 };

	cr_expect_eq(fl_make_folder("/nowhere/at/all", &err), -1);
	cr_expect_eq(err.kind, FL_MACHINE);
	cr_expect_str_eq(err.text, "/nowhere/at/all: cannot be created: No such file or directory");
	cr_expect_eq(fl_write_file("/nowhere/at/all", "x", 1, &err), -1);
	cr_expect_eq(err.kind, FL_MACHINE);
	cr_expect_str_eq(err.text, "/nowhere/at/all: cannot be written: No such file or directory");
	cr_expect_eq(fl_write_file("/dev/full", "x", 1, &err), -1, "a full disk is no success");
	cr_expect_str_eq(err.text, "/dev/full: cannot be written: No space left on device");
}

/* Two write one page: each is whole, and the last to end is there. */
Test(file, one_that_grows_is_there_when_it_is_whole)
{
	char top[] = "/tmp/faultline-file-XXXXXX";
	cleanup_free char *path = NULL;
	struct fl_growing a, b;
	struct fl_error err = { 0 };
	struct stat st;

	cr_assert(mkdtemp(top));
	path = fl_asprintf("%s/page", top);
	umask(022);
	cr_assert_eq(fl_grow_file(&a, path, &err), 0, "%s", err.text);
	cr_assert_eq(fl_grow_file(&b, path, &err), 0, "%s", err.text);
	fputs("one", a.f);
	fputs("second", b.f);
	cr_expect_neq(stat(path, &st), 0, "half of it is there");
	cr_expect_eq(fl_end_growing(&b, path, true, &err), 0, "%s", err.text);
	cr_expect_eq(fl_end_growing(&a, path, true, &err), 0, "%s", err.text);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_size, 3);
	cr_expect_eq(st.st_mode & 0777, 0644);
	cr_assert_eq(fl_grow_file(&a, path, &err), 0, "%s", err.text);
	cr_expect_eq(fl_end_growing(&a, path, false, &err), 0, "%s", err.text);
	unlink(path);
	cr_expect_eq(rmdir(top), 0, "something is left");
	cr_expect_eq(fl_grow_file(&a, "/nowhere/at/all", &err), -1);
	cr_expect_str_eq(err.text, "/nowhere/at/all: cannot be written: No such file or directory");
}
