// SPDX-License-Identifier: GPL-2.0
/* Promises about faults, fork and promotion. */
#include "promise.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel_file.h"
#include "memcg.h"
#include "memory_of.h"

#define TRACING "/sys/kernel/tracing/"
#define THREADS 8u
#define RANGES 20u

static enum promise_result reading_reserves_nothing(void)
{
	struct counts before, after;
	char *map;

	thp_threshold(512);
	before = counts_now();
	map = ranges_map(RANGES, 0);
	for (size_t i = 0; i < RANGES; i++)
		(void)*(volatile char *)range_of(map, i);
	after = counts_now();
	return promise_within("ranges reserved by reading", after.made - before.made, 0, 0);
}

/* A range of which a few pages are used is charged as a whole; memory.stat says how much is unused.
 */
static enum promise_result memory_stat_tells(void)
{
	thp_threshold(512);
	ranges_map(RANGES, 3);
	return promise_within("thp_reserved of memory.stat",
			      memcg_get(NULL, "memory.stat", "thp_reserved"),
			      (RANGES - 1) * 509 * ALIGNED_PAGE, RANGES * 512 * ALIGNED_PAGE);
}

/* With no child left, a write neither copies nor ends the reservation. */
static enum promise_result fork_and_exit_cost_nothing(void)
{
	struct counts before, after;
	enum promise_result r;
	char *map;

	thp_threshold(512);
	map = ranges_map(RANGES, 10);
	before = counts_now();
	child_end(child_start());
	wait_ms(50);
	ranges_write(map, RANGES, 0, 10);
	after = counts_now();
	r = promise_within("reservations that ended", after.ended - before.ended, 0, 0);
	if (r != PROMISE_KEPT)
		return r;
	ranges_write(map, RANGES, 10, 512);
	after = counts_now();
	return promise_within("ranges promoted", after.promoted - before.promoted, RANGES, RANGES);
}

/* With one, the copy ends it, and what it did not use is free a moment later. */
static enum promise_result copies_give_back(void)
{
	struct counts before, after;
	enum promise_result r;
	char *map;
	int child;

	thp_threshold(512);
	map = ranges_map(RANGES, 10);
	before = counts_now();
	child = child_start();
	wait_ms(50);
	ranges_write(map, RANGES, 0, 1);
	for (int i = 0; i < 200 && counts_now().reserved > before.reserved - RANGES * 500; i++)
		wait_ms(100);
	after = counts_now();
	child_end(child);
	r = promise_within("reservations that ended", after.ended - before.ended, RANGES, RANGES);
	if (r != PROMISE_KEPT)
		return r;
	return promise_within("pages charged",
			      memcg_get(NULL, "memory.current", NULL) / ALIGNED_PAGE, 0,
			      RANGES * 12 + 2048);
}

static enum promise_result locked_uses_what_is_reserved(void)
{
	char *map;

	thp_threshold(512);
	map = ranges_map(RANGES, 1);
	if (mlock(map, RANGES * ALIGNED_REGION))
		return promise_skip("mlock() does not work here");
	return promise_within("pages charged",
			      memcg_get(NULL, "memory.current", NULL) / ALIGNED_PAGE, RANGES * 512,
			      RANGES * 512 + 2048);
}

/* max_ptes_none forbids to fill up more than so many pages; a promoted range is not underused. */
static enum promise_result max_ptes_none_is_respected(void)
{
	struct counts before, after;
	enum promise_result r;
	char *map;

	if (!thp_put("khugepaged/max_ptes_none", "255"))
		return promise_skip("no khugepaged/max_ptes_none");
	thp_put("shrink_underused", "0");
	thp_threshold(64);
	before = counts_now();
	map = ranges_map(RANGES, 64);
	after = counts_now();
	r = promise_within("ranges promoted with 448 pages missing",
			   after.promoted - before.promoted, 0, 0);
	if (r != PROMISE_KEPT)
		return r;
	ranges_write(map, RANGES, 64, 257);
	after = counts_now();
	r = promise_within("ranges promoted", after.promoted - before.promoted, RANGES, RANGES);
	if (r != PROMISE_KEPT)
		return r;
	memcg_put("memory.reclaim", "4M");
	after = counts_now();
	return promise_within("huge pages split as underused", after.underused - before.underused,
			      0, 0);
}

static uint64_t read_at(int fd)
{
	char text[32] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? strtoull(text, NULL, 10) : 0;
}

static bool write_at(int fd, uint64_t bytes)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%" PRIu64, bytes);

	return pwrite(fd, text, (size_t)n, 0) == n;
}

/*
 * Limits the group to what it uses: first below what it has charged, which makes the kernel count
 * what it keeps for the next charges, then to what is left.  Files that have been read once take
 * no more memory.  Returns the file of the limit, or -1.
 */
static int limit_to_current(void)
{
	int max = memcg_open("memory.max"), current = memcg_open("memory.current");

	if (max < 0 || !read_at(current) || !write_at(max, read_at(current) - ALIGNED_PAGE) ||
	    !write_at(max, read_at(current)))
		return -1;
	return max;
}

/* Pages of another mapping, so that some are kept for the next charges. */
static void fill_stock(void)
{
	char *other = aligned_map(16 * ALIGNED_PAGE, NULL);
	uint64_t before = memcg_get(NULL, "memory.current", NULL);

	for (size_t i = 0; other && i < 16; i++) {
		*(volatile char *)(other + i * ALIGNED_PAGE) = 1;
		if (memcg_get(NULL, "memory.current", NULL) > before + 32 * ALIGNED_PAGE)
			break;
	}
}

/* The fault that reaches the threshold may fail to promote, but takes no memory that is not there.
 */
