// SPDX-License-Identifier: GPL-2.0
#include "advice.h"
#include "interplay_random.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "interplay_parts.h"
#include "kernel_file.h"
#include "seed.h"

#define RANGES 4
#define REGIONS 3
#define TRAIL 12       /* steps that are told when one went wrong */
#define FULL_CHECK 128 /* steps between checks of everything */

/* Pages of one range. */
struct window {
	struct range *r;
	size_t first, n;
	struct prng *random;
};

/* false: a call failed that must not, errno says how. */
struct op {
	const char *name;
	bool (*fn)(struct window *w);
	unsigned int weight;
};

struct step {
	const char *op;
	size_t range, first, n;
};

struct stress {
	struct range ranges[RANGES];
	struct prng random;
	struct step trail[TRAIL];
	uint64_t done;
};

static void *start_of(const struct window *w)
{
	return range_at(w->r, w->first);
}

/* Advice may be refused: by the kernel, or for want of memory or a huge page. */
static bool hint(struct window *w, int advice)
{
	(void)!madvise(start_of(w), w->n * PAGE, advice);
	return true;
}

static bool write_all(struct window *w)
{
	for (size_t i = 0; i < w->n; i++)
		range_write(w->r, w->first + i);
	return true;
}

static bool write_some(struct window *w)
{
	for (size_t i = 0; i < w->n; i += 1 + prng_below(w->random, 16))
		range_write(w->r, w->first + i);
	return true;
}

static bool look(struct window *w)
{
	(void)w; /* the caller reads all of it */
	return true;
}

static bool give_back(struct window *w)
{
	range_expect(w->r, w->first, w->n, RANGE_ZERO);
	return !madvise(start_of(w), w->n * PAGE, MADV_DONTNEED);
}

static bool free_later(struct window *w)
{
	range_expect(w->r, w->first, w->n, RANGE_EITHER);
	return hint(w, MADV_FREE);
}

static bool page_out(struct window *w)
{
	return hint(w, MADV_PAGEOUT);
}

static bool cold(struct window *w)
{
	return hint(w, MADV_COLD);
}

static bool collapse(struct window *w)
{
	return hint(w, MADV_COLLAPSE);
}

static bool huge(struct window *w)
{
	return hint(w, MADV_HUGEPAGE);
}

static bool no_huge(struct window *w)
{
	return hint(w, MADV_NOHUGEPAGE);
}

static bool map_anew(struct window *w)
{
	range_expect(w->r, w->first, w->n, RANGE_ZERO);
	return mmap(start_of(w), w->n * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

static bool protect(struct window *w)
{
	return !mprotect(start_of(w), w->n * PAGE, PROT_READ) &&
	       !range_check_part(w->r, w->first, w->n, "read-only") &&
	       !mprotect(start_of(w), w->n * PAGE, PROT_READ | PROT_WRITE);
}

/* As many as may be locked. */
static bool lock(struct window *w)
{
	size_t n = w->n < 32 ? w->n : 32;

	if (!mlock(start_of(w), n * PAGE))
		return !munlock(start_of(w), n * PAGE);
	return errno == ENOMEM || errno == EPERM || errno == EAGAIN;
}

/* To a place of the same or another alignment, and back.  What lies in several VMAs stays. */
static bool move(struct window *w)
{
	size_t len = w->n * PAGE, room_len = (w->n / PAGES + 2) * ALIGNED_REGION;
	size_t offset = prng_below(w->random, 2) ? w->first % PAGES : prng_below(w->random, PAGES);
	unsigned char *room = aligned_map(room_len, "room"), *to = room + offset * PAGE;
	bool good;

	if (!room)
		return false;
	if (mremap(start_of(w), len, len, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to)
		good = mremap(to, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, start_of(w)) ==
		       start_of(w);
	else
		good = errno == EFAULT;
	aligned_unmap(room, room_len);
	return good;
}

/* The child sees what was and writes what nobody may see; the parent writes meanwhile. */
static bool split_in_two(struct window *w)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		int bad = range_check(w->r, "child") != 0;

		memset(start_of(w), 0xc1, w->n * PAGE);
		fflush(stdout);
		_exit(bad ? CASE_CORRUPT : CASE_OK);
	}
	if (child < 0)
		return false;
	write_some(w);
	errno = 0;
	return case_wait(child) == CASE_OK;
}

static void *write_odd(void *arg)
{
	const struct window *w = arg;

	for (size_t i = 1; i < w->n; i += 2)
		range_write(w->r, w->first + i);
	return NULL;
}

/* Two threads fault in the same ranges. */
static bool race(struct window *w)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, write_odd, w))
		return false;
	for (size_t i = 0; i < w->n; i += 2)
		range_write(w->r, w->first + i);
	return !pthread_join(thread, NULL);
}

