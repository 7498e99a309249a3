/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/kernel_build.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/interrupt.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"

#define LINES_MAX 8
#define OURS "build.sh: " /* begins what it says itself */

static void command(struct fl_strv *argv, const char *name, const struct fl_patches *s,
		    bool patched)
{
	fl_strv_pushf(argv, "%s/guest/kernel/build.sh", fl_home());
	if (s->tree) {
		fl_strv_push(argv, "--src");
		fl_strv_push(argv, s->tree);
		fl_strv_push(argv, "--commit");
		fl_strv_push(argv, s->commit);
	}
	if (patched) {
		fl_strv_push(argv, "--series");
		fl_strv_push(argv, s->dir);
	}
	fl_strv_push(argv, name);
}

bool fl_kernel_is_built(const char *name, const struct fl_patches *s)
{
	cleanup_free char *folder = NULL;
	struct fl_strv argv = { 0 };
	int status;

	command(&argv, "--print", s, false);
	fl_strv_push(&argv, name);
	status = fl_spawn_quiet((const char *const *)argv.v, &folder);
	fl_strv_release(&argv);
	return !status;
}

/* A process group of its own: a signal for the terminal's ends us, and we end it. */
static int spawn(struct fl_kernel_build *b, char **argv, int out, int output)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int bad;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attributes, 0);
	bad = posix_spawn(&b->pid, argv[0], &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return bad;
}

int fl_kernel_build_start(struct fl_kernel_build *b, const char *name, const struct fl_patches *s,
			  bool patched, struct fl_error *err)
{
	cleanup_fd int output = -1;
	struct fl_strv argv = { 0 };
	int pipes[2], bad;

	*b = (struct fl_kernel_build){ .pid = -1, .out = -1, .began = fl_now_ns() };
	b->output = fl_strdup("/tmp/faultline-build-XXXXXX");
	output = mkostemp(b->output, O_CLOEXEC);
	if (output < 0 || pipe2(pipes, O_CLOEXEC))
		return fl_fail(err, FL_MACHINE, "%s: %s", b->output, strerror(errno));
	command(&argv, name, s, patched);
	bad = spawn(b, argv.v, pipes[1], output);
	close(pipes[1]);
	b->out = pipes[0];
	if (bad) {
		b->pid = -1;
		fl_fail(err, FL_MACHINE, "%s: %s", argv.v[0], strerror(bad));
	}
	fl_strv_release(&argv);
	return bad ? -1 : 0;
}

/* What it said, but for its progress. */
static void read_output(const struct fl_kernel_build *b, struct fl_strv *lines)
{
	cleanup_file FILE *f = fopen(b->output, "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "kernel: ", 8) || !strncmp(line, "building kernel ", 16) ||
		    !*line)
			continue;
		if (lines->n < LINES_MAX)
			fl_strv_push(lines,
				     line + (strncmp(line, OURS, strlen(OURS)) ? strspn(line, " ")
									       : strlen(OURS)));
	}
}

static void end(struct fl_kernel_build *b)
{
	if (b->out >= 0)
		close(b->out);
	if (b->output)
		unlink(b->output);
	free(b->output);
	*b = (struct fl_kernel_build){ .pid = -1, .out = -1 };
}

static void stop(const struct fl_kernel_build *b)
{
	if (b->pid > 0)
		kill(-b->pid, SIGINT);
}

/* The folder that it prints, until its end. */
static void read_folder(const struct fl_kernel_build *b, char *folder, size_t size)
{
	size_t len = 0;
	bool stopped = false;
	ssize_t n;

	while ((n = read(b->out, folder + len, size - 1 - len)) > 0 || (n < 0 && errno == EINTR)) {
		if (fl_interrupted() && !stopped)
			stop(b);
		stopped |= fl_interrupted();
		len += n > 0 ? (size_t)n : 0;
	}
	folder[len] = '\0';
	folder[strcspn(folder, "\n")] = '\0';
}

int fl_kernel_build_wait(struct fl_kernel_build *b, char **vmlinux, struct fl_strv *lines,
			 double *seconds)
{
	char folder[4096];
	int status = 0;

	*vmlinux = NULL;
	read_folder(b, folder, sizeof(folder));
	while (waitpid(b->pid, &status, 0) < 0 && errno == EINTR)
		;
	*seconds = (double)(fl_now_ns() - b->began) / 1e9;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : FL_MACHINE;
	if (!status && *folder)
		*vmlinux = fl_asprintf("%s/vmlinux", folder);
	else
		read_output(b, lines);
	end(b);
	return fl_interrupted() ? FL_EXIT_INTERRUPTED : status;
}

void fl_kernel_build_stop(struct fl_kernel_build *b)
{
	if (b->pid > 0) {
		stop(b);
		while (waitpid(b->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	end(b);
}
