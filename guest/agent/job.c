/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#define WORDS_MAX 256
#define OUTPUT_MAX (8u << 20)

static char words_text[65536];
static char *argv[WORDS_MAX + 1];

/* The words as argv; @latency@ becomes the file that is shipped at the end. */
static int take_words(const char *words, size_t len)
{
	size_t n = 0;

	if (!len || len > sizeof(words_text) || words[len - 1])
		return EINVAL;
	memcpy(words_text, words, len);
	for (char *p = words_text; p < words_text + len; p += strlen(p) + 1) {
		if (n == WORDS_MAX)
			return E2BIG;
		argv[n++] = strcmp(p, "@latency@") ? p : (char *)LATENCY_FILE;
	}
	argv[n] = NULL;
	return 0;
}

static void run_child(const char *group, int out, int err, int go)
{
	char path[128], self[16], byte;
	sigset_t none;
	int n;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	n = snprintf(self, sizeof(self), "%d", getpid());
	world_write(path, self, (size_t)n);
	world_write("/proc/self/oom_score_adj", "0", 1);
	if (read(go, &byte, 1) != 1)
		_exit(126);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/*
 * The workload is seized before it runs, so that its exit stops it while its
 * memory is still there to be sampled; nothing else of it is traced.
 */
int job_start(struct job *job, const char *group, const char *words, size_t len, bool traced)
{
	int out[2], err[2], go[2], error = take_words(words, len);

	if (error)
		return error;
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		return errno;
	job->pid = fork();
	if (job->pid < 0)
		return errno;
	if (!job->pid)
		run_child(group, out[1], err[1], go[0]);
	close(out[1]);
	close(err[1]);
	close(go[0]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	job->out = out[0];
	job->err = err[0];
	if (traced && ptrace(PTRACE_SEIZE, job->pid, NULL, PTRACE_O_TRACEEXIT))
		error = errno;
	if (!error && write(go[1], "", 1) != 1)
		error = errno;
	close(go[1]);
	return error;
}

void job_ship(int *fd, const char *name)
{
	static size_t shipped;
	char buf[16384];
	ssize_t n;

	while (*fd >= 0 && (n = read(*fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			break;
		if (shipped < OUTPUT_MAX && name)
			port_send(FL_OUT, name, buf, (size_t)n);
		shipped += (size_t)n;
	}
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
