/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <unistd.h>

#define REST_MAX (1u << 20) /* as much as a pipe can hold */

static char words_text[FL_COMMAND_MAX];
static char *argv[FL_COMMAND_MAX + 1];

/* The words as argv; @latency@ becomes the file that is shipped at the end. */
static int take_words(const char *words, size_t len)
{
	size_t n = 0;

	if (!len || len > sizeof(words_text) || words[len - 1])
		return EINVAL;
	memcpy(words_text, words, len);
	for (char *p = words_text; p < words_text + len; p += strlen(p) + 1)
		argv[n++] = strcmp(p, "@latency@") ? p : (char *)LATENCY_FILE;
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
	signal(SIGPIPE, SIG_DFL);
	setsid();
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	n = snprintf(self, sizeof(self), "%d", getpid());
	if (world_write(path, self, (size_t)n))
		dprintf(STDERR_FILENO, "faultline agent: not in %s\n", group);
	world_write("/proc/self/oom_score_adj", "0", 1);
	if (read(go, &byte, 1) != 1)
		_exit(126);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Where the child writes (to) and where we read: the two ends of a pipe, or one file. */
static int open_output(enum job_kind kind, const char *file, int *from, int *to)
{
	int fds[2];

	if (kind == JOB_EXACT) {
		*to = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
		*from = open(file, O_RDONLY | O_CLOEXEC);
		return *to < 0 || *from < 0 ? errno : 0;
	}
	if (pipe2(fds, O_CLOEXEC))
		return errno;
	*from = fds[0];
	*to = fds[1];
	fcntl(*from, F_SETFL, O_NONBLOCK);
	return 0;
}

static void close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/*
 * The workload is seized before it runs, so that its exit stops it while its
 * memory is still there to be sampled; nothing else of it is traced.
 */
int job_make(struct job *job, const char *group, const char *words, size_t len, enum job_kind kind)
{
	enum { OUT, ERR, GO, OUT_TO, ERR_TO, GO_FROM, N };
	int fd[N] = { -1, -1, -1, -1, -1, -1 }, go[2], error = take_words(words, len);

	if (!error)
		error = open_output(kind, "/tmp/stdout", &fd[OUT], &fd[OUT_TO]);
	if (!error)
		error = open_output(kind, "/tmp/stderr", &fd[ERR], &fd[ERR_TO]);
	if (!error && pipe2(go, O_CLOEXEC))
		error = errno;
	if (!error) {
		fd[GO_FROM] = go[0];
		fd[GO] = go[1];
		job->pid = fork();
		if (!job->pid)
			run_child(group, fd[OUT_TO], fd[ERR_TO], fd[GO_FROM]);
		if (job->pid < 0 || (kind != JOB_BESIDE &&
				     ptrace(PTRACE_SEIZE, job->pid, NULL, PTRACE_O_TRACEEXIT)))
			error = errno;
	}
	close_all(fd + OUT_TO, N - OUT_TO);
	if (error) {
		close_all(fd, OUT_TO);
		*job = (struct job){ 0, -1, -1, -1 };
		return error;
	}
	job->go = fd[GO];
	job->out = fd[OUT];
	job->err = fd[ERR];
	return 0;
}

int job_go(struct job *job)
{
	int error = write(job->go, "", 1) == 1 ? 0 : errno;

	close(job->go);
	job->go = -1;
	return error;
}

static struct {
	size_t sent, dropped;
} output;

static void ship_piece(const char *name, const char *text, size_t len)
{
	if (!name)
		return;
	if (output.sent >= FL_OUTPUT_MAX) {
		output.dropped += len;
		return;
	}
	port_send(FL_OUT, name, text, len);
	output.sent += len;
}

void job_ship(int *fd, const char *name, size_t most)
{
	char buf[16384];
	size_t taken = 0;
	ssize_t n = 1;

	while (*fd >= 0 && n && taken < most) {
		n = read(*fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			break;
		ship_piece(name, buf, (size_t)n);
		taken += (size_t)n;
	}
	if (*fd < 0 || n > 0)
		return;
	close(*fd);
	*fd = -1;
}

void job_ship_rest(int *fd, const char *name)
{
	struct stat st;

	if (*fd < 0 || fstat(*fd, &st))
		return;
	job_ship(fd, name, S_ISREG(st.st_mode) ? (size_t)st.st_size : REST_MAX);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void job_ship_count(void)
{
	if (output.dropped)
		port_sendf(FL_LOG, NULL, "%zu bytes of output left out after the first %zu",
			   output.dropped, output.sent);
	output.sent = output.dropped = 0;
}
