/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/host_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/collect/text.h"

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
	int out[2], err[2], gate[2], report[2], word[2], answer[2];
};

static int open_pipes(struct pipes *p, struct fl_error *err)
{
	memset(p, -1, sizeof(*p));
	if (pipe2(p->out, O_CLOEXEC) || pipe2(p->err, O_CLOEXEC) || pipe2(p->gate, O_CLOEXEC) ||
	    pipe2(p->report, O_CLOEXEC) || pipe2(p->word, O_CLOEXEC) || pipe2(p->answer, O_CLOEXEC))
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

/* Writes all of it, or -1: the other end is gone. */
static int read_whole(int fd, void *to, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = read(fd, (char *)to + got, len - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		got += (size_t)n;
	}
	return 0;
}

static int start_keeper(struct fl_host_child *c, const struct fl_keeper *k, struct pipes *p,
			struct fl_error *err)
{
	pid_t pid = fl_keeper_start(k);

	if (pid < 0)
		return fl_fail(err, FL_MACHINE, "no process: %s", strerror(-pid));
	c->keeper = pid;
	close(steal_fd(&p->answer[1]));
	c->word = steal_fd(&p->word[1]);
	c->answer = steal_fd(&p->answer[0]);
	if (read_whole(c->answer, &c->pid, sizeof(c->pid)) || c->pid <= 0) {
		c->pid = 0;
		return fl_fail(err, FL_MACHINE, "no process for the workload");
	}
	c->pidfd = pidfd_open(c->pid, 0);
	if (c->pidfd < 0)
		return fl_fail(err, FL_MACHINE, "pidfd_open: %s", strerror(errno));
	fcntl(c->pidfd, F_SETFD, FD_CLOEXEC);
	c->out = steal_fd(&p->out[0]);
	c->err = steal_fd(&p->err[0]);
	c->gate = steal_fd(&p->gate[1]);
	c->report = steal_fd(&p->report[0]);
	return 0;
}

static int start_with(struct fl_host_child *c, struct fl_keeper *k, struct fl_error *err)
{
	cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC), cgroup = make_cgroup(c);
	cleanup_fd int kill_fd = c->cgroup[0] ? open_in(c->cgroup, "cgroup.kill", O_WRONLY) : -1;
	struct pipes p;
	int bad = open_pipes(&p, err);
	const int shut[] = { p.gate[1], p.word[1] };

	k->child.in = k->pressure.in = k->pressure.out = k->pressure.err = null;
	k->child.cgroup = k->pressure.cgroup = cgroup;
	k->child.out = p.out[1];
	k->child.err = p.err[1];
	k->child.gate = p.gate[0];
	k->child.report = p.report[1];
	k->pressure.gate = k->pressure.report = -1;
	k->word = p.word[0];
	k->answer = p.answer[1];
	k->kill = kill_fd;
	k->cgroup = c->cgroup[0] ? c->cgroup : NULL;
	k->shut = shut;
	k->n_shut = sizeof(shut) / sizeof(shut[0]);
	if (!bad)
		bad = start_keeper(c, k, &p, err);
	close_pipes(&p);
	return bad;
}

int fl_host_child_start(struct fl_host_child *c, const struct fl_strv *argv,
			const struct fl_strv *pressure, struct fl_error *err)
{
	cleanup_free char *path = NULL, *beside = NULL;
	struct fl_keeper k = { .child.argv = argv->v };

	*c = (struct fl_host_child){ .out = -1, .err = -1, .pidfd = -1 };
	c->gate = c->report = c->word = c->answer = -1;
	if (seek_program(&path, argv->v[0], err) ||
	    (pressure && seek_program(&beside, pressure->v[0], err)))
		return -1;
	k.child.path = path;
	k.pressure.path = beside;
	k.pressure.argv = pressure ? pressure->v : NULL;
	c->oom_kills = oom_of_machine();
	if (!start_with(c, &k, err))
		return 0;
	fl_host_child_end(c, &(struct fl_keeper_end){ 0 });
	fl_host_child_close(c);
	return -1;
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

/*
 * If the keeper was killed the child died with it, but the child's own children may survive
 * unknown.
 */
void fl_host_child_end(struct fl_host_child *c, struct fl_keeper_end *end)
{
	*end = (struct fl_keeper_end){ .status = SIGKILL };
	if (c->keeper > 0) {
		if (write(c->word, "e", 1) != 1 || read_whole(c->answer, end, sizeof(*end))) {
			kill(c->keeper, SIGKILL);
			end->left = 1;
		}
		waitpid(c->keeper, NULL, 0);
	}
	c->pid = c->keeper = 0;
	remove_cgroup(c);
	close_fd(&c->pidfd);
	close_fd(&c->gate);
	close_fd(&c->report);
	close_fd(&c->word);
	close_fd(&c->answer);
}

void fl_host_child_close(struct fl_host_child *c)
{
	close_fd(&c->out);
	close_fd(&c->err);
}
