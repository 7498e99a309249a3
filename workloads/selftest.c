/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs one of the kernel's own selftests and separates its cases.  Whatever the test finds is a
 * result; this program fails only if the test reports no case at all.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/ktap.h"
#include "lib/options.h"

#define KSFT_SKIP 4 /* exit status of a selftest that was skipped as a whole */
#define LINE_MAX_BYTES 512

struct selftest_options {
	struct options_common common;
	uint64_t seconds;
};

static const struct option_spec specs[] = {
	{ "seconds", 's', "N", "time limit (default 120)", OPTION_NUMBER,
	  offsetof(struct selftest_options, seconds), 1, 86400 },
	{ 0 },
};

static const struct program program = {
	.name = "selftest",
	.synopsis = "[OPTIONS] -- PROGRAM [ARG...]",
	.summary = "Run a selftest of the kernel and tell its cases apart.",
	.notes =
		"Prints KTAP; what khugepaged and uffd-unit-tests print is made into it.  Then\n"
		"cases_passed, cases_failed, cases_skipped.  A test that crashes or is not done in "
		"time has one\n"
		"more case, which failed.  Exit status 0 whatever the cases say, 1 when there was "
		"none.\n",
	.options = specs,
};

/* A line as it comes in pieces: carriage returns begin it anew, escape codes are left out. */
struct line {
	char text[LINE_MAX_BYTES];
	size_t len;
	bool escape;
};

static void feed(struct line *l, struct ktap *k, char c)
{
	if (l->escape) {
		l->escape = c != 'm';
	} else if (c == '\033') {
		l->escape = true;
	} else if (c == '\n') {
		l->text[l->len] = '\0';
		ktap_line(k, l->text);
		l->len = 0;
	} else if (c == '\r') {
		l->len = 0;
	} else if (l->len < sizeof(l->text) - 1) {
		l->text[l->len++] = c;
	}
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* True: its output has ended; false: the time has. */
static bool read_all(int fd, struct ktap *k, int64_t until)
{
	struct pollfd p = { fd, POLLIN, 0 };
	struct line line = { .len = 0 };
	char buf[4096];

	for (;;) {
		int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			feed(&line, k, buf[i]);
	}
	if (line.len)
		feed(&line, k, '\n');
	return true;
}

static pid_t start(char **argv, int *from)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execvp(argv[0], argv);
		fprintf(stderr, "selftest: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	*from = fds[0];
	return pid;
}

static void judge_end(struct ktap *k, int status, bool late, uint64_t seconds)
{
	char text[64];

	if (late) {
		snprintf(text, sizeof(text), "not done in %llu s", (unsigned long long)seconds);
		ktap_result(k, KTAP_FAIL, text, NULL);
	} else if (WIFSIGNALED(status)) {
		snprintf(text, sizeof(text), "killed by signal %d", WTERMSIG(status));
		ktap_result(k, KTAP_FAIL, text, NULL);
	} else if (WEXITSTATUS(status) == KSFT_SKIP && !k->number) {
		ktap_result(k, KTAP_SKIP, "all", "the test says that it cannot run here");
	} else if (WEXITSTATUS(status) && WEXITSTATUS(status) != KSFT_SKIP && k->number &&
		   !k->counts[KTAP_FAIL]) {
		snprintf(text, sizeof(text), "exited with status %d", WEXITSTATUS(status));
		ktap_result(k, KTAP_FAIL, text, NULL);
	}
}

int main(int argc, char **argv)
{
	struct selftest_options o = { .common = OPTIONS_COMMON, .seconds = 120 };
	int first = options_parse(&program, &o, argc, argv), from = -1, status = 0;
	struct ktap k = { .out = stdout };
	bool late;
	pid_t pid;

	if (first >= 0 && first == argc)
		first = options_error(&program, "which program?");
	if (first < 0)
		return options_status(first);
	pid = start(argv + first, &from);
	if (pid < 0) {
		fprintf(stderr, "selftest: %s\n", strerror(errno));
		return 1;
	}
	late = !read_all(from, &k, now_ms() + (int64_t)o.seconds * 1000);
	if (late)
		kill(-pid, SIGKILL);
	waitpid(pid, &status, 0);
	ktap_close(&k);
	judge_end(&k, status, late, o.seconds);
	ktap_summary(&k);
	if (k.number)
		return 0;
	fprintf(stderr, "selftest: %s told of no case (exit status %d)\n", argv[first],
		WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return 1;
}
