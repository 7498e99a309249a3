/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include "harness/base/spawn.h"

static void ignore(int sig)
{
	(void)sig;
}

/* As the handler of an interrupt is set: system calls end with EINTR. */
static void be_signalled_often(void)
{
	struct sigaction a = { .sa_handler = ignore };
	struct itimerval every = { { 0, 20000 }, { 0, 20000 } };

	sigaction(SIGALRM, &a, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

Test(spawn, signals_cut_neither_output_nor_status)
{
	char *text = NULL;
	int status;

	be_signalled_often();
	status = fl_spawn(
		(const char *[]){ "sh", "-c", "sleep 0.2; echo here; sleep 0.2; exit 3", NULL },
		&text);
	cr_expect_eq(status, 3);
	cr_expect_str_eq(text, "here");
	free(text);
	cr_expect_eq(fl_spawn((const char *[]){ "sh", "-c", "sleep 0.2; exit 4", NULL }, NULL), 4);
}

Test(spawn, what_is_not_there_and_what_is_killed)
{
	cr_expect_eq(fl_spawn((const char *[]){ "/no/such/program", NULL }, NULL), 127);
	cr_expect_eq(fl_spawn((const char *[]){ "sh", "-c", "kill -9 $$", NULL }, NULL), 128 + 9);
}

Test(spawn, standard_error_is_dropped_or_taken)
{
	static const char *const both[] = { "sh", "-c", "echo out; echo err >&2", NULL };
	char *text = NULL;

	cr_expect_eq(fl_spawn_quiet(both, &text), 0);
	cr_expect_str_eq(text, "out");
	free(text);
	cr_expect_eq(fl_spawn_both(both, &text), 0);
	cr_expect_str_eq(text, "out\nerr");
	free(text);
}

Test(spawn, a_line_is_the_first_of_a_program_that_ends_well)
{
	char *line = fl_spawn_line((const char *[]){ "sh", "-c", "echo one; echo two", NULL });

	cr_expect_str_eq(line, "one");
	free(line);
	cr_expect_null(fl_spawn_line((const char *[]){ "true", NULL }));
	cr_expect_null(fl_spawn_line((const char *[]){ "sh", "-c", "echo one; exit 1", NULL }));
	cr_expect_null(fl_spawn_line((const char *[]){ "/no/such/program", NULL }));
}

Test(spawn, words_are_not_read_by_a_shell)
{
	char *line =
		fl_spawn_line((const char *[]){ "printf", "%s", "x'$(echo P)'`echo P`", NULL });

	cr_expect_str_eq(line, "x'$(echo P)'`echo P`");
	free(line);
}
