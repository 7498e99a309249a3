// SPDX-License-Identifier: GPL-2.0
/*
 * micromm: system calls that shape memory, one operation after another, some hundred times each, on
 * memory that is made anew for each call, so that no call finds what the one before it left.
 *
 * What lies between the two stamps is the call alone.  A call into which a timer tick fell, or in
 * which the task lost its CPU, is no property of the operation: it is left out of the mean, unless
 * most calls are such.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/advice.h"
#include "lib/aligned.h"
#include "lib/latency.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/timed.h"

#define SIZE_MAX_BYTES (UINT64_C(1) << 34)
#define PAIRS 64 /* of stamps with nothing between them: the least is what the clock costs */

struct micromm_options {
	struct options_common common;
	const char *ops;
	uint64_t rounds, size, pages;
	bool base, huge, populate, untouched;
};

#define AT(field) offsetof(struct micromm_options, field)

static const struct option_spec specs[] = {
	{ "base", 0, NULL, "madvise(MADV_NOHUGEPAGE) the memory", OPTION_FLAG, AT(base), 0, 0 },
	{ "madvise", 0, NULL, "madvise(MADV_HUGEPAGE) the memory", OPTION_FLAG, AT(huge), 0, 0 },
	{ "op", 0, "NAME[,NAME...]|all", "operations, in this order (default all)", OPTION_TEXT,
	  AT(ops), 0, 0 },
	{ "pages", 0, "N", "instead of --size: so many pages of 4k", OPTION_NUMBER, AT(pages), 1,
	  SIZE_MAX_BYTES / 4096 },
	{ "populate", 0, NULL, "mmap with MAP_POPULATE", OPTION_FLAG, AT(populate), 0, 0 },
	{ "rounds", 0, "N", "calls of each operation (default 200)", OPTION_NUMBER, AT(rounds), 1,
	  10000000 },
	{ "size", 0, "SIZE", "memory of a call, in whole pages of 4k (default 64k)", OPTION_SIZE,
	  AT(size), 4096, SIZE_MAX_BYTES },
	{ "untouched", 0, NULL, "do not write to the memory before the call", OPTION_FLAG,
	  AT(untouched), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "micromm",
	.synopsis = "[OPTIONS]",
	.summary = "Time system calls that shape memory, each some hundred times.",
	.notes = "Operations:\n"
		 "  cold, dontneed, free, pageout   madvise of the touched memory\n"
		 "  collapse    MADV_COLLAPSE of whole 2m that begin with the touched memory\n"
		 "  exit        from a child's _exit() to the end of the parent's wait; the child "
		 "has\n"
		 "              touched a page of each 2m, as many as SIZE has pages: page tables\n"
		 "  fork        fork() in the parent\n"
		 "  mlock       mlock() of the touched memory\n"
		 "  mmap        mmap() of private anonymous memory\n"
		 "  mprotect    to read only, and back: two calls a round\n"
		 "  mremap      moves the touched memory\n"
		 "  munmap      munmap() of the touched memory\n"
		 "  populate    MADV_POPULATE_WRITE of untouched memory\n"
		 "\n"
		 "Prints the mean of each operation as op_time_NAME_call and op_time_NAME_page, in "
		 "ns of the\n"
		 "clock, without the calls that a timer tick fell into or that lost the CPU, "
		 "unless most did.\n",
	.options = specs,
};

struct work;

struct op {
	const char *name;
	bool fresh;   /* on memory that nobody has touched, whatever the options say */
	bool regions; /* on whole huge-page-sized regions */
	bool no_map;  /* on none: it maps, or a child does */
	bool twice;   /* the call is made once more, with turn 1 */
	int (*call)(struct work *w, unsigned int turn);
	int advice;                   /* for call_advice() */
	int (*after)(struct work *w); /* NULL: nothing is left */
};

struct seen {
	uint64_t start, tick;
};

struct work {
	const struct micromm_options *o;
	const struct op *op;
	struct latency_task *latency;
	unsigned char *at, *to; /* holes between inaccessible pages: here it lives, there it goes */
	size_t size;            /* what is touched */
	size_t len;             /* what the call works on */
	size_t room;            /* of a hole */
	unsigned char *map;     /* NULL: there is none */
	struct seen *seen;      /* by a child: shared */
	uint64_t clock_cost;
	uint64_t start, tick; /* just before the call */
	pid_t child;
};

/* Of the calls of one operation: [1] those that a tick or another task fell into. */
struct times {
	uint64_t calls[2], ns[2];
};

static int failed(const char *what)
{
	fprintf(stderr, "micromm: %s: %s\n", what, strerror(errno));
	return 1;
}

static uint64_t coarse_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void touch(const struct work *w, unsigned char *map, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		if (w->latency)
			latency_touch(w->latency,
				      i % ALIGNED_REGION ? LATENCY_BASE : LATENCY_REGION, map + i,
				      1);
		else
			*(volatile unsigned char *)(map + i) = 1;
	latency_settle(w->latency);
}

static void *map_at(void *at, size_t len, int flags)
{
	void *map = mmap(at, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | flags, -1, 0);

	return map == MAP_FAILED ? NULL : map;
}

static int advise_pages(const struct micromm_options *o, void *map, size_t len, bool base)
{
	if (base && madvise(map, len, MADV_NOHUGEPAGE) && errno != EINVAL)
		return failed("madvise");
	return o->huge && aligned_ask_huge(map, len) ? failed("madvise") : 0;
}

static int call_advice(struct work *w, unsigned int turn)
{
	(void)turn;
	return madvise(w->map, w->len, w->op->advice);
}

static int call_mlock(struct work *w, unsigned int turn)
{
	(void)turn;
	return mlock(w->map, w->len);
}

static int call_mmap(struct work *w, unsigned int turn)
{
	(void)turn;
	w->map = map_at(w->at, w->len, w->o->populate ? MAP_POPULATE : 0);
	return w->map ? 0 : -1;
}

static int call_mprotect(struct work *w, unsigned int turn)
{
	return mprotect(w->map, w->len, turn ? PROT_READ | PROT_WRITE : PROT_READ);
}

static int call_mremap(struct work *w, unsigned int turn)
{
	void *map = mremap(w->map, w->len, w->len, MREMAP_MAYMOVE | MREMAP_FIXED, w->to);

	(void)turn;
	if (map != w->to)
		return -1;
	w->map = map;
	return 0;
}

static int call_munmap(struct work *w, unsigned int turn)
{
	int bad = munmap(w->map, w->len);

	(void)turn;
	w->map = bad ? w->map : NULL;
	return bad;
}

static int call_fork(struct work *w, unsigned int turn)
{
	(void)turn;
	w->child = fork();
	if (!w->child)
		_exit(0);
	return w->child < 0 ? -1 : 0;
}

static int reap(struct work *w)
{
	int status;

	while (waitpid(w->child, &status, 0) < 0)
		if (errno != EINTR)
			return failed("waitpid");
	w->child = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	fprintf(stderr, "micromm: a child %s %d\n", WIFEXITED(status) ? "failed with" : "died of",
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return 1;
}

/* A page of each region, so that each has a page table; its exit frees them. */
static void be_sparse(struct work *w)
{
	size_t len = w->size / ALIGNED_PAGE * ALIGNED_REGION;
	unsigned char *map;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	w->latency = NULL;
	map = aligned_map(len, NULL);
	if (!map || advise_pages(w->o, map, len, !w->o->huge))
		_exit(failed("a child's memory"));
	if (!w->o->untouched)
		touch(w, map, len, ALIGNED_REGION);
	w->seen->tick = coarse_ns();
	w->seen->start = pace_now_ns();
	_exit(0);
}

/* Most of it is not timed: the start is the child's. */
static int call_exit(struct work *w, unsigned int turn)
{
	(void)turn;
	w->child = fork();
	if (!w->child)
		be_sparse(w);
	if (w->child < 0 || reap(w))
		return -1;
	w->start = w->seen->start;
	w->tick = w->seen->tick;
	return 0;
}

static const struct op ops[] = {
	{ .name = "cold", .call = call_advice, .advice = MADV_COLD },
	{ .name = "collapse", .regions = true, .call = call_advice, .advice = MADV_COLLAPSE },
	{ .name = "dontneed", .call = call_advice, .advice = MADV_DONTNEED },
	{ .name = "exit", .no_map = true, .call = call_exit },
	{ .name = "fork", .call = call_fork, .after = reap },
	{ .name = "free", .call = call_advice, .advice = MADV_FREE },
	{ .name = "mlock", .call = call_mlock },
	{ .name = "mmap", .no_map = true, .call = call_mmap },
	{ .name = "mprotect", .twice = true, .call = call_mprotect },
	{ .name = "mremap", .call = call_mremap },
	{ .name = "munmap", .call = call_munmap },
	{ .name = "pageout", .call = call_advice, .advice = MADV_PAGEOUT },
	{ .name = "populate", .fresh = true, .call = call_advice, .advice = MADV_POPULATE_WRITE },
};

#define N_OPS (sizeof(ops) / sizeof(ops[0]))

/* The memory that the call finds.  What is to be collapsed must not be huge before. */
static int prepare(struct work *w)
{
	bool touched = !w->op->fresh && !w->o->untouched;

	w->map = NULL;
	if (w->op->no_map)
		return 0;
	w->map = map_at(w->at, w->len, 0);
	if (!w->map)
		return failed("mmap");
	if (advise_pages(w->o, w->map, w->len, w->o->base || w->op->regions))
		return 1;
	if (touched)
		touch(w, w->map, w->size, ALIGNED_PAGE);
	if (w->op->regions && aligned_ask_huge(w->map, w->len))
		return failed("madvise");
	return 0;
}

static int clean_up(struct work *w)
{
	if (w->op->after && w->op->after(w))
		return 1;
	return w->map && munmap(w->map, w->len) ? failed("munmap") : 0;
}

static long preemptions(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) ? 0 : usage.ru_nivcsw;
}

static int time_call(struct work *w, unsigned int turn, struct times *t)
{
	long lost = preemptions();
	uint64_t end, took;
	bool disturbed;
	int bad;

	w->tick = coarse_ns();
	w->start = pace_now_ns();
	bad = w->op->call(w, turn);
	end = pace_now_ns();
	if (bad)
		return -1;
	disturbed = coarse_ns() != w->tick || (w->op->call != call_exit && preemptions() != lost);
	took = end - w->start;
	t->calls[disturbed]++;
	t->ns[disturbed] += took > w->clock_cost ? took - w->clock_cost : 0;
	return 0;
}

static void print(const struct work *w, const struct times *t)
{
	bool clean = t->calls[0] >= t->calls[1];
	uint64_t calls = t->calls[0] + (clean ? 0 : t->calls[1]);
	uint64_t ns = t->ns[0] + (clean ? 0 : t->ns[1]);
	double call = (double)ns / (double)calls;

	printf("micromm %s: %" PRIu64 " calls of %zu pages", w->op->name, t->calls[0] + t->calls[1],
	       w->len / ALIGNED_PAGE);
	if (t->calls[1])
		printf(", %" PRIu64 " with a tick or a preemption %s", t->calls[1],
		       clean ? "left out" : "are in the mean");
	printf("\nop_time_%s_call %.3f\nop_time_%s_page %.3f\n", w->op->name, call, w->op->name,
	       call * ALIGNED_PAGE / (double)w->len);
	fflush(stdout);
}

/* What this kernel does not know it says in the first call. */
static bool is_missing(const struct op *op, uint64_t round)
{
	return !round && errno == EINVAL && op->call == call_advice;
}

static int run_op(struct work *w)
{
	struct times t = { 0 };

	w->len = w->op->regions ? w->room : w->size;
	for (uint64_t i = 0; i < w->o->rounds; i++) {
		int bad = prepare(w);

		for (unsigned int turn = 0; !bad && turn <= w->op->twice; turn++)
			if (time_call(w, turn, &t))
				bad = is_missing(w->op, i) ? -1 : failed(w->op->name);
		if (clean_up(w) || bad > 0)
			return 1;
		if (bad) {
			printf("micromm %s: skipped, the kernel does not know it\n", w->op->name);
			return 0;
		}
	}
	print(w, &t);
	return 0;
}

static uint64_t clock_cost(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < PAIRS; i++) {
		uint64_t start = pace_now_ns(), took = pace_now_ns() - start;

		least = took < least ? took : least;
	}
	return least;
}

