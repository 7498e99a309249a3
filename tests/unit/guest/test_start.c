/* SPDX-License-Identifier: GPL-2.0 */
/* What is said of a QEMU that does not get its guest to run; a script on PATH plays QEMU. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/guest.h"

#define GREETS                                                                          \
	"for a in \"$@\"; do case $a in socket,id=qmp,fd=*) fd=${a##*=};; esac; done\n" \
	"say() { printf '%s\\n' \"$1\" >&$fd; }\n"                                      \
	"say '{\"QMP\": {}}'\nread -r line <&$fd\nsay '{\"return\": {}, \"id\": 1}'\n"

static char dir[64];

static void play_qemu(const char *script)
{
	cleanup_free char *path = NULL, *places = NULL;
	FILE *f;

	strcpy(dir, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(dir));
	path = fl_asprintf("%s/qemu-system-x86_64", dir);
	f = fopen(path, "we");
	cr_assert(f && fprintf(f, "#!/bin/bash\n%s", script) > 0 && !fclose(f));
	cr_assert_eq(chmod(path, 0755), 0);
	places = fl_asprintf("%s:%s", dir, getenv("PATH"));
	setenv("PATH", places, 1);
}

/* The sentence about a start that fails. */
static const char *start(const struct fl_guest_config *config)
{
	static struct fl_error err;
	struct fl_guest_config c = *config;
	struct fl_guest *g = NULL;
	cleanup_free char *qemu = fl_asprintf("%s/qemu-system-x86_64", dir);

	c.dir = dir;
	c.kernel = c.image = "/dev/null";
	c.cpu_first = -1;
	c.spec.memory = 64u << 20;
	c.spec.cpus = c.spec.numa = 1;
	err.text[0] = '\0';
	cr_assert_eq(fl_guest_start(&g, &c, &err), -1);
	cr_expect_null(g);
	unlink(qemu);
	fl_guest_remove_files(dir);
	return err.text;
}

Test(start, a_qemu_that_ends_is_quoted)
{
	play_qemu("echo \"qemu: device 'no-such' is not here\" >&2\nexit 1\n");
	cr_expect_str_eq(start(&(struct fl_guest_config){ .state = NULL }),
			 "QEMU did not start: qemu: device 'no-such' is not here");
}

Test(start, a_qemu_that_is_killed_is_not_one_that_will_not)
{
	play_qemu("kill -KILL $$\n");
	cr_expect_str_eq(start(&(struct fl_guest_config){ .state = NULL }),
			 "QEMU was killed by signal 9 before its guest ran");
}

/* It runs, and refuses to go on from the template: that is the reason, not an empty log. */
Test(start, what_qemu_answers_is_the_reason)
{
	const struct fl_guest_config c = {
		.spec = { .clock = FL_CLOCK_INSTRUCTIONS },
		.state = "/dev/null",
		.state_fd = open("/dev/null", O_RDONLY | O_CLOEXEC),
	};

	play_qemu(GREETS "read -r line <&$fd\n"
			 "say '{\"return\": {\"status\": \"paused\"}, \"id\": 2}'\n"
			 "read -r line <&$fd\n"
			 "say '{\"error\": {\"desc\": \"the state is of another machine\"}, "
			 "\"id\": 3}'\n"
			 "exec sleep 60\n");
	cr_expect_str_eq(start(&c), "QMP cont: the state is of another machine");
	close(c.state_fd);
}
