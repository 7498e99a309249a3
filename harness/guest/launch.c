/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/bounds.h"
#include "harness/guest/cgroup.h"
#include "harness/guest/qemu.h"

#define PORT_ROOM (1 << 20) /* a full port would answer at any moment of guest time */

/* As an inherited descriptor: a path may contain characters that are separators in LD_PRELOAD. */
static int preload(const char *library)
{
	char path[32];
	int fd = open(library, O_RDONLY);

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return setenv("LD_PRELOAD", path, 1);
}

/* A write beyond the limit fails; the harness sees the full file and reports it. */
static void bound_files(void)
{
	const struct rlimit most = { FL_GUEST_FILE_MAX, FL_GUEST_FILE_MAX };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &most);
}

/* In the child: it keeps nothing of ours but the two sockets, and it dies with us. */
static void become_qemu(const struct fl_guest_config *c, const struct fl_strv *argv,
			const struct fl_qemu_fds *fds, pid_t parent)
{
	cleanup_free char *log = fl_asprintf("%s/qemu.log", c->dir);
	sigset_t none;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "1000", 4) < 0)
		fd = -1;
	fd = open("/dev/null", O_RDONLY);
	dup2(fd, STDIN_FILENO);
	fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (!c->saves)
		bound_files();
	if (c->cgroup && fl_cgroup_join(c->cgroup))
		_exit(126);
	if (c->preload && preload(c->preload))
		_exit(126);
	fcntl(fds->qmp, F_SETFD, 0);
	fcntl(fds->port, F_SETFD, 0);
	if (fds->state >= 0)
		fcntl(fds->state, F_SETFD, 0);
	execvp(argv->v[0], argv->v);
	_exit(errno == ENOENT ? 127 : 126);
}

int fl_launch(struct fl_launched *l, const struct fl_guest_config *c, struct fl_error *err)
{
	int a[2], b[2];
	struct fl_strv argv = { 0 };
	struct fl_qemu_fds fds;
	struct timeval limit = { .tv_sec = 20 }; /* a stopped QEMU reads nothing */
	pid_t parent = getpid();
	int room = PORT_ROOM;

	*l = (struct fl_launched){ .pid = 0, .qmp = -1, .port = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, a))
		return fl_fail(err, FL_MACHINE, "socketpair: %s", strerror(errno));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, b)) {
		close(a[0]);
		close(a[1]);
		return fl_fail(err, FL_MACHINE, "socketpair: %s", strerror(errno));
	}
	fds = (struct fl_qemu_fds){ .qmp = a[1],
				    .port = b[1],
				    .state = c->state ? c->state_fd : -1 };
	setsockopt(b[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	fl_qemu_arguments(&argv, c, &fds);
	l->command = fl_strv_join_words((const char *const *)argv.v, argv.n);
	l->pid = fork();
	if (!l->pid)
		become_qemu(c, &argv, &fds, parent);
	close(a[1]);
	close(b[1]);
	l->qmp = a[0];
	l->port = b[0];
	setsockopt(l->port, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	fl_strv_release(&argv);
	return l->pid < 0 ? fl_fail(err, FL_MACHINE, "fork: %s", strerror(errno)) : 0;
}
