// SPDX-License-Identifier: GPL-2.0
/* A round: pages are written, tasks do their operations at once, all is looked at. */
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel_file.h"
#include "pace.h"

#define WORDS (ALIGNED_PAGE / sizeof(uint64_t))
#define LINE 8 /* words: one of each cache line is looked at */

struct race {
	struct race_limits limits;
	unsigned char *at;
	struct prng random;
	const struct race_op *ops[RACE_TASKS];
	struct race_part parts[RACE_TASKS];
	enum race_outcome outcomes[RACE_TASKS];
	uint64_t delay[RACE_TASKS]; /* ns from the start of the round */
	uint64_t takes[RACE_TASKS]; /* ns, as of late */
	uint64_t salt;              /* of the round's stamps */
	uint8_t before[RACE_PAGES]; /* RACE_ZERO or RACE_OLD */
	uint16_t after[RACE_PAGES], during[RACE_PAGES];
	pthread_t threads[RACE_TASKS];
	atomic_uint round, finished;
	atomic_bool over;
};

/* --- stamps --- */

/* what: 0, the old contents; a task's number and 1. */
static uint64_t stamp_of(const struct race *r, size_t page, unsigned int what)
{
	return seed_mix(r->salt + page * 64 + what) | 1;
}

static void fill(void *to, uint64_t stamp)
{
	uint64_t *words = to;

	for (size_t i = 0; i < WORDS; i++)
		*(volatile uint64_t *)&words[i] = stamp;
}

static unsigned int held_by(const struct race *r, size_t page, uint64_t word)
{
	if (!word)
		return RACE_ZERO;
	if (word == stamp_of(r, page, 0))
		return RACE_OLD;
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		if (word == stamp_of(r, page, t + 1))
			return RACE_NEW(t);
	return 0;
}

/* "zero, its old contents or what task 1 wrote" */
static const char *words_of(unsigned int set, char *text, size_t room)
{
	size_t at = 0;

	*text = '\0';
	for (unsigned int bit = 1; bit < RACE_NEW(RACE_TASKS) && at < room; bit <<= 1) {
		const char *joint = at ? " or " : "";

		if (!(set & bit))
			continue;
		if (bit == RACE_ZERO)
			at += (size_t)snprintf(text + at, room - at, "%szero", joint);
		else if (bit == RACE_OLD)
			at += (size_t)snprintf(text + at, room - at, "%sits old contents", joint);
		else
			at += (size_t)snprintf(text + at, room - at, "%swhat task %d wrote", joint,
					       __builtin_ctz(bit) - 2);
	}
	return *text ? text : "something that nobody wrote there in this round";
}

/* --- for operations --- */

unsigned char *race_page(const struct race_part *p, size_t page)
{
	return p->race->at + page * ALIGNED_PAGE;
}

size_t race_len(const struct race_part *p)
{
	return p->n * ALIGNED_PAGE;
}

void race_stamp(const struct race_part *p, size_t page, void *to)
{
	fill(to, stamp_of(p->race, page, p->task + 1));
}

enum race_outcome race_skip(struct race_part *p, const char *why)
{
	snprintf(p->why, sizeof(p->why), "%s", why);
	return RACE_SKIP;
}

enum race_outcome race_broken(struct race_part *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p->why, sizeof(p->why), format, args);
	va_end(args);
	return RACE_BROKEN;
}

static bool look(const struct race *r, size_t page, const void *at, unsigned int may, char *why,
		 size_t room)
{
	const volatile uint64_t *words = at;
	char held[120], wanted[120];

	for (size_t i = 0; i < WORDS; i += LINE) {
		uint64_t word = words[i];
		unsigned int is = held_by(r, page, word);

		if (is & may)
			continue;
		snprintf(why, room,
			 "page %zu (%p), byte %zu: read %s (0x%016" PRIx64 "), promised %s", page,
			 (const void *)(r->at + page * ALIGNED_PAGE), i * sizeof(uint64_t),
			 words_of(is, held, sizeof(held)), word,
			 words_of(may, wanted, sizeof(wanted)));
		return false;
	}
	return true;
}

