/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/guest/image.h"

#define NOBODY 65534

static char dir[64];

static void make(void)
{
	cleanup_free char *agent = fl_built("agent", X_OK);

	if (!agent)
		cr_skip_test("the agent is not built");
	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	setenv("FAULTLINE_CACHE", dir, 1);
}

static char *in_dir(const char *name)
{
	return fl_asprintf("%s/%s", dir, name);
}

static void script(const char *name, const char *interpreter)
{
	cleanup_free char *path = in_dir(name), *by = in_dir(interpreter);
	FILE *f = fopen(path, "we");

	cr_assert(f && fprintf(f, "#!%s\n", *interpreter == '/' ? interpreter : by) > 0);
	cr_assert(!fclose(f) && !chmod(path, 0755));
}

static int image_of(const char *program, struct fl_error *err)
{
	struct fl_strv programs = { 0 };
	cleanup_free char *path = in_dir(program), *image = NULL;
	int bad;

	fl_strv_push(&programs, path);
	bad = fl_image_make(&image, &programs, err);
	fl_strv_release(&programs);
	return bad;
}

static void drop(void)
{
	cleanup_free char *all = fl_asprintf("rm -rf '%s'", dir);

	cr_expect_eq(system(all), 0);
}

Test(image, a_script_whose_interpreter_is_itself, .init = make, .fini = drop)
{
	struct fl_error err = { 0 };

	script("self", "self");
	cr_assert_eq(image_of("self", &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect(strstr(err.text, "/self: more than 4 interpreters in a row"), "%s", err.text);
	script("one", "two");
	script("two", "one");
	cr_expect_eq(image_of("one", &err), -1);
	cr_expect(strstr(err.text, "more than 4"), "%s", err.text);
}

Test(image, scripts_of_scripts_are_followed, .init = make, .fini = drop)
{
	struct fl_error err = { 0 };

	script("c", "/bin/sh");
	script("b", "c");
	script("a", "b");
	cr_expect_eq(image_of("a", &err), 0, "%s", err.text);
}

/* What the file system said of the file that was to be written, not of the one to remove. */
Test(image, a_folder_that_cannot_be_written, .init = make, .fini = drop)
{
	struct fl_error err = { 0 };
	cleanup_free char *images = in_dir("images");

	script("a", "/bin/sh");
	cr_assert(!mkdir(images, 0555) && !chmod(dir, 0755));
	if (!getuid())
		cr_assert(!chown(dir, NOBODY, NOBODY) && !seteuid(NOBODY));
	cr_assert_eq(image_of("a", &err), -1);
	cr_assert_eq(seteuid(getuid()), 0);
	cr_expect(strstr(err.text, "cannot be written: Permission denied"), "%s", err.text);
}
