// SPDX-License-Identifier: GPL-2.0
/*
 * bigfree: one process touches much memory and frees it in an order of physical addresses, at once
 * by its exit or piece by piece; then it idles, so that one can see when the memory gets back to
 * the host.
 *
 * An exit frees from low virtual addresses to high ones.  So the pieces (huge pages by default) are
 * moved by mremap until their physical addresses, read from /proc/self/pagemap, stand in the order
 * that was asked for.  Where the kernel hides these, the order is that of virtual addresses.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/aligned.h"
#include "lib/held.h"
#include "lib/latency.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/seed.h"
#include "lib/size.h"
#include "lib/timed.h"

#define PAGEMAP_PFN ((UINT64_C(1) << 55) - 1)
#define PAGEMAP_PRESENT (UINT64_C(1) << 63)

struct bigfree_options {
	struct options_common common;
	const char *order, *by;
	uint64_t hold_ms, idle_ms, step, size;
	bool again, huge;
};

#define AT(field) offsetof(struct bigfree_options, field)

static const struct option_spec specs[] = {
	{ "again", 0, NULL, "touch as much once more after the idle time (timed by --latency)",
	  OPTION_FLAG, AT(again), 0, 0 },
	{ "by", 0, "exit|dontneed|munmap", "how it is freed (default exit)", OPTION_TEXT, AT(by), 0,
	  0 },
	{ "hold", 0, "MS", "time between the touching and the freeing (default 2000)",
	  OPTION_NUMBER, AT(hold_ms), 0, 86400000 },
	{ "idle", 0, "MS", "time to do nothing afterwards (default 0)", OPTION_NUMBER, AT(idle_ms),
	  0, 86400000 },
	{ "madvise", 0, NULL, "madvise(MADV_HUGEPAGE) the memory", OPTION_FLAG, AT(huge), 0, 0 },
	{ "order", 0, "ascending|descending|random", "of physical addresses (default ascending)",
	  OPTION_TEXT, AT(order), 0, 0 },
	{ "step", 0, "SIZE", "of the pieces that are ordered (default 2m)", OPTION_SIZE, AT(step),
	  4096, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "bigfree",
	.synopsis = "[OPTIONS] SIZE[kmgt%]",
	.summary = "Touch memory, free it in an order of physical addresses, then do nothing.",
	.notes = "SIZE 80% is a share of the memory that is available.\n"
		 "Says \"bigfree touched\", then \"bigfree freed\", then with --again \"bigfree "
		 "touched again\".\n",
	.options = specs,
};

struct piece {
	unsigned char *at;
	uint64_t key; /* its place in the order */
};

static int failed(const char *what)
{
	fprintf(stderr, "bigfree: %s: %s\n", what, strerror(errno));
	return 1;
}

/* The page frame of an address; 0: it is hidden from us. */
static uint64_t frame_of(int pagemap, const void *at)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry), (off_t)((uintptr_t)at / ALIGNED_PAGE * 8)) !=
		    sizeof(entry) ||
	    !(entry & PAGEMAP_PRESENT))
		return 0;
	return entry & PAGEMAP_PFN;
}

static int by_key(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* Sorts the pieces; returns what their order is one of. */
static const char *put_in_order(const struct bigfree_options *o, struct piece *pieces, size_t n)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool hidden = pagemap < 0 || !frame_of(pagemap, pieces[0].at);
	struct prng random;

	prng_seed(&random, o->common.seed, 0);
	for (size_t i = 0; i < n; i++) {
		uint64_t place = hidden ? (uintptr_t)pieces[i].at : frame_of(pagemap, pieces[i].at);

		pieces[i].key = !strcmp(o->order, "random")       ? prng_next(&random)
				: !strcmp(o->order, "descending") ? UINT64_MAX - place
								  : place;
	}
	if (pagemap >= 0)
		close(pagemap);
	qsort(pieces, n, sizeof(*pieces), by_key);
	return hidden ? "virtual" : "physical";
}

