/* SPDX-License-Identifier: GPL-2.0 */
/* A command reaches the guest whole, however long it is. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/wire/frame.h"
#include "tests/guest/guest_fixture.h"

static const size_t lengths[] = { 1000, 5000, 60000, FL_COMMAND_MAX - 20 };

#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

/* "w0 w1 w2 ...", or one word; of n bytes. */
static char *make_words(size_t n, bool many)
{
	char *text = fl_alloc(n + 16);
	size_t at = 0;

	memset(text, 'x', n);
	for (unsigned int i = 0; many && at + 8 < n; i++) {
		at += (size_t)sprintf(text + at, "w%u", i);
		text[at++] = ' ';
	}
	memset(text + at, 'x', n - at);
	text[n] = '\0';
	return text;
}

static char *experiment_text(const char *clock, bool many)
{
	char *text = fl_asprintf("[experiment]\nname = test\nkernel = stock\nrepeat = 1\n"
				 "timeout = 60s\n[guest]\nmemory = 512m\nclock = %s\n",
				 clock);

	for (size_t i = 0; i < N_LENGTHS; i++) {
		char *words = make_words(lengths[i], many), *old = text;

		text = fl_asprintf("%s[workload of-%zu]\nrun = busybox echo\n  %s\n", old,
				   lengths[i], words);
		free(words);
		free(old);
	}
	return text;
}

static void expect_whole(const char *clock, bool many)
{
	char *text = experiment_text(clock, many);
	struct fixture f;

	fixture_run(&f, text);
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		const char *said = f.plan.points[i].workload->run + strlen("busybox echo ");
		char *out = fixture_file(&f, i, "stdout");
		size_t len = strlen(said);

		cr_expect_eq(strlen(out), len + 1, "%s: %zu bytes of %zu",
			     f.plan.points[i].workload->name, strlen(out), len + 1);
		cr_expect(!strncmp(out, said, len), "%s", f.plan.points[i].workload->name);
		free(out);
	}
	free(text);
	fixture_release(&f);
}

Test(commands, long_words_reach_the_guest, .timeout = 240)
{
	expect_whole("real", false);
}

Test(commands, many_words_reach_a_restored_guest, .timeout = 240)
{
	expect_whole("instructions", true);
}