enum race_outcome race_see(struct race_part *p, size_t page, const void *at)
{
	return look(p->race, page, at, p->race->during[page], p->why, sizeof(p->why)) ? RACE_DONE
										      : RACE_BROKEN;
}

bool race_stays(const struct race_part *p, size_t page)
{
	return !(p->race->during[page] & RACE_ZERO);
}

static bool any(const struct race *r, unsigned int flag)
{
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		if (r->ops[t]->flags & flag)
			return true;
	return false;
}

bool race_swaps(const struct race_part *p)
{
	return any(p->race, RACE_SWAPS);
}

bool race_alone(const struct race_part *p)
{
	return any(p->race, RACE_ALONE);
}

bool race_locks(const struct race_part *p)
{
	return any(p->race, RACE_LOCKS);
}

/* --- what may be there --- */

static unsigned int made_of(unsigned int set, const struct race_op *op, unsigned int task)
{
	switch (op->effect) {
	case RACE_ZEROES:
		return RACE_ZERO;
	case RACE_MAY_ZERO:
		return set | RACE_ZERO;
	case RACE_WRITES:
		return RACE_NEW(task);
	case RACE_KEEPS:
		break;
	}
	return set;
}

static bool has(const struct race_part *p, size_t page)
{
	return page >= p->first && page - p->first < p->n;
}

/* In which order is open: of two, either; of more, whatever one of them may make last. */
static void foresee(struct race *r, size_t page)
{
	unsigned int during = r->before[page], last = 0, n = 0;

	for (unsigned int round = 0; round < r->limits.tasks; round++)
		for (unsigned int t = 0; t < r->limits.tasks; t++)
			if (has(&r->parts[t], page))
				during |= made_of(during, r->ops[t], t);
	for (unsigned int t = 0; t < r->limits.tasks; t++) {
		if (!has(&r->parts[t], page))
			continue;
		n++;
		for (unsigned int u = 0; u < r->limits.tasks; u++)
			if (u != t && has(&r->parts[u], page))
				last |= made_of(made_of(r->before[page], r->ops[u], u), r->ops[t],
						t);
	}
	for (unsigned int t = 0; n == 1 && t < r->limits.tasks; t++)
		if (has(&r->parts[t], page))
			last = made_of(r->before[page], r->ops[t], t);
	r->during[page] = (uint16_t)during;
	r->after[page] = (uint16_t)(!n ? r->before[page] : n > 2 ? during : last);
}

/* --- a round --- */

/* One short of the threshold: the next page makes the range huge.  Or none, or all, or any. */
static unsigned int draw_touched(struct race *r)
{
	unsigned int t = kernel_threshold();

	if (r->limits.touched)
		return r->limits.touched;
	if (t > 1 && prng_below(&r->random, 4))
		return t - 1;
	switch (prng_below(&r->random, 4)) {
	case 0:
		return RACE_PAGES;
	case 1:
		return RACE_PAGES - 1;
	default:
		return (unsigned int)prng_below(&r->random, RACE_PAGES);
	}
}

/* Each task has a share of its own, or all have the same pages. */
static void share_out(struct race *r)
{
	unsigned int n = r->limits.tasks;
	size_t each = RACE_PAGES / n, first = prng_below(&r->random, RACE_PAGES / 2);
	bool shared = !any(r, RACE_ALONE) && !prng_below(&r->random, 3);

	for (unsigned int t = 0; t < n; t++) {
		struct race_part *p = &r->parts[t];

		p->first = shared ? first : ((t + r->salt) % n) * each;
		p->n = shared ? RACE_PAGES / 2 : each;
		if (!prng_below(&r->random, 3)) /* a few of them */
			p->n = 1 + prng_below(&r->random, 16);
	}
}

