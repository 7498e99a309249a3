/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/host_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/collect/text.h"

/* Between fork and exec other threads hold locks: only system calls there. */
struct launch {
	char *path;
	char **argv;
	pid_t parent, group; /* group 0: a new one */
	int in, out, err, gate, report, cgroup;
};

/* Ours first, then PATH, as in a guest; malloc'd, NULL: not there. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	char *file;

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : fl_strdup(name);
	file = fl_asprintf("%s/%s", fl_programs(), name);
	for (; access(file, X_OK) && path && *path;
	     path += strcspn(path, ":"), path += *path == ':') {
		free(file);
		file = fl_asprintf("%.*s/%s", (int)strcspn(path, ":"), path, name);
	}
	if (!access(file, X_OK))
		return file;
	free(file);
	return NULL;
}

static int seek_program(char **path, const char *name, struct fl_error *err)
{
	*path = find_program(name);
	if (*path)
		return 0;
	return fl_fail(err, FL_USAGE,
		       "program %s is neither a workload (faultline list workloads) nor on PATH",
		       name);
}

int fl_host_program_check(const char *name, struct fl_error *err)
{
	cleanup_free char *path = NULL;

	return seek_program(&path, name, err);
}

__attribute__((noreturn)) static void become(const struct launch *l)
{
	sigset_t none;
	char byte;
	int error;

	setpgid(0, l->group);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (getppid() != l->parent || dup2(l->in, STDIN_FILENO) < 0 ||
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

/* Waits for a byte, which means a good end, or for the harness's death. */
__attribute__((noreturn)) static void keep(int fd, int kill_fd, pid_t group, const char *cgroup)
{
	char byte = 0;

	setpgid(0, 0);
	if (dup2(fd, 0) < 0 || (kill_fd >= 0 && dup2(kill_fd, 1) < 0))
		_exit(1);
	close_range(kill_fd >= 0 ? 2 : 1, ~0u, 0);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	if (byte)
		_exit(0);
	kill(-group, SIGKILL);
	if (kill_fd >= 0 && write(1, "1", 1) == 1)
		for (int i = 0; i < 100 && rmdir(cgroup) && errno == EBUSY; i++)
			usleep(10000);
	_exit(0);
}

static bool own_cgroup(char *path, size_t len)
{
	cleanup_file FILE *mounts = fopen("/proc/self/mounts", "re");
	cleanup_file FILE *own = fopen("/proc/self/cgroup", "re");
	char line[1024], dir[256], type[32];

	if (!mounts || !own)
		return false;
	type[0] = '\0';
	while (fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %255s %31s", dir, type) == 2 && !strcmp(type, "cgroup2"))
			break;
	if (strcmp(type, "cgroup2"))
		return false;
	while (fgets(line, sizeof(line), own)) {
		if (strncmp(line, "0::", 3))
			continue;
		line[strcspn(line, "\n")] = '\0';
		return (size_t)snprintf(path, len, "%s%s/faultline-%d", dir,
					strcmp(line + 3, "/") ? line + 3 : "", (int)getpid()) < len;
	}
	return false;
}

static int open_in(const char *dir, const char *name, int flags)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, name);

	return open(path, flags | O_CLOEXEC);
}

/* Descriptor of its cgroup.procs, or -1: the child then shares ours. */
static int make_cgroup(struct fl_host_child *c)
{
	int fd;

	if (!own_cgroup(c->cgroup, sizeof(c->cgroup)) ||
	    (mkdir(c->cgroup, 0755) && errno != EEXIST)) {
		c->cgroup[0] = '\0';
		return -1;
	}
	fd = open_in(c->cgroup, "cgroup.procs", O_WRONLY);
	if (fd < 0) {
		rmdir(c->cgroup);
		c->cgroup[0] = '\0';
	}
	return fd;
}

static double count_oom(int fd)
{
	char text[32768];
	ssize_t n = read(fd, text, sizeof(text) - 1);
	double kills;

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return fl_text_space(text, (size_t)n, "oom_kill", &kills) ? 0 : kills;
}

static double oom_of_machine(void)
{
	cleanup_fd int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? 0 : count_oom(fd);
}

bool fl_host_child_oom(const struct fl_host_child *c)
{
	cleanup_fd int fd = c->cgroup[0] ? open_in(c->cgroup, "memory.events", O_RDONLY) : -1;

	return fd >= 0 ? count_oom(fd) > 0 : oom_of_machine() > c->oom_kills;
}

struct pipes {
	int out[2], err[2], gate[2], report[2], keeper[2];
};

