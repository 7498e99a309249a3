/* SPDX-License-Identifier: GPL-2.0 */
/* Other threads of the harness hold locks when we are forked: only system calls here. */
#include "harness/run/host_keeper.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_US 2000
#define TURNS 2500 /* 5 s: processes that survive this are reported */

__attribute__((noreturn)) static void become(const struct fl_keeper *k, const struct fl_launch *l,
					     pid_t parent, pid_t group)
{
	sigset_t none;
	char byte;
	int error;

	setpgid(0, group);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < k->n_shut; i++)
		close(k->shut[i]);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (getppid() != parent || dup2(l->in, STDIN_FILENO) < 0 ||
	    dup2(l->out, STDOUT_FILENO) < 0 || dup2(l->err, STDERR_FILENO) < 0)
		_exit(127);
	if (l->cgroup >= 0 && write(l->cgroup, "0", 1) != 1)
		_exit(127);
	if (l->gate >= 0 && read(l->gate, &byte, 1) != 1)
		_exit(127);
	execv(l->path, l->argv);
	error = errno;
	if (l->report >= 0 && write(l->report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static pid_t launch(const struct fl_keeper *k, const struct fl_launch *l, pid_t group)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid)
		become(k, l, parent, group);
	if (pid > 0)
		setpgid(pid, group ? group : pid);
	return pid;
}

/* "12 34 56 ": the processes that are ours now; a number that the buffer's end cuts waits. */
static void kill_children(int list)
{
	char text[16384];
	ssize_t n = pread(list, text, sizeof(text), 0);
	pid_t pid = 0;

	for (ssize_t i = 0; i < n; i++) {
		if (isdigit((unsigned char)text[i])) {
			pid = pid * 10 + (text[i] - '0');
			continue;
		}
		if (pid > 0)
			kill(pid, SIGKILL);
		pid = 0;
	}
}

static unsigned int count_children(int list)
{
	char text[16384];
	ssize_t n = pread(list, text, sizeof(text), 0);
	unsigned int count = n < 0;

	for (ssize_t i = 0; i < n; i++)
		count += text[i] == ' ';
	return count;
}

/* Children of a killed process become ours, so this ends with the last of them. */
static void end_all(struct fl_keeper_end *end, pid_t child, int list)
{
	for (int i = 0; i < TURNS; i++) {
		struct rusage usage;
		int status;
		pid_t pid;

		kill_children(list);
		while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
			if (pid != child)
				continue;
			end->status = status;
			end->usage = usage;
		}
		if (pid < 0 && errno == ECHILD)
			return;
		usleep(PAUSE_US);
	}
	end->left = count_children(list);
}

/* If this fails, there is still the list of children. */
static void kill_cgroup(int fd)
{
	while (write(fd, "1", 1) < 0 && errno == EINTR)
		;
}

static void remove_cgroup(const char *dir)
{
	for (int i = 0; dir && i < 100 && rmdir(dir) && errno == EBUSY; i++)
		usleep(10000);
}

/* The child's group is its number as long as it is not waited for. */
__attribute__((noreturn)) static void keep(const struct fl_keeper *k)
{
	struct fl_keeper_end end = { .status = SIGKILL };
	int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	pid_t pid;
	char byte;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = launch(k, &k->child, 0);
	if (pid > 0 && k->pressure.path)
		launch(k, &k->pressure, pid);
	if (write(k->answer, &pid, sizeof(pid)) != sizeof(pid) || pid < 0)
		_exit(1);
	if (dup2(k->word, 0) < 0 || dup2(k->answer, 1) < 0 ||
	    (k->kill >= 0 && dup2(k->kill, 2) < 0) || (list >= 0 && dup2(list, 3) < 0))
		_exit(1);
	close_range(list >= 0 ? 4 : 3, ~0u, 0);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	kill(-pid, SIGKILL);
	if (k->kill >= 0)
		kill_cgroup(2);
	end_all(&end, pid, 3);
	remove_cgroup(k->cgroup);
	_exit(write(1, &end, sizeof(end)) != sizeof(end));
}

pid_t fl_keeper_start(const struct fl_keeper *k)
{
	pid_t pid = fork();

	if (!pid)
		keep(k);
	return pid < 0 ? -errno : pid;
}