/* Two holes: nothing else is mapped within a region of them, so that their page tables go too. */
static int make_holes(struct work *w)
{
	unsigned char *room;

	w->room = (w->size + ALIGNED_REGION - 1) / ALIGNED_REGION * ALIGNED_REGION;
	room = aligned_reserve(2 * w->room + ALIGNED_REGION);
	w->seen = mmap(NULL, ALIGNED_PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (!room || w->seen == MAP_FAILED)
		return failed("no room for the memory");
	w->at = room;
	w->to = room + w->room + ALIGNED_REGION;
	return munmap(w->at, w->room) || munmap(w->to, w->room) ? failed("munmap") : 0;
}

/* The operation whose name list begins with, and behind its comma in *rest; NULL: none. */
static const struct op *next_op(const char *list, const char **rest)
{
	size_t len = strcspn(list, ",");

	*rest = list[len] ? list + len + 1 : list + len;
	for (size_t i = 0; i < N_OPS; i++)
		if (strlen(ops[i].name) == len && !strncmp(ops[i].name, list, len))
			return &ops[i];
	return NULL;
}

static int run(const void *options, struct latency *latency)
{
	const struct micromm_options *o = options;
	const struct sched_param batch = { 0 };
	struct work w = {
		.o = o,
		.latency = latency_task(latency, 0),
		.size = o->size,
		.clock_cost = clock_cost(),
	};

	/* A child that is forked does not take the CPU from its parent before fork() is back. */
	if (sched_setscheduler(0, SCHED_BATCH, &batch))
		return failed("SCHED_BATCH");
	fflush(stdout);
	if (make_holes(&w))
		return 1;
	for (const char *list = o->ops; *list;) {
		w.op = next_op(list, &list);
		if (run_op(&w))
			return 1;
	}
	return 0;
}

static int bad_op(const char *list)
{
	char names[256] = "";
	size_t at = 0;

	for (size_t i = 0; i < N_OPS; i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, ", %s", ops[i].name);
	return options_error(&program, "--op '%.*s': all%s", (int)strcspn(list, ","), list, names);
}

static int check(struct micromm_options *o, int operands)
{
	static char all[256];

	if (operands)
		return options_error(&program, "takes no operands");
	if (o->base && o->huge)
		return options_error(&program, "--base and --madvise exclude each other");
	if (o->size && o->pages)
		return options_error(&program, "--size and --pages exclude each other");
	o->size = o->pages ? o->pages * ALIGNED_PAGE : o->size ? o->size : 65536;
	if (o->size % ALIGNED_PAGE)
		return options_error(&program, "--size: whole pages of 4k");
	if (!strcmp(o->ops, "all")) {
		for (size_t i = 0, at = 0; i < N_OPS; i++)
			at += (size_t)snprintf(all + at, sizeof(all) - at, "%s%s", i ? "," : "",
					       ops[i].name);
		o->ops = all;
	}
	if (!*o->ops || o->ops[strlen(o->ops) - 1] == ',')
		return bad_op("");
	for (const char *list = o->ops, *rest; *list; list = rest)
		if (!next_op(list, &rest))
			return bad_op(list);
	return 0;
}

int main(int argc, char **argv)
{
	struct micromm_options o = {
		.common = OPTIONS_COMMON,
		.ops = "all",
		.rounds = 200,
	};
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && check(&o, argc - first))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	return timed_run(&program, &o, 1, run);
}
