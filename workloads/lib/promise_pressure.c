// SPDX-License-Identifier: GPL-2.0
/* Promises about what gives reservations back, and what does not. */
#include "promise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "holes.h"
#include "kernel_file.h"
#include "memcg.h"
#include "memory_of.h"

#define RANGES 20u
#define PARENT "/sys/fs/cgroup/faultline-parent"

/* Asks for so much of this group; broken if it is not to be had. */
static enum promise_result reclaim(const char *bytes)
{
	if (!memcg_put("memory.reclaim", bytes))
		return PROMISE_KEPT;
	if (!memcg_get(NULL, "memory.current", NULL))
		return promise_skip("no memory cgroup");
	printf("# memory.reclaim: %s were not to be had\n", bytes);
	return PROMISE_BROKEN;
}

/* So much is reclaimed by so many splits. */
static enum promise_result reclaim_splits(const char *bytes, uint64_t low, uint64_t high)
{
	struct counts before = counts_now();
	enum promise_result result = reclaim(bytes);

	if (result != PROMISE_KEPT)
		return result;
	return promise_within("huge pages split", counts_now().split - before.split, low, high);
}

/* Ranges of two pages, of which one goes again. */
static void ranges_end(void)
{
	char *map = ranges_map(RANGES, 2);

	for (size_t i = 0; i < RANGES; i++)
		madvise(range_of(map, i), ALIGNED_PAGE, MADV_DONTNEED);
}

/* The others are still allocated, unused, and there to be had. */
static enum promise_result ended_stay_available(void)
{
	struct counts before = counts_now();
	uint64_t unused = RANGES * (RANGE_PAGES - 2);

	thp_threshold(512);
	ranges_end();
	return promise_within("nr_thp_reserved", counts_now().reserved - before.reserved, unused,
			      unused + 2 * RANGES);
}

static enum promise_result ended_go_first(void)
{
	thp_threshold(512);
	ranges_end();
	return reclaim_splits("8M", 4, 6);
}

/* As many as were asked for, by less than one huge page. */
static enum promise_result reclaim_takes_what_is_asked(void)
{
	thp_threshold(512);
	ranges_map(50, 1);
	return reclaim_splits("4M", 2, 4);
}

/* What is said to be reclaimed was. */
static enum promise_result reclaim_counts_what_is_freed(void)
{
	enum promise_result result;
	uint64_t before, after;

	thp_threshold(512);
	ranges_map(50, 1);
	before = memcg_get(NULL, "memory.current", NULL);
	result = reclaim("16M");
	if (result != PROMISE_KEPT)
		return result;
	after = memcg_get(NULL, "memory.current", NULL);
	return promise_within("bytes reclaimed of 16 MiB", before > after ? before - after : 0,
			      (16 << 20) - 64 * ALIGNED_PAGE, 20 << 20);
}

/* The first who reclaims does not do the work of all: 32 pages are asked for. */
static enum promise_result first_reclaimer_is_bounded(void)
{
	thp_threshold(512);
	ranges_map(100, 1);
	return reclaim_splits("128K", 1, 1);
}

/* Candidates of the shrinker of underused huge pages stay there. */
static enum promise_result underused_are_left_alone(void)
{
	enum promise_result result;
	struct counts before, after;

	if (!thp_put("khugepaged/max_ptes_none", "255"))
		return promise_skip("no khugepaged/max_ptes_none");
	thp_put("shrink_underused", "1");
	thp_threshold(1);
	ranges_map(5, 1);
	thp_threshold(257);
	ranges_map(RANGES, 1);
	before = counts_now();
	result = reclaim("4M");
	if (result != PROMISE_KEPT)
		return result;
	after = counts_now();
	return promise_within("huge pages split as underused", after.underused - before.underused,
			      0, 0);
}

/* A page of each range is in a pipe: nothing can be given back, and that is noticed once. */
static enum promise_result pinned_are_tried_once(void)
{
	uint64_t before, failed, again;
	int pipe_of[2];
	char *map;

	thp_threshold(512);
	before = counts_now().reserved;
	map = ranges_map(RANGES, 1);
	if (pipe(pipe_of) || fcntl(pipe_of[1], F_SETPIPE_SZ, RANGES * 2 * ALIGNED_PAGE) < 0)
		return promise_skip("no pipe of that size");
	for (size_t i = 0; i < RANGES; i++) {
		struct iovec page = { range_of(map, i), ALIGNED_PAGE };

		if (vmsplice(pipe_of[1], &page, 1, SPLICE_F_NONBLOCK) != (ssize_t)ALIGNED_PAGE)
			return promise_skip("vmsplice() does not work here");
	}
	for (int i = 0; i < 4; i++)
		memcg_put("memory.reclaim", "64M");
	if (promise_within("nr_thp_reserved", counts_now().reserved, 0, before + RANGES) !=
	    PROMISE_KEPT)
		return PROMISE_BROKEN;
	failed = counts_now().ended;
	for (int i = 0; i < 4; i++)
		memcg_put("memory.reclaim", "64M");
	again = counts_now().ended;
	return promise_within("reservations that ended later", again - failed, 0, 0);
}

static bool group_new(const char *path, bool parent)
{
	char file[PATH_MAX];

	if (mkdir(path, 0755) && errno != EEXIST)
		return false;
	snprintf(file, sizeof(file), "%s/cgroup.subtree_control", path);
	return !parent || !kernel_put(file, "+memory");
}

/* memory.min of one group, and reclaim in the group above: the other one pays. */
static enum promise_result protected_group_keeps(void)
{
	struct counts before, after;
	enum promise_result r;
	uint64_t kept;

