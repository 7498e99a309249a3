/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"

#define NOBODY 65534

static char dir[64];

static void make(void)
{
	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	setenv("FAULTLINE_CACHE", dir, 1);
}

static void drop(void)
{
	rmdir(dir);
}

Test(cache, ours_is_taken_and_made, .init = make, .fini = drop)
{
	cleanup_free char *path = NULL;
	struct fl_error err = { 0 };

	cr_assert_eq(rmdir(dir), 0);
	cr_assert_eq(fl_cache_folder(&path, "x", &err), 0, "%s", err.text);
	cr_expect_eq(rmdir(path), 0);
}

Test(cache, one_that_others_can_write_is_refused, .init = make, .fini = drop)
{
	struct fl_error err = { 0 };
	cleanup_free char *path = NULL;

	cr_assert_eq(chmod(dir, 0757), 0);
	cr_assert_eq(fl_cache_folder(&path, "x", &err), -1);
	cr_expect_null(path);
	cr_expect_eq(err.kind, FL_MACHINE);
	cr_expect(strstr(err.text, dir) && strstr(err.text, "others can write to it (mode 757)"),
		  "%s", err.text);
}

Test(cache, one_of_another_user_is_refused, .init = make, .fini = drop)
{
	struct fl_error err = { 0 };

	if (getuid())
		cr_skip_test("only root can give a folder away");
	cr_assert_eq(chown(dir, NOBODY, NOBODY), 0);
	cr_assert_eq(fl_cache_check(&err), -1);
	cr_expect(strstr(err.text, "belongs to user 65534, not to you (user 0)"), "%s", err.text);
}

/* A folder below the temporary one that anybody can make first is nobody's home. */
Test(cache, without_HOME_it_is_that_of_the_user)
{
	unsetenv("FAULTLINE_CACHE");
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	cr_expect_str_neq(fl_cache(), "/tmp/.cache/faultline");
	if (!getuid())
		cr_expect_str_eq(fl_cache(), "/root/.cache/faultline");
}