static int open_pipes(struct pipes *p, struct fl_error *err)
{
	memset(p, -1, sizeof(*p));
	if (pipe2(p->out, O_CLOEXEC) || pipe2(p->err, O_CLOEXEC) || pipe2(p->gate, O_CLOEXEC) ||
	    pipe2(p->report, O_CLOEXEC) || pipe2(p->keeper, O_CLOEXEC))
		return fl_fail(err, FL_MACHINE, "no pipe: %s", strerror(errno));
	fcntl(p->out[0], F_SETFL, O_NONBLOCK);
	fcntl(p->err[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Closes whichever ends were not taken (-1). */
static void close_pipes(struct pipes *p)
{
	int *fds = (int *)p;

	for (size_t i = 0; i < sizeof(*p) / sizeof(int); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int fork_keeper(struct fl_host_child *c, struct pipes *p, struct fl_error *err)
{
	cleanup_fd int kill_fd = c->cgroup[0] ? open_in(c->cgroup, "cgroup.kill", O_WRONLY) : -1;

	c->keeper = fork();
	if (!c->keeper)
		keep(p->keeper[0], kill_fd, c->pid, c->cgroup);
	if (c->keeper < 0)
		return fl_fail(err, FL_MACHINE, "no process: %s", strerror(errno));
	c->keeping = steal_fd(&p->keeper[1]);
	return 0;
}

static int launch_child(struct fl_host_child *c, struct launch *l, struct pipes *p,
			struct fl_error *err)
{
	l->out = p->out[1];
	l->err = p->err[1];
	l->gate = p->gate[0];
	l->report = p->report[1];
	c->pid = fork();
	if (!c->pid) {
		close(p->gate[1]);
		become(l);
	}
	if (c->pid < 0)
		return fl_fail(err, FL_MACHINE, "no process: %s", strerror(errno));
	setpgid(c->pid, c->pid);
	c->pidfd = pidfd_open(c->pid, 0);
	if (c->pidfd < 0)
		return fl_fail(err, FL_MACHINE, "pidfd_open: %s", strerror(errno));
	fcntl(c->pidfd, F_SETFD, FD_CLOEXEC);
	c->out = steal_fd(&p->out[0]);
	c->err = steal_fd(&p->err[0]);
	c->gate = steal_fd(&p->gate[1]);
	c->report = steal_fd(&p->report[0]);
	return fork_keeper(c, p, err);
}

int fl_host_child_start(struct fl_host_child *c, const struct fl_strv *argv, struct fl_error *err)
{
	cleanup_free char *path = NULL;
	cleanup_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct launch l = { .argv = argv->v, .parent = getpid(), .in = null };
	struct pipes p;
	int bad;

	*c = (struct fl_host_child){ .out = -1, .err = -1, .pidfd = -1 };
	c->gate = c->report = c->keeping = -1;
	if (seek_program(&path, argv->v[0], err))
		return -1;
	l.path = path;
	c->oom_kills = oom_of_machine();
	bad = open_pipes(&p, err);
	l.cgroup = bad ? -1 : make_cgroup(c);
	if (!bad)
		bad = launch_child(c, &l, &p, err);
	if (l.cgroup >= 0)
		close(l.cgroup);
	close_pipes(&p);
	if (bad) {
		fl_host_child_end(c, &(int){ 0 }, &(struct rusage){ 0 });
		fl_host_child_close(c);
	}
	return bad;
}

int fl_host_child_pressure(struct fl_host_child *c, const struct fl_strv *argv,
			   struct fl_error *err)
{
	cleanup_free char *path = NULL;
	cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	cleanup_fd int cgroup = c->cgroup[0] ? open_in(c->cgroup, "cgroup.procs", O_WRONLY) : -1;
	struct launch l = { .argv = argv->v, .parent = getpid(), .group = c->pid };

	if (seek_program(&path, argv->v[0], err))
		return -1;
	l.path = path;
	l.in = l.out = l.err = null;
	l.gate = l.report = -1;
	l.cgroup = cgroup;
	c->pressure = fork();
	if (!c->pressure)
		become(&l);
	if (c->pressure < 0)
		return fl_fail(err, FL_MACHINE, "no process: %s", strerror(errno));
	return 0;
}

int fl_host_child_go(struct fl_host_child *c, struct fl_error *err)
{
	int error = 0;

	if (write(c->gate, "g", 1) != 1)
		return fl_fail(err, FL_MACHINE, "the workload's process died before its start");
	if (read(c->report, &error, sizeof(error)) == sizeof(error))
		return fl_fail(err, FL_USAGE, "the program cannot be executed: %s",
			       strerror(error));
	return 0;
}

static void kill_group(struct fl_host_child *c)
{
	cleanup_fd int fd = c->cgroup[0] ? open_in(c->cgroup, "cgroup.kill", O_WRONLY) : -1;

	if (c->pid > 0)
		kill(-c->pid, SIGKILL);
	if (fd >= 0 && write(fd, "1", 1) != 1)
		return;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void remove_cgroup(struct fl_host_child *c)
{
	if (!c->cgroup[0])
		return;
	for (int i = 0; i < 100 && rmdir(c->cgroup) && errno == EBUSY; i++)
		usleep(10000);
	c->cgroup[0] = '\0';
}

/* The group's number is ours as long as its leader is not reaped, so that comes last. */
void fl_host_child_end(struct fl_host_child *c, int *status, struct rusage *usage)
{
	kill_group(c);
	if (c->pressure > 0)
		waitpid(c->pressure, NULL, 0);
	if (c->keeper > 0) {
		if (write(c->keeping, "g", 1) != 1)
			kill(c->keeper, SIGKILL);
		close_fd(&c->keeping);
		waitpid(c->keeper, NULL, 0);
	}
	if (c->pid > 0)
		wait4(c->pid, status, 0, usage);
	c->pid = c->pressure = c->keeper = 0;
	remove_cgroup(c);
	close_fd(&c->pidfd);
	close_fd(&c->gate);
	close_fd(&c->report);
	close_fd(&c->keeping);
}

void fl_host_child_close(struct fl_host_child *c)
{
	close_fd(&c->out);
	close_fd(&c->err);
}
