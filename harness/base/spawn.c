/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/strv.h"

static char *read_all(int fd)
{
	char *text = fl_calloc(1, 1), buf[4096];
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		text = fl_realloc(text, len + (size_t)n + 1);
		memcpy(text + len, buf, (size_t)n);
		len += (size_t)n;
	}
	while (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	return text;
}

/* A signal that we catch must not end the program or our wait for it. */
static int wait_for(pid_t pid, int *status)
{
	pid_t got;

	do {
		got = waitpid(pid, status, 0);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? -1 : 0;
}

enum errors { ERRORS_OURS, ERRORS_DROPPED, ERRORS_TAKEN };

/* In the child; in: a file, or NULL; out: the end of the pipe, or -1. */
static void become(const char *const argv[], const char *in, int out, enum errors errors)
{
	int null = errors == ERRORS_DROPPED ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
	int file = in ? open(in, O_RDONLY | O_CLOEXEC) : -1;

	if (in && (file < 0 || dup2(file, STDIN_FILENO) < 0))
		_exit(127);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	if (errors == ERRORS_TAKEN)
		dup2(STDOUT_FILENO, STDERR_FILENO);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static int spawn(const char *const argv[], const char *in, char **output, enum errors errors)
{
	int pipes[2] = { -1, -1 }, status = 0;
	pid_t pid;

	if (output)
		*output = NULL;
	if (output && pipe2(pipes, O_CLOEXEC))
		return 127;
	fflush(NULL);
	pid = fork();
	if (!pid)
		become(argv, in, pipes[1], errors);
	if (output) {
		close(pipes[1]);
		*output = read_all(pipes[0]);
		close(pipes[0]);
	}
	if (pid < 0 || wait_for(pid, &status))
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int fl_spawn(const char *const argv[], char **output)
{
	return spawn(argv, NULL, output, ERRORS_OURS);
}

int fl_spawn_quiet(const char *const argv[], char **output)
{
	return spawn(argv, NULL, output, ERRORS_DROPPED);
}

int fl_spawn_both(const char *const argv[], char **output)
{
	return spawn(argv, NULL, output, ERRORS_TAKEN);
}

int fl_spawn_from(const char *input, const char *const argv[], char **output)
{
	return spawn(argv, input, output, ERRORS_TAKEN);
}

char *fl_spawn_line(const char *const argv[])
{
	char *line;
	int status = fl_spawn_quiet(argv, &line);

	if (line)
		line[strcspn(line, "\n")] = '\0';
	if (!status && *line)
		return line;
	free(line);
	return NULL;
}
