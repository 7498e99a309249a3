/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/print.h"

/* What a process of its own prints to standard output and error, each part by a call of its own. */
static void printed(const char *const parts[], char *out, size_t size)
{
	int pipes[2], status;
	size_t len = 0;
	ssize_t n;

	cr_assert_eq(pipe(pipes), 0);
	if (!fork()) {
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		fl_print_harmless();
		for (; *parts; parts++) {
			fputs(*parts, stdout);
			fflush(stdout);
		}
		fputs("\033", stderr);
		_exit(fclose(stdout) != 0);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], out + len, size - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	close(pipes[0]);
	wait(&status);
	cr_expect_eq(status, 0);
}

Test(print, all_that_is_printed_is_made_harmless)
{
	char out[128];

	printed((const char *[]){ "a\tb\n\033[31m", "gr\303", "\274n \342\202", "x\233 \302\233",
				  "\303", NULL },
		out, sizeof(out));
	cr_expect_str_eq(out, "a\tb\n?[31mgr\303\274n ??x? ????");
}
