/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/template.h"

static char dir[64];

/* A cache of its own, and no QEMU that could make a template. */
static void make(void)
{
	cleanup_free char *qemu = NULL, *places = NULL;
	FILE *f;

	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	setenv("FAULTLINE_CACHE", dir, 1);
	qemu = fl_asprintf("%s/qemu-system-x86_64", dir);
	places = fl_asprintf("%s:%s", dir, getenv("PATH"));
	f = fopen(qemu, "we");
	cr_assert(f && fputs("#!/bin/sh\nexit 1\n", f) >= 0 && !fclose(f) && !chmod(qemu, 0755));
	setenv("PATH", places, 1);
}

static void drop(void)
{
	cleanup_free char *all = fl_asprintf("rm -rf '%s'", dir);

	cr_expect_eq(system(all), 0);
}

/* The state's name, from that of the lock which is made first. */
static char *state_name(void)
{
	cleanup_free char *locks = fl_asprintf("%s/templates/*.lock", dir);
	glob_t found;
	char *name;

	cr_assert_eq(glob(locks, 0, NULL, &found), 0);
	cr_assert_eq(found.gl_pathc, 1);
	name = fl_asprintf("%.*s.state", (int)(strlen(found.gl_pathv[0]) - strlen(".lock")),
			   found.gl_pathv[0]);
	globfree(&found);
	return name;
}

/* Another process makes room in the cache between our finding it and QEMU's reading it. */
Test(template, one_that_is_held_can_lose_its_name, .init = make, .fini = drop, .timeout = 20)
{
	struct fl_guest_config c = {
		.spec = { .clock = FL_CLOCK_INSTRUCTIONS,
			  .memory = 64u << 20,
			  .cpus = 1,
			  .numa = 1 },
		.kernel = "/dev/null",
		.image = "/dev/null",
		.dir = dir,
	};
	struct fl_template t;
	struct fl_error err = { 0 };
	cleanup_free char *name = NULL;
	char text[8] = "";
	FILE *f;

	cr_expect_eq(fl_template_open(&t, &c, &err), -1);
	cr_expect_null(t.path);
	name = state_name();
	f = fopen(name, "we");
	cr_assert(f && fputs("state", f) >= 0 && !fclose(f));
	cr_assert_eq(fl_template_open(&t, &c, &err), 0, "%s", err.text);
	cr_expect_str_eq(t.path, name);
	cr_assert_eq(unlink(name), 0);
	cr_expect_eq(read(t.fd, text, sizeof(text) - 1), 5);
	cr_expect_str_eq(text, "state");
	fl_template_close(&t);
	cr_expect_null(t.path);
	fl_template_close(&t);
}
