// SPDX-License-Identifier: GPL-2.0
#include "promise.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_file.h"
#include "memory_of.h"

#define THP "/sys/kernel/mm/transparent_hugepage/"

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

void khugepaged_hurry(void)
{
	thp_put("khugepaged/pages_to_scan", "65536");
	thp_put("khugepaged/scan_sleep_millisecs", "50");
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
	usleep(ms * 1000);
}
