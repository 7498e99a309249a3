/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"

/* Files, folders of files, and a link whose target stays. */
Test(temp, all_that_is_in_it_goes)
{
	char kept[] = "/tmp/fl-temp-kept-XXXXXX";
	cleanup_free char *path = NULL, *folder = NULL, *file = NULL, *link = NULL;
	struct fl_error err = { 0 };
	struct fl_temp t;

	cr_assert_not_null(mkdtemp(kept));
	cr_assert_eq(fl_temp_open(&t, &err), 0, "%s", err.text);
	path = fl_strdup(t.path);
	folder = fl_asprintf("%s/objects", path);
	file = fl_asprintf("%s/1a", folder);
	link = fl_asprintf("%s/link", path);
	cr_assert_eq(mkdir(folder, 0700), 0);
	cr_assert_eq(fl_write_file(file, "x", 1, &err), 0);
	cr_assert_eq(chmod(file, 0444), 0, "as git's objects are");
	cr_assert_eq(symlink(kept, link), 0);
	fl_temp_close(&t);
	cr_expect_neq(access(path, F_OK), 0, "%s is left", path);
	cr_expect_eq(access(kept, F_OK), 0);
	rmdir(kept);
}