/* Spread evenly over the range, so that every share has some. */
static bool prepare_pages(struct race *r)
{
	unsigned int touched = draw_touched(r);

	if (mmap(r->at, ALIGNED_REGION, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return false;
	aligned_ask_huge(r->at, ALIGNED_REGION);
	for (size_t i = 0; i < RACE_PAGES; i++) {
		bool old = (i + 1) * touched / RACE_PAGES > i * touched / RACE_PAGES;

		r->before[i] = old ? RACE_OLD : RACE_ZERO;
		if (old)
			fill(r->at + i * ALIGNED_PAGE, stamp_of(r, i, 0));
	}
	for (size_t i = 0; i < RACE_PAGES; i++)
		foresee(r, i);
	return true;
}

/* So that each begins at any moment of the other. */
static void draw_delays(struct race *r)
{
	uint64_t most = 0;

	for (unsigned int t = 0; t < r->limits.tasks; t++)
		most = r->takes[t] > most ? r->takes[t] : most;
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		r->delay[t] = prng_below(&r->random, most > r->takes[t] ? most : most / 8 + 1);
}

static void act(struct race *r, unsigned int t, uint64_t start)
{
	struct race_part *p = &r->parts[t];

	while (pace_now_ns() < start + r->delay[t])
		;
	p->began = pace_now_ns();
	r->outcomes[t] = r->ops[t]->fn(p);
	p->ended = pace_now_ns();
}

static void *task(void *arg)
{
	struct race_part *p = arg;
	struct race *r = p->race;
	unsigned int seen = 0;

	for (;;) {
		unsigned int round, spins = 0;

		while ((round = atomic_load(&r->round)) == seen)
			if (++spins > 20000) /* there may be fewer CPUs than tasks */
				sched_yield();
		if (atomic_load(&r->over))
			return NULL;
		seen = round;
		act(r, p->task, pace_now_ns());
		atomic_fetch_add(&r->finished, 1);
	}
}

static bool let_go(struct race *r)
{
	for (unsigned int t = 0; t < r->limits.tasks; t++) {
		*r->parts[t].why = '\0';
		if (r->ops[t]->prepare && r->ops[t]->prepare(&r->parts[t]) != RACE_DONE)
			return false;
	}
	atomic_store(&r->finished, 1);
	atomic_fetch_add(&r->round, 1);
	act(r, 0, pace_now_ns());
	while (atomic_load(&r->finished) < r->limits.tasks)
		sched_yield();
	return true;
}

static bool met(const struct race *r)
{
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		for (unsigned int u = 0; u < t; u++)
			if (r->parts[t].began < r->parts[u].ended &&
			    r->parts[u].began < r->parts[t].ended)
				return true;
	return false;
}

/* Was it written before, or is it a task's? */
static bool concerns(const struct race *r, size_t page)
{
	bool concerned = r->before[page] == RACE_OLD;

	for (unsigned int t = 0; t < r->limits.tasks; t++)
		concerned |= has(&r->parts[t], page);
	return concerned;
}

/* Says the first wrong page; what an operation saw itself comes before. */
static bool judge(struct race *r, char *why, size_t room)
{
	for (unsigned int t = 0; t < r->limits.tasks; t++) {
		if (r->outcomes[t] != RACE_BROKEN)
			continue;
		snprintf(why, room, "%s (task %u): %s", r->ops[t]->name, t, r->parts[t].why);
		return false;
	}
	for (size_t i = 0; i < RACE_PAGES; i++)
		if (concerns(r, i) && !look(r, i, r->at + i * ALIGNED_PAGE, r->after[i], why, room))
			return false;
	return true;
}

static const char *skipped(const struct race *r)
{
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		if (r->outcomes[t] == RACE_SKIP)
			return r->parts[t].why;
	return NULL;
}

static void one_round(struct race *r, struct race_count *count, uint64_t began_ns)
{
	char why[300];
	const char *skip;

	r->salt = prng_next(&r->random);
	share_out(r);
	draw_delays(r);
	if (!prepare_pages(r) || !let_go(r)) {
		snprintf(count->skip, sizeof(count->skip), "%s",
			 *r->parts[0].why ? r->parts[0].why : strerror(errno));
		return;
	}
	skip = skipped(r);
	if (skip) {
		snprintf(count->skip, sizeof(count->skip), "%s", skip);
		return;
	}
	count->rounds++;
	count->met += met(r);
	count->operations += r->limits.tasks;
	for (unsigned int t = 0; t < r->limits.tasks; t++)
		r->takes[t] += (r->parts[t].ended - r->parts[t].began) / 4 - r->takes[t] / 4;
	if (judge(r, why, sizeof(why)))
		return;
	if (count->violations++)
		return;
	count->first_ns = pace_now_ns() - began_ns;
	snprintf(count->first, sizeof(count->first), "round %" PRIu64 " (%.1f s): %s",
		 count->rounds, (double)count->first_ns / 1e9, why);
}

void race_hunt(struct race *r, const struct race_op *a, const struct race_op *b, uint64_t ns,
	       struct race_count *count)
{
	uint64_t began = pace_now_ns(), end = began + ns;

	memset(count, 0, sizeof(*count));
	if (!r->limits.machine && ((a->flags | b->flags) & RACE_MACHINE))
		snprintf(count->skip, sizeof(count->skip), "only with --machine");
	for (unsigned int t = 0; t < r->limits.tasks; t++) {
		r->ops[t] = t % 2 ? b : a;
		r->takes[t] = 0;
	}
	while (!*count->skip && !(r->limits.first && count->violations) &&
	       (r->limits.rounds ? count->rounds < r->limits.rounds : pace_now_ns() < end))
		one_round(r, count, began);
}

/* --- life --- */

static bool part_open(struct race *r, unsigned int t)
{
	struct race_part *p = &r->parts[t];

	*p = (struct race_part){ .race = r, .task = t, .uffd = -1, .pagemap = -1 };
	prng_seed(&p->random, r->limits.seed, t + 1);
	p->room = aligned_map(ALIGNED_REGION, "room");
	p->copy = aligned_map(ALIGNED_REGION, "copy");
	if (p->copy)
		madvise(p->copy, ALIGNED_REGION, MADV_NOHUGEPAGE);
	return p->room && p->copy && !pipe2(p->pipe, O_CLOEXEC);
}

int race_open(struct race **race, const struct race_limits *limits)
{
	struct race *r = calloc(1, sizeof(*r));

	*race = NULL;
	if (!r)
		return -ENOMEM;
	r->limits = *limits;
	prng_seed(&r->random, limits->seed, 0);
	r->at = aligned_map(ALIGNED_REGION, "race");
	if (!r->at)
		return -errno;
	for (unsigned int t = 0; t < limits->tasks; t++)
		if (!part_open(r, t))
			return -errno;
	for (unsigned int t = 1; t < limits->tasks; t++)
		if (pthread_create(&r->threads[t], NULL, task, &r->parts[t]))
			return -EAGAIN;
	*race = r;
	return 0;
}

void race_close(struct race *r)
{
	atomic_store(&r->over, true);
	atomic_fetch_add(&r->round, 1);
	for (unsigned int t = 1; t < r->limits.tasks; t++)
		pthread_join(r->threads[t], NULL);
	aligned_unmap(r->at, ALIGNED_REGION);
	for (unsigned int t = 0; t < r->limits.tasks; t++) {
		struct race_part *p = &r->parts[t];

		aligned_unmap(p->room, ALIGNED_REGION);
		aligned_unmap(p->copy, ALIGNED_REGION);
		close(p->pipe[0]);
		close(p->pipe[1]);
		if (p->uffd >= 0)
			close(p->uffd);
		if (p->pagemap >= 0)
			close(p->pagemap);
	}
	free(r);
}
