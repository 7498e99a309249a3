/* SPDX-License-Identifier: GPL-2.0 */
/* How much of a program's output the agent takes before it looks at its timers again. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/agent/agent.h"

#define TURN 65536u

static size_t shipped;

void port_send(enum fl_frame_type type, const char *name, const void *text, size_t len)
{
	(void)name;
	(void)text;
	cr_assert_eq(type, FL_OUT);
	shipped += len;
}

void port_sendf(enum fl_frame_type type, const char *name, const char *fmt, ...)
{
	(void)type;
	(void)name;
	(void)fmt;
}

int world_write(const char *path, const char *text, size_t len)
{
	(void)path;
	(void)text;
	(void)len;
	return 0;
}

/* There is always more to read in /dev/zero. */
Test(job, an_endless_printer_has_its_turn_and_no_more, .timeout = 10)
{
	int fd = open("/dev/zero", O_RDONLY);

	for (size_t turn = 1; turn <= 3; turn++) {
		job_ship(&fd, "stdout", TURN);
		cr_assert_geq(fd, 0, "it goes on");
		cr_assert_eq(shipped, turn * TURN);
	}
	job_ship(&fd, NULL, TURN);
	cr_expect_eq(shipped, 3 * TURN, "thrown away");
	job_ship_rest(&fd, "stdout");
	cr_expect_eq(fd, -1, "its program has ended");
	cr_expect_leq(shipped, 3 * TURN + (2u << 20));
}

Test(job, what_a_pipe_holds_at_the_end_is_shipped, .timeout = 10)
{
	char text[40000] = "";
	int p[2];

	cr_assert_eq(pipe2(p, O_NONBLOCK), 0);
	cr_assert_eq(write(p[1], text, sizeof(text)), (ssize_t)sizeof(text));
	job_ship(&p[0], "stdout", 16384);
	cr_expect_eq(shipped, 16384);
	job_ship_rest(&p[0], "stdout");
	cr_expect_eq(shipped, sizeof(text), "though another holds its other end");
	cr_expect_eq(p[0], -1);
	close(p[1]);
}

Test(job, a_file_is_shipped_whole, .timeout = 10)
{
	FILE *f = tmpfile();
	int fd = dup(fileno(f));

	cr_assert_eq(ftruncate(fd, 5 << 20), 0);
	job_ship_rest(&fd, "stdout");
	cr_expect_eq(shipped, 5u << 20);
	fclose(f);
}

Test(job, a_pipe_without_writers_is_closed)
{
	int p[2];

	cr_assert_eq(pipe2(p, O_NONBLOCK), 0);
	job_ship(&p[0], "stdout", TURN);
	cr_expect_geq(p[0], 0, "nothing yet");
	close(p[1]);
	job_ship(&p[0], "stdout", TURN);
	cr_expect_eq(p[0], -1);
}