static enum promise_result promotion_kills_nobody(void)
{
	struct counts before, after;
	uint64_t kills, hits;
	char *map;
	int max;

	thp_threshold(64);
	map = ranges_map(1, 63);
	before = counts_now();
	fill_stock();
	hits = memcg_get(NULL, "memory.events", "max");
	max = limit_to_current();
	if (max < 0)
		return promise_skip("no memory.max");
	ranges_write(map, 1, 63, 64);
	if (pwrite(max, "max", 3, 0) != 3)
		return promise_skip("the limit stays");
	after = counts_now();
	kills = memcg_get(NULL, "memory.events", "oom_kill");
	if (promise_within("kills", kills, 0, 0) != PROMISE_KEPT)
		return PROMISE_BROKEN;
	if (promise_within("reclaim at the limit", memcg_get(NULL, "memory.events", "max") - hits,
			   0, 0) != PROMISE_KEPT)
		return PROMISE_BROKEN;
	return promise_within("reservations that ended", after.ended - before.ended, 0, 0);
}

static struct {
	char *map;
	pthread_barrier_t start;
} shared;

#define SHARED_RANGES 64u

static void *fill_every_eighth(void *arg)
{
	unsigned int nr = (unsigned int)(uintptr_t)arg;

	for (size_t i = 0; i < SHARED_RANGES; i++) {
		pthread_barrier_wait(&shared.start);
		for (unsigned int page = nr; page < 256; page += THREADS)
			*(volatile char *)(range_of(shared.map, i) + page * ALIGNED_PAGE) = 1;
	}
	return NULL;
}

static void fill_by_threads(void)
{
	pthread_t threads[THREADS];

	shared.map = ranges_map(SHARED_RANGES, 0);
	pthread_barrier_init(&shared.start, NULL, THREADS);
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, fill_every_eighth, (void *)i);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static enum promise_result threads_miss_no_promotion(void)
{
	struct counts before, after;

	thp_threshold(64);
	before = counts_now();
	fill_by_threads();
	after = counts_now();
	return promise_within("ranges promoted, of those that threads fill together",
			      after.promoted - before.promoted, SHARED_RANGES, SHARED_RANGES);
}

static enum promise_result threads_fault_once(void)
{
	struct rusage before, after;

	thp_threshold(512);
	getrusage(RUSAGE_SELF, &before);
	fill_by_threads();
	getrusage(RUSAGE_SELF, &after);
	return promise_within("faults that count as major",
			      (uint64_t)(after.ru_majflt - before.ru_majflt), 0, 0);
}

static unsigned int cleared_in_vain(void)
{
	FILE *f = fopen(TRACING "trace", "re");
	unsigned int most = 0, cleared;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, "cleared=");

		if (at && !strstr(line, "result=0") && sscanf(at, "cleared=%u", &cleared) == 1 &&
		    cleared > most)
			most = cleared;
	}
	if (f)
		fclose(f);
	return most;
}

/* A child that shares the pages is in khugepaged's way: it must look before it clears. */
static enum promise_result looks_before_it_clears(void)
{
	unsigned int cleared;
	int child;

	if (access(TRACING "trace", F_OK))
		mount("tracefs", TRACING, "tracefs", 0, NULL);
	thp_threshold(512);
	ranges_map(RANGES, 100);
	child = child_start();
	if (kernel_put(TRACING "events/thp_reserve/thp_res_promote/enable", "1")) {
		child_end(child);
		return promise_skip("no tracepoint thp_res_promote");
	}
	khugepaged_hurry();
	thp_threshold(64);
	wait_ms(1500);
	cleared = cleared_in_vain();
	kernel_put(TRACING "events/thp_reserve/thp_res_promote/enable", "0");
	child_end(child);
	return promise_within("pages cleared for a promotion that failed", cleared, 0, 0);
}

/* Reserved, then filled with other pages while the threshold is 1: collapsed like any range. */
static enum promise_result mixed_ranges_are_collapsed(void)
{
	struct memory_of m = { 0 };
	char *map;

	thp_threshold(512);
	map = ranges_map(RANGES, 1);
	thp_threshold(1);
	ranges_write(map, RANGES, 1, 512);
	khugepaged_hurry();
	for (int i = 0; i < 200 && m.anon_huge_kib < RANGES * 2048; i++) {
		wait_ms(100);
		memory_of_range(map, RANGES * ALIGNED_REGION, &m);
	}
	return promise_within("KiB in huge pages", m.anon_huge_kib, RANGES * 2048, RANGES * 2048);
}

const struct promise fault_promises[] = {
	{ "reading", "a read reserves nothing", reading_reserves_nothing, false },
	{ "memory-stat", "memory.stat tells what is reserved and not used", memory_stat_tells,
	  false },
	{ "fork-exit", "a fork whose child is gone costs no reservation",
	  fork_and_exit_cost_nothing, false },
	{ "fork-copy", "what a copy after fork leaves unused goes back at once", copies_give_back,
	  false },
	{ "mlock", "locked memory uses what was reserved before", locked_uses_what_is_reserved,
	  false },
	{ "max-ptes-none", "no more is filled up than khugepaged may", max_ptes_none_is_respected,
	  false },
	{ "no-kill", "promotion at a memory limit kills nobody", promotion_kills_nobody, false },
	{ "threads", "threads that fill a range together miss no promotion",
	  threads_miss_no_promotion, false },
	{ "minor", "faults that wait for each other are not major", threads_fault_once, false },
	{ "look-first", "nothing is cleared for a promotion that cannot be", looks_before_it_clears,
	  false },
	{ "mixed", "a range with pages of others is collapsed like any", mixed_ranges_are_collapsed,
	  false },
	{ 0 },
};
