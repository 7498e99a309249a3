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