	kernel_put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	if (!group_new(PARENT, true) || !group_new(PARENT "/safe", false) ||
	    !group_new(PARENT "/other", false) || kernel_put(PARENT "/memory.min", "100M") ||
	    kernel_put(PARENT "/safe/memory.min", "100M"))
		return promise_skip("no groups of our own");
	thp_threshold(512);
	kernel_put(PARENT "/safe/cgroup.procs", "0");
	ranges_map(RANGES, 1);
	kernel_put(PARENT "/other/cgroup.procs", "0");
	ranges_map(RANGES, 1);
	before = counts_now();
	kernel_put(PARENT "/memory.reclaim", "60M");
	after = counts_now();
	kept = memcg_get("/faultline-parent/safe", "memory.stat", "thp_reserved") / ALIGNED_PAGE;
	kernel_put("/sys/fs/cgroup/cgroup.procs", "0");
	r = promise_within("reservations that ended", after.ended - before.ended, RANGES, RANGES);
	if (r != PROMISE_KEPT)
		return r;
	return promise_within("pages still reserved in the protected group", kept, RANGES * 510,
			      RANGES * 512);
}

/* Most of memory in single pages, half of them free: no block is left for a huge page. */
static bool fragment(void)
{
	uint64_t kib = memory_info_kib("MemAvailable");
	size_t bytes = (size_t)(kib - kib / 12) * 1024 / ALIGNED_REGION * ALIGNED_REGION;
	char *map;

	thp_put("enabled", "never");
	map = ranges_map(bytes / ALIGNED_REGION, RANGE_PAGES);
	thp_put("enabled", "always");
	return !holes_even(map, bytes);
}

/* Until kswapd is done with what filled memory. */
static void settle(void)
{
	uint64_t runs, last = 0;

	for (int i = 0; i < 20; i++) {
		runs = counts_now().kswapd_runs;
		if (i && runs == last)
			break;
		last = runs;
		wait_ms(500);
	}
}

/* A range that finds no huge page takes nothing from others. */
static enum promise_result failure_wakes_nobody(void)
{
	struct counts before, after;

	thp_threshold(512);
	ranges_map(RANGES, 1);
	if (!fragment() || !thp_put("defrag", "defer"))
		return promise_skip("memory cannot be fragmented");
	settle();
	for (int i = 0; i < 200; i++) { /* the blocks that are left */
		before = counts_now();
		ranges_map(1, 1);
		after = counts_now();
		if (after.failed != before.failed)
			break;
	}
	if (after.failed == before.failed)
		return promise_skip("there is still a huge page");
	wait_ms(500);
	after = counts_now();
	if (promise_within("runs of kswapd", after.kswapd_runs - before.kswapd_runs, 0, 0) !=
	    PROMISE_KEPT)
		return PROMISE_BROKEN;
	return promise_within("reservations that ended", after.ended - before.ended, 0, 0);
}

/* Somebody else wants a huge page and wakes kswapd for it: half of memory is free all the same. */
static enum promise_result large_blocks_end_none(void)
{
	struct counts before, after;

	thp_threshold(512);
	ranges_map(RANGES, 1);
	if (!fragment() || !thp_put("defrag", "defer"))
		return promise_skip("memory cannot be fragmented");
	before = counts_now();
	thp_threshold(1);
	for (int i = 0; i < 200; i++) {
		ranges_map(1, 1);
		if (counts_now().kswapd_runs != before.kswapd_runs)
			break;
	}
	wait_ms(500);
	after = counts_now();
	if (after.kswapd_runs == before.kswapd_runs)
		return promise_skip("kswapd did not run");
	return promise_within("reservations that ended", after.ended - before.ended, 0, 0);
}

/*
 * With the multi-generational LRU a new folio counts as active, which its pages must not when they
 * are freed: a kernel with DEBUG_VM says "Bad page state" then, and keeps them all.  Of those that
 * are freed many stay on lists of the CPUs, which MemFree does not count.
 */
static enum promise_result active_pages_are_freed(void)
{
	enum promise_result result;
	uint64_t before, after;

	if (kernel_put("/sys/kernel/mm/lru_gen/enabled", "7"))
		return promise_skip("no multi-generational LRU");
	thp_threshold(512);
	ranges_map(50, 1);
	before = memory_info_kib("MemFree");
	result = reclaim("32M");
	after = memory_info_kib("MemFree");
	kernel_put("/sys/kernel/mm/lru_gen/enabled", "0");
	if (result != PROMISE_KEPT)
		return result;
	return promise_within("KiB that became free", after > before ? after - before : 0, 4 << 10,
			      40 << 10);
}

const struct promise pressure_promises[] = {
	{ "ended", "what a reservation leaves behind is available", ended_stay_available, false },
	{ "ended-first", "and is given back as early as reservations", ended_go_first, false },
	{ "asked", "memory.reclaim takes what was asked", reclaim_takes_what_is_asked, false },
	{ "counted", "what counts as reclaimed was freed", reclaim_counts_what_is_freed, false },
	{ "active", "pages given back are free with every kind of LRU", active_pages_are_freed,
	  false },
	{ "bounded", "who reclaims 32 pages splits one huge page", first_reclaimer_is_bounded,
	  false },
	{ "underused", "candidates of another shrinker are left alone", underused_are_left_alone,
	  false },
	{ "pinned", "what is held does not count and is tried once", pinned_are_tried_once, false },
	{ "protected", "memory.min protects reservations", protected_group_keeps, false },
	{ "failure", "a reservation that fails wakes nobody", failure_wakes_nobody, true },
	{ "large-blocks", "a want of large blocks ends no reservation", large_blocks_end_none,
	  true },
	{ 0 },
};