static bool compact(struct window *w)
{
	(void)w;
	kernel_put("/proc/sys/vm/compact_memory", "1");
	return true;
}

static bool renew(struct window *w)
{
	const struct pattern *pattern = w->r->pattern;

	range_close(w->r);
	*w->r = (struct range){ 0 };
	return !range_open(w->r, REGIONS, pattern);
}

static const struct op ops[] = {
	{ "write", write_all, 20 },    { "write-some", write_some, 24 },
	{ "race", race, 12 },          { "read", look, 6 },
	{ "dontneed", give_back, 12 }, { "free", free_later, 4 },
	{ "pageout", page_out, 5 },    { "cold", cold, 3 },
	{ "collapse", collapse, 4 },   { "huge", huge, 4 },
	{ "no-huge", no_huge, 2 },     { "map-anew", map_anew, 6 },
	{ "protect", protect, 5 },     { "mlock", lock, 3 },
	{ "mremap", move, 6 },         { "fork", split_in_two, 5 },
	{ "compact", compact, 1 },     { "renew", renew, 5 },
};

#define OPS (sizeof(ops) / sizeof(ops[0]))

static const struct op *draw_op(struct prng *random)
{
	unsigned int sum = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < OPS; k++)
		sum += ops[k].weight;
	at = (unsigned int)prng_below(random, sum);
	while (at >= ops[i].weight)
		at -= ops[i++].weight;
	return &ops[i];
}

/* One page, a few, up to a whole region, a whole region of its own, or across a border. */
static void draw_window(struct window *w)
{
	static const size_t most[] = { 1, 16, 80, PAGES, 0, PAGES + PAGES / 2 };
	size_t kind = prng_below(w->random, sizeof(most) / sizeof(most[0]));

	if (!most[kind]) {
		w->first = prng_below(w->random, REGIONS) * PAGES;
		w->n = PAGES;
		return;
	}
	w->n = 1 + prng_below(w->random, most[kind]);
	w->first = prng_below(w->random, range_pages(w->r) - w->n + 1);
}

static bool check_all(const struct stress *s)
{
	size_t bad = 0;

	for (size_t i = 0; i < RANGES; i++)
		bad += range_check(&s->ranges[i], "all");
	return !bad;
}

static enum case_result one_step(struct stress *s)
{
	size_t range = prng_below(&s->random, RANGES);
	struct window w = { .r = &s->ranges[range], .random = &s->random };
	const struct op *op = draw_op(&s->random);

	draw_window(&w);
	s->trail[s->done % TRAIL] = (struct step){ op->name, range, w.first, w.n };
	s->done++;
	errno = 0;
	if (!op->fn(&w))
		return errno ? case_failed(op->name) : CASE_CORRUPT;
	if (range_check_part(w.r, w.first, w.n, op->name))
		return CASE_CORRUPT;
	return s->done % FULL_CHECK || check_all(s) ? CASE_OK : CASE_CORRUPT;
}

static void tell_trail(const struct stress *s, uint64_t seed)
{
	uint64_t first = s->done > TRAIL ? s->done - TRAIL : 0;

	printf("seed %" PRIu64 ", the last steps:\n", seed);
	for (uint64_t i = first; i < s->done; i++) {
		const struct step *t = &s->trail[i % TRAIL];

		printf("step %" PRIu64 ": %s range %zu (at %p) pages %zu to %zu\n", i + 1, t->op,
		       t->range, (void *)s->ranges[t->range].map, t->first, t->first + t->n - 1);
	}
}

static bool over(const struct stress *s, const struct interplay_limits *l, time_t start)
{
	struct timespec now;

	if (l->steps && s->done >= l->steps)
		return true;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return l->seconds && (uint64_t)(now.tv_sec - start) >= l->seconds;
}

enum case_result interplay_random(const struct interplay_limits *limits,
				  const struct pattern *pattern, uint64_t *steps)
{
	struct stress s = { .done = 0 };
	enum case_result result = CASE_OK;
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	prng_seed(&s.random, limits->seed, 0);
	for (size_t i = 0; i < RANGES; i++)
		if (range_open(&s.ranges[i], REGIONS, pattern))
			result = case_failed("mmap");
	while (result == CASE_OK && !over(&s, limits, start.tv_sec))
		result = one_step(&s);
	if (result == CASE_OK && !check_all(&s))
		result = CASE_CORRUPT;
	if (result != CASE_OK)
		tell_trail(&s, limits->seed);
	for (size_t i = 0; i < RANGES; i++)
		range_close(&s.ranges[i]);
	*steps = s.done;
	return result;
}
