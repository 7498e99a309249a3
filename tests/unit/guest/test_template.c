/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/template.h"

static char dir[64];

static char *in_dir(const char *name)
{
	return fl_asprintf("%s/%s", dir, name);
}

static void put(const char *name, const char *text)
{
	cleanup_free char *path = in_dir(name);
	FILE *f = fopen(path, "we");

	cr_assert(f && fputs(text, f) >= 0 && !fclose(f) && !chmod(path, 0755));
}

/* A cache of its own, and no QEMU that could make a template: it says what is being made. */
static void make(void)
{
	cleanup_free char *places = NULL, *script = NULL;

	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	setenv("FAULTLINE_CACHE", dir, 1);
	setenv("TMPDIR", dir, 1);
	script = fl_asprintf("#!/bin/sh\nls %s/templates >%s/seen\nexit 1\n", dir, dir);
	put("qemu-system-x86_64", script);
	places = fl_asprintf("%s:%s", dir, getenv("PATH"));
	setenv("PATH", places, 1);
	put("kernel", "a kernel");
	put("image", "an image");
}

static void drop(void)
{
	cleanup_free char *all = fl_asprintf("rm -rf '%s'", dir);

	cr_expect_eq(system(all), 0);
}

/* What QEMU was to make: KEY.state.new; malloc'd. */
static char *made(void)
{
	cleanup_free char *kernel = in_dir("kernel"), *image = in_dir("image");
	cleanup_free char *seen = in_dir("seen");
	struct fl_guest_config c = {
		.spec = { .clock = FL_CLOCK_INSTRUCTIONS,
			  .memory = 64u << 20,
			  .cpus = 1,
			  .numa = 1 },
		.kernel = kernel,
		.image = image,
		.dir = dir,
	};
	struct fl_error err = { 0 };
	struct fl_template t;
	char name[64] = "";
	FILE *f;

	unlink(seen);
	cr_expect_eq(fl_template_open(&t, &c, &err), -1);
	cr_expect_null(t.path);
	fl_template_close(&t);
	f = fopen(seen, "re");
	while (f && fgets(name, sizeof(name), f) && !strstr(name, ".state.new"))
		;
	if (f)
		fclose(f);
	name[strcspn(name, "\n")] = '\0';
	cr_assert(strstr(name, ".state.new"), "not made anew: \"%s\"", name);
	return fl_strdup(name);
}

static void set_time(const char *name, time_t seconds)
{
	cleanup_free char *path = in_dir(name);
	struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

Test(template, is_known_by_content_and_not_by_time, .init = make, .fini = drop, .timeout = 60)
{
	cleanup_free char *one = made(), *two = NULL, *three = NULL, *four = NULL;

	set_time("image", 1000000000);
	set_time("kernel", 1000000000);
	two = made();
	cr_expect_str_eq(one, two);
	put("image", "AN IMAGE");
	three = made();
	cr_expect_str_neq(one, three);
	put("image", "an image");
	four = made();
	cr_expect_str_eq(one, four);
}

/* Of a disk that was full, or of an earlier version: it has the name and is not whole. */
Test(template, a_state_that_is_not_whole_is_made_anew, .init = make, .fini = drop, .timeout = 60)
{
	cleanup_free char *name = made(), *again = NULL, *place = NULL;

	place = fl_asprintf("templates/%.*s", (int)(strlen(name) - strlen(".new")), name);
	put(place, "a state that ends somewhere in the mid");
	again = made();
	cr_expect_str_eq(name, again);
}

Test(template, nothing_is_left_of_one_that_cannot_be_made, .init = make, .fini = drop,
     .timeout = 60)
{
	cleanup_free char *name = made();
	cleanup_free char *look = fl_asprintf(
		"test -z \"$(ls %s/templates; ls -d %s/faultline-guest-* 2>/dev/null)\"", dir, dir);

	cr_expect_eq(system(look), 0, "%s", name);
}
