/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

#define ROOT_V1 "/sys/fs/cgroup/memory"
#define ROOT_V2 "/sys/fs/cgroup"

static int write_text(const char *dir, const char *file, const char *text)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, file);
	cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static bool has(const char *dir, const char *file)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, file);

	return !access(path, F_OK);
}

/* Our own group below root; root itself where a container hides it.  malloc'd. */
static char *own_dir(bool v1)
{
	const char *root = v1 ? ROOT_V1 : ROOT_V2, *mark = v1 ? ":memory:" : "0::";
	cleanup_file FILE *f = fopen("/proc/self/cgroup", "re");
	char line[4096];

	while (f && fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, mark);
		char *dir;

		if (!at || (!v1 && at != line))
			continue;
		line[strcspn(line, "\n")] = '\0';
		dir = fl_asprintf("%s%s", root, at + strlen(mark));
		if (has(dir, "cgroup.procs"))
			return dir;
		free(dir);
	}
	return fl_strdup(root);
}

int fl_cgroup_limit(const struct fl_cgroup *g, uint64_t limit)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, limit);
	return write_text(g->dir, g->v1 ? "memory.limit_in_bytes" : "memory.max", text);
}

uint64_t fl_cgroup_used(const struct fl_cgroup *g)
{
	cleanup_free char *path =
		fl_asprintf("%s/%s", g->dir, g->v1 ? "memory.usage_in_bytes" : "memory.current");
	cleanup_file FILE *f = fopen(path, "re");
	uint64_t bytes = 0;

	return f && fscanf(f, "%" SCNu64, &bytes) == 1 ? bytes : 0;
}

static int oom_count(const struct fl_cgroup *g, const char *name, unsigned int *n)
{
	cleanup_free char *path =
		fl_asprintf("%s/%s", g->dir, g->v1 ? "memory.oom_control" : "memory.events");
	cleanup_file FILE *f = fopen(path, "re");
	char key[64];

	while (f && fscanf(f, "%63s %u", key, n) == 2)
		if (!strcmp(key, name))
			return 0;
	return -ENOTSUP;
}

int fl_cgroup_kills(const struct fl_cgroup *g, unsigned int *kills)
{
	return oom_count(g, "oom_kill", kills);
}

bool fl_cgroup_stuck(const struct fl_cgroup *g)
{
	unsigned int under = 0;

	return g->dir && g->v1 && !oom_count(g, "under_oom", &under) && under;
}

int fl_cgroup_join(const char *dir)
{
	return write_text(dir, "cgroup.procs", "0");
}

void fl_cgroup_sweep(void)
{
	cleanup_free char *own = own_dir(has(ROOT_V1, "memory.limit_in_bytes"));
	cleanup_dir DIR *dir = opendir(own);
	const struct dirent *d;
	unsigned int serial;
	int pid, end;

	while (dir && (d = readdir(dir))) {
		if (sscanf(d->d_name, "faultline-%d-%u%n", &pid, &serial, &end) != 2 ||
		    d->d_name[end] || pid <= 0 || !kill(pid, 0) || errno != ESRCH)
			continue;
		unlinkat(dirfd(dir), d->d_name, AT_REMOVEDIR);
	}
}

int fl_cgroup_make(struct fl_cgroup *g, uint64_t limit, struct fl_error *err)
{
	static atomic_uint serial;
	bool v1 = has(ROOT_V1, "memory.limit_in_bytes");
	cleanup_free char *own = own_dir(v1);
	int error = 0;

	*g = (struct fl_cgroup){ .v1 = v1 };
	if (!v1)
		write_text(own, "cgroup.subtree_control", "+memory");
	g->dir =
		fl_asprintf("%s/faultline-%d-%u", own, (int)getpid(), atomic_fetch_add(&serial, 1));
	if (mkdir(g->dir, 0755))
		error = -errno;
	else if (!has(g->dir, v1 ? "memory.limit_in_bytes" : "memory.max"))
		error = -ENOTSUP;
	else if (limit)
		error = fl_cgroup_limit(g, limit);
	if (!error) {
		if (v1)
			write_text(g->dir, "memory.oom_control", "1");
		return 0;
	}
	fl_fail(err, FL_MACHINE,
		"this machine does not let us create a memory control group for QEMU (%s: %s)",
		g->dir, strerror(-error));
	fl_cgroup_end(g);
	return -1;
}

void fl_cgroup_end(struct fl_cgroup *g)
{
	if (g->dir)
		rmdir(g->dir);
	free(g->dir);
	g->dir = NULL;
}