/* Piece by piece into new room, so that virtual addresses rise in the order. */
static int arrange(const struct bigfree_options *o, struct piece *pieces, size_t n)
{
	unsigned char *room = aligned_reserve(n * o->step);

	if (!room)
		return failed("no room to order the pieces in");
	for (size_t i = 0; i < n; i++) {
		unsigned char *to = room + i * o->step;

		if (mremap(pieces[i].at, o->step, o->step, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
			return failed("mremap");
		pieces[i].at = to;
	}
	return 0;
}

static int free_pieces(const struct bigfree_options *o, const struct piece *pieces, size_t n)
{
	bool unmap = !strcmp(o->by, "munmap");

	for (size_t i = 0; i < n; i++)
		if (unmap ? munmap(pieces[i].at, o->step)
			  : madvise(pieces[i].at, o->step, MADV_DONTNEED))
			return failed(o->by);
	return 0;
}

static void touch(unsigned char *map, size_t size, struct latency_task *latency)
{
	for (size_t at = 0; at < size; at += ALIGNED_PAGE) {
		bool first = !((uintptr_t)(map + at) % ALIGNED_REGION);

		if (latency)
			latency_touch(latency, first ? LATENCY_REGION : LATENCY_BASE, map + at, 1);
		else
			*(volatile unsigned char *)(map + at) = 1;
	}
	latency_settle(latency);
}

static unsigned char *take(const struct bigfree_options *o, struct latency_task *latency)
{
	unsigned char *map = aligned_map(o->size, NULL);

	if (!map)
		return NULL;
	if (o->huge)
		aligned_ask_huge(map, o->size);
	touch(map, o->size, latency);
	return map;
}

/* The process that owns the memory; its exit frees the rest. */
static int hold_and_free(const struct bigfree_options *o)
{
	size_t n = o->size / o->step;
	struct piece *pieces = calloc(n, sizeof(*pieces));
	unsigned char *map = pieces ? take(o, NULL) : NULL;
	const char *kind;

	if (!map)
		return failed("cannot get the memory");
	for (size_t i = 0; i < n; i++)
		pieces[i].at = map + i * o->step;
	kind = put_in_order(o, pieces, n);
	if (!strcmp(o->by, "exit") && arrange(o, pieces, n))
		return 1;
	printf("bigfree touched %" PRIu64 " bytes\nbigfree order %s of %s addresses by %s\n",
	       o->size, o->order, kind, o->by);
	fflush(stdout);
	held_sleep(o->hold_ms * 1000000);
	return strcmp(o->by, "exit") ? free_pieces(o, pieces, n) : 0;
}

static int run_child(const struct bigfree_options *o)
{
	pid_t parent = getpid(), pid = fork();
	int status;

	if (pid < 0)
		return failed("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(getppid() == parent ? hold_and_free(o) : 1);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return failed("waitpid");
	if (WIFSIGNALED(status))
		fprintf(stderr, "bigfree: killed by signal %d (%s)\n", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int run(const void *options, struct latency *latency)
{
	const struct bigfree_options *o = options;
	int status = run_child(o);

	if (status)
		return status;
	printf("bigfree freed %" PRIu64 " bytes\n", o->size);
	fflush(stdout);
	held_sleep(o->idle_ms * 1000000);
	if (!o->again)
		return 0;
	if (!take(o, latency_task(latency, 0)))
		return failed("cannot get the memory again");
	printf("bigfree touched again\n");
	return 0;
}

static bool one_of(const char *word, const char *a, const char *b, const char *c)
{
	return !strcmp(word, a) || !strcmp(word, b) || !strcmp(word, c);
}

/* "80%" is a share of what is available; whole pieces. */
static int parse_size(struct bigfree_options *o, const char *text)
{
	size_t len = strlen(text);
	char digits[8];
	uint64_t share;

	if (len < 2 || len > 4 || text[len - 1] != '%') {
		if (size_parse(text, &o->size))
			return -EINVAL;
	} else {
		snprintf(digits, sizeof(digits), "%.*s", (int)len - 1, text);
		if (number_parse(digits, 1, 99, &share))
			return -EINVAL;
		o->size = memory_info_kib("MemAvailable") * 1024 / 100 * share;
	}
	o->size = o->size / o->step * o->step;
	return o->size ? 0 : -EINVAL;
}

static int check(struct bigfree_options *o, int operands, char **operand)
{
	if (operands != 1)
		return options_error(&program, "give one SIZE, such as 800m or 80%%");
	if (!one_of(o->by, "exit", "dontneed", "munmap"))
		return options_error(&program, "--by '%s': exit, dontneed or munmap", o->by);
	if (!one_of(o->order, "ascending", "descending", "random"))
		return options_error(&program, "--order '%s': ascending, descending or random",
				     o->order);
	if (o->step % ALIGNED_PAGE)
		return options_error(&program, "--step: whole pages of 4k");
	if (parse_size(o, operand[0]))
		return options_error(&program,
				     "'%s': a size of a piece and more, or a share of 1%% to 99%%",
				     operand[0]);
	return 0;
}

int main(int argc, char **argv)
{
	struct bigfree_options o = {
		.common = OPTIONS_COMMON,
		.order = "ascending",
		.by = "exit",
		.hold_ms = 2000,
		.step = ALIGNED_REGION,
	};
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && check(&o, argc - first, argv + first))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	return timed_run(&program, &o, 1, run);
}
