// SPDX-License-Identifier: GPL-2.0
#include "promise.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel_file.h"
#include "memory_of.h"

#define THP "/sys/kernel/mm/transparent_hugepage/"
#define GROUPS "/sys/fs/cgroup"

struct counts counts_now(void)
{
	kernel_put("/proc/sys/vm/stat_refresh", "1");
	return (struct counts){
		.reserved = memory_vmstat("nr_thp_reserved"),
		.made = memory_vmstat("thp_res_alloc"),
		.failed = memory_vmstat("thp_res_alloc_failed"),
		.promoted = memory_vmstat("thp_res_promoted"),
		.ended = memory_vmstat("thp_res_released"),
		.split = memory_vmstat("thp_split_page"),
		.underused = memory_vmstat("thp_underused_split_page"),
		.kswapd_runs = memory_vmstat("pageoutrun"),
	};
}

bool thp_put(const char *file, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), THP "%s", file);
	return !kernel_put(path, text);
}

bool thp_threshold(unsigned int pages)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", pages);
	return thp_put("promotion_threshold", text);
}

void ranges_write(char *map, size_t ranges, unsigned int from, unsigned int to)
{
	for (size_t i = 0; i < ranges; i++)
		for (unsigned int page = from; page < to; page++)
			*(volatile char *)(range_of(map, i) + page * ALIGNED_PAGE) = 1;
}

char *ranges_map(size_t ranges, unsigned int n)
{
	char *map = aligned_map(ranges * ALIGNED_REGION, NULL);

	if (!map) {
		perror("mmap");
		exit(1);
	}
	ranges_write(map, ranges, 0, n);
	return map;
}

enum promise_result promise_within(const char *what, uint64_t value, uint64_t low, uint64_t high)
{
	if (value >= low && value <= high) {
		printf("# %s: %" PRIu64 "\n", what, value);
		return PROMISE_KEPT;
	}
	if (low == high)
		printf("# %s: %" PRIu64 ", and not %" PRIu64 "\n", what, value, low);
	else if (high == UINT64_MAX)
		printf("# %s: %" PRIu64 ", and not at least %" PRIu64 "\n", what, value, low);
	else
		printf("# %s: %" PRIu64 ", and not %" PRIu64 " to %" PRIu64 "\n", what, value, low,
		       high);
	return PROMISE_BROKEN;
}

enum promise_result promise_skip(const char *why)
{
	printf("# %s\n", why);
	return PROMISE_SKIP;
}

/* The file of the group of version 2 that this process is in. */
static bool group_file(const char *file, char path[PATH_MAX])
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[256] = "";
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, "0::", 3);
	}
	if (f)
		fclose(f);
	if (found)
		snprintf(path, PATH_MAX, GROUPS "%s/%s", line + 3, file);
	return found;
}

int group_open(const char *file)
{
	char path[PATH_MAX];

	return group_file(file, path) ? open(path, O_RDWR | O_CLOEXEC) : -1;
}

bool group_put(const char *file, const char *text)
{
	char path[PATH_MAX];

	return group_file(file, path) && !kernel_put(path, text);
}

uint64_t group_get(const char *file, const char *key)
{
	size_t n = key ? strlen(key) : 0;
	char path[PATH_MAX], line[128];
	uint64_t value = 0;
	FILE *f = group_file(file, path) ? fopen(path, "re") : NULL;

	while (f && fgets(line, sizeof(line), f))
		if (!key || (!strncmp(line, key, n) && line[n] == ' ')) {
			value = strtoull(line + n, NULL, 10);
			break;
		}
	if (f)
		fclose(f);
	return value;
}

int child_start(void)
{
	int pid;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

void child_end(int pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void wait_ms(unsigned int ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}
