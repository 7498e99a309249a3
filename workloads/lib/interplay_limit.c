// SPDX-License-Identifier: GPL-2.0
/* Interplay cases: a child at the limit of a memory cgroup of its own. */
#include "interplay_parts.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memcg.h"
#include "memory_of.h"

#define REGIONS 16u
#define LIMIT ((uint64_t)20 << 20) /* of the 32 MiB that REGIONS are */
#define OWN ((uint64_t)12 << 20)   /* a process and its page tables */

static unsigned int touched(const struct range *r)
{
	unsigned int n = 0;

	for (size_t i = 0; i < PAGES; i++)
		n += r->pages[MIDDLE + i] == RANGE_FULL;
	return n;
}

/* As many pages of each region as the parent touched. */
static int open_own(struct range *own, const struct range *r)
{
	if (range_open(own, REGIONS, r->pattern))
		return -1;
	for (size_t region = 0; region < REGIONS; region++)
		range_touch(own, region, touched(r), RANGE_SCATTERED);
	return 0;
}

static enum case_result live_within(const struct range *r, bool swap)
{
	enum case_result result = CASE_OK;
	struct range own = { 0 };

	if (open_own(&own, r))
		return case_failed("mmap");
	if (range_check(&own, "in a cgroup"))
		result = CASE_CORRUPT;
	if (swap && result == CASE_OK) {
		range_fill_up(&own);
		if (range_check(&own, "in a full cgroup"))
			result = CASE_CORRUPT;
	}
	range_close(&own);
	return result;
}

/* What does not fit goes to swap; without it only unused pages are more than the limit. */
enum case_result memcg_limit(struct range *r)
{
	uint64_t dense = (uint64_t)REGIONS * touched(r) * PAGE + OWN;
	bool swap = memory_info_kib("SwapTotal") >= 64 << 10;
	struct memcg_group group;
	enum case_result result;
	pid_t child;

	if (memcg_new(&group, swap || dense < LIMIT ? LIMIT : dense, UINT64_MAX))
		return case_skip(r, "no memory cgroup of our own");
	fflush(stdout);
	child = fork();
	if (!child) {
		result = memcg_join(&group) ? CASE_FAILED : live_within(r, swap);
		fflush(stdout);
		_exit(result);
	}
	result = case_wait(child);
	memcg_free(&group);
	return result;
}

static void grow_until_killed(const struct range *r)
{
	struct range own = { 0 }, more = { 0 };

	if (open_own(&own, r) || range_open(&more, REGIONS, r->pattern))
		return;
	range_fill_up(&more);
	range_fill_up(&own);
}

/* The caller looks whether the reservations came back. */
enum case_result oom_kill(struct range *r)
{
	struct memcg_group group;
	uint64_t kills;
	pid_t child;
	int status = 0;

	if (memcg_new(&group, LIMIT, 0))
		return case_skip(r, "no memory cgroup of our own");
	fflush(stdout);
	child = fork();
	if (!child) {
		if (!memcg_join(&group))
			grow_until_killed(r);
		_exit(1);
	}
	waitpid(child, &status, 0);
	kills = memcg_kills(&group);
	memcg_free(&group);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && kills)
		return CASE_OK;
	printf("the child was not killed: status %#x\n", (unsigned int)status);
	return CASE_FAILED;
}
