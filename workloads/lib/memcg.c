// SPDX-License-Identifier: GPL-2.0
#include "memcg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel_file.h"

/* Version 1 says "no limit" with a number: the largest multiple of a page. */
#define V1_UNLIMITED ((uint64_t)INT64_MAX / 4096 * 4096)

struct place {
	const char *root, *limit, *current, *hits, *hits_key;
};

static const struct place v2 = { "/sys/fs/cgroup", "memory.max", "memory.current", "memory.events",
				 "oom" };
static const struct place v1 = { "/sys/fs/cgroup/memory", "memory.limit_in_bytes",
				 "memory.usage_in_bytes", "memory.failcnt", NULL };

/* A line of /proc/self/cgroup: "4:memory:/path" (version 1) or "0::/path". */
static bool find_path(const char *controller, char path[PATH_MAX])
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX + 64];
	size_t n = strlen(controller);
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *at = strchr(line, ':');

		line[strcspn(line, "\n")] = '\0';
		found = at && !strncmp(at + 1, controller, n) && at[1 + n] == ':';
		if (found)
			snprintf(path, PATH_MAX, "%.*s", PATH_MAX - 1, at + 2 + n);
	}
	if (f)
		fclose(f);
	return found;
}

/* The number of a file, or of its line that begins with `key`. */
static int read_number(const struct place *place, const char *path, const char *file,
		       const char *key, uint64_t *value)
{
	char name[PATH_MAX + 64], line[128];
	size_t n = key ? strlen(key) : 0;
	int err = -ENOENT;
	FILE *f;

	snprintf(name, sizeof(name), "%s%s/%s", place->root, path, file);
	f = fopen(name, "re");
	while (f && err && fgets(line, sizeof(line), f)) {
		if (key && (strncmp(line, key, n) || line[n] != ' '))
			continue;
		if (!strcmp(line, "max\n"))
			*value = UINT64_MAX;
		else if (sscanf(line + n, "%" SCNu64, value) != 1)
			break;
		err = 0;
	}
	if (f)
		fclose(f);
	return err;
}

int memcg_read(struct memcg *memcg)
{
	const struct place *place = &v2;
	char path[PATH_MAX];

	*memcg = (struct memcg){ .limit = UINT64_MAX };
	if (find_path("memory", path))
		place = &v1;
	else if (!find_path("", path))
		return -ENOENT;
	if (read_number(place, path, place->limit, NULL, &memcg->limit) ||
	    read_number(place, path, place->current, NULL, &memcg->current))
		return -ENOENT;
	if (memcg->limit >= V1_UNLIMITED)
		memcg->limit = UINT64_MAX;
	read_number(place, path, place->hits, place->hits_key, &memcg->hits);
	return 0;
}

/* The name of a file of this process's group of version 2. */
static bool own_file(const char *file, char name[PATH_MAX + 64])
{
	char path[PATH_MAX];

	if (!find_path("", path))
		return false;
	snprintf(name, PATH_MAX + 64, "%s%s/%s", v2.root, path, file);
	return true;
}

int memcg_put(const char *file, const char *text)
{
	char name[PATH_MAX + 64];

	return !own_file(file, name) || access(name, W_OK) ? -ENOENT : kernel_put(name, text);
}

int memcg_open(const char *file)
{
	char name[PATH_MAX + 64];

	return own_file(file, name) ? open(name, O_RDWR | O_CLOEXEC) : -1;
}

uint64_t memcg_get(const char *group, const char *file, const char *key)
{
	uint64_t value = 0;
	char path[PATH_MAX];

	if (group || find_path("", path))
		read_number(&v2, group ? group : path, file, key, &value);
	return value;
}

int memcg_reclaim(const char *size)
{
	return memcg_put("memory.reclaim", size) == -ENOENT ? -ENOENT : 0;
}

static int write_file(const char *dir, const char *file, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return kernel_put(path, text);
}

static int write_limit(const struct memcg_group *group, const char *file, uint64_t bytes)
{
	char text[24] = "max";

	if (bytes != UINT64_MAX)
		snprintf(text, sizeof(text), "%" PRIu64, bytes);
	return write_file(group->path, file, text);
}

int memcg_new(struct memcg_group *group, uint64_t limit, uint64_t swap)
{
	int err;

	snprintf(group->path, sizeof(group->path), "%s/faultline-%d", v2.root, (int)getpid());
	if (mkdir(group->path, 0755) && errno != EEXIST)
		return -errno;
	err = write_limit(group, v2.limit, limit);
	/* A kernel without swap has no such file. */
	if (!err && swap != UINT64_MAX)
		write_limit(group, "memory.swap.max", swap);
	if (err)
		memcg_free(group);
	return err;
}

int memcg_join(const struct memcg_group *group)
{
	return write_file(group->path, "cgroup.procs", "0");
}

void memcg_leave(void)
{
	write_file(v2.root, "cgroup.procs", "0");
}

uint64_t memcg_kills(const struct memcg_group *group)
{
	return memcg_get(group->path + strlen(v2.root), v2.hits, "oom_kill");
}

void memcg_free(struct memcg_group *group)
{
	rmdir(group->path);
}
