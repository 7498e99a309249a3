/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/printable.h"

static size_t of(const char *text)
{
	return fl_printable(text, strlen(text));
}

Test(printable, whole_characters_are_harmless)
{
	cr_expect_eq(of("a"), 1);
	cr_expect_eq(of(" "), 1);
	cr_expect_eq(of("\u00fc"), 2);
	cr_expect_eq(of("\u20ac"), 3);
	cr_expect_eq(of("\U0001f600"), 4);
}

Test(printable, controls_and_what_is_no_character_are_not)
{
	static const char *const bad[] = {
		"\033[2J",  /* C0 */
		"\177",     /* DEL */
		"\302\233", /* CSI of C1 */
		"\233",     /* the same, one byte */
		"\303",     /* cut */
		"\342\202",
		"\300\257", /* overlong */
		"\340\200\257",
		"\355\240\200",     /* surrogate */
		"\364\220\200\200", /* behind the end */
		"\365\200\200\200",
		"\377",
		"\n",
		"\t",
		"",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(of(bad[i]), 0, "%zu", i);
}

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

Test(printable, all_that_is_printed_is_made_harmless)
{
	char out[128];

	printed((const char *[]){ "a\tb\n\033[31m", "gr\303", "\274n \342\202", "x\233 \302\233",
				  "\303", NULL },
		out, sizeof(out));
	cr_expect_str_eq(out, "a\tb\n?[31mgr\303\274n ??x? ????");
}
