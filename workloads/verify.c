/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is every page what was written to it?  Each page's content derives from its
 * address, the seed and a generation (lib/pattern.h), so a page that was lost,
 * is an old one or belongs to another address says so itself.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/latency.h"
#include "lib/options.h"
#include "lib/pattern.h"
#include "lib/seed.h"

#define PAGE 4096ul
#define REGION (2ul << 20)
#define EXIT_CORRUPT 4

struct verify_options {
	struct options_common common;
	uint64_t size, passes, seconds, tasks;
	const char *churn, *inject;
};

#define AT(field) offsetof(struct verify_options, field)

static const struct option_spec specs[] = {
	{ "churn", 0, "free|remap|fork|protect|none",
	  "what happens to a tenth of the memory between passes (default free)", OPTION_TEXT,
	  AT(churn), 0, 0 },
	{ "inject", 0, "lost|stale|foreign", "plant one wrong page, to see it found", OPTION_TEXT,
	  AT(inject), 0, 0 },
	{ "passes", 0, "N", "check so often (default 4)", OPTION_NUMBER, AT(passes), 1,
	  UINT32_MAX },
	{ "seconds", 0, "S", "go on for so long instead", OPTION_NUMBER, AT(seconds), 0, 864000 },
	{ "size", 0, "SIZE", "memory of each task (default 64m)", OPTION_SIZE, AT(size), 2 * PAGE,
	  0 },
	{ "tasks", 't', "N", "processes, each with its own memory (default 1)", OPTION_NUMBER,
	  AT(tasks), 1, 1024 },
	{ 0 },
};

static const struct program program = {
	.name = "verify",
	.synopsis = "[OPTIONS]",
	.summary = "Fill memory with patterns of its addresses and check them while it is churned.",
	.notes = "A wrong page gives one line \"corrupt ADDRESS kind=lost|stale|foreign|torn ...\" "
		 "and exit status 4.\n",
	.options = specs,
};

struct memory {
	const struct verify_options *o;
	struct pattern pattern;
	struct prng random;
	unsigned char *map;
	uint32_t *generation; /* of each page */
	uint64_t pages, checked;
	struct latency_task *latency;
};

static void fill_page(struct memory *m, uint64_t page)
{
	unsigned char *p = m->map + page * PAGE;

	pattern_fill(&m->pattern, p, (uintptr_t)p, ++m->generation[page]);
}

static void first_fill(struct memory *m)
{
	for (uint64_t i = 0; i < m->pages; i++) {
		unsigned char *p = m->map + i * PAGE;
		bool first = !i || !((uintptr_t)p % REGION);

		if (m->latency)
			latency_touch(m->latency, first ? LATENCY_REGION : LATENCY_BASE, p, 1);
		fill_page(m, i);
	}
}

/* Pages half right and half wrong are torn: two writers, or a copy that was cut. */
static const char *kind_of(const struct pattern_verdict *v)
{
	if (v->wrong_words < PATTERN_WORDS / 2)
		return "torn";
	return v->kind == PATTERN_ZEROED ? "lost" : pattern_name(v->kind);
}

static int check_page(struct memory *m, uint64_t page)
{
	unsigned char *p = m->map + page * PAGE;
	struct pattern_verdict v;

	m->checked++;
	if (pattern_check(&m->pattern, p, (uintptr_t)p, m->generation[page], &v) == PATTERN_INTACT)
		return 0;
	printf("corrupt %#" PRIxPTR " kind=%s offset=%zu wrong_words=%zu expected=%#" PRIx64
	       " found=%#" PRIx64,
	       (uintptr_t)p, kind_of(&v), v.offset, v.wrong_words, v.expected, v.found);
	if (v.kind == PATTERN_STALE || v.kind == PATTERN_FOREIGN)
		printf(" (written for address %#" PRIx64 " generation %u, wanted generation %u)",
		       v.address, v.generation, m->generation[page]);
	putchar('\n');
	return EXIT_CORRUPT;
}

static int check_all(struct memory *m)
{
	int status = 0;

	for (uint64_t i = 0; i < m->pages && !status; i++)
		status = check_page(m, i);
	return status;
}

/* In a forked child everything must be there too; it writes and the parent must not see it. */
static int check_in_child(struct memory *m)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return 1;
	if (!pid) {
		status = check_all(m);
		for (uint64_t i = 0; !status && i < m->pages; i += 16)
			fill_page(m, i);
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

static void refill(struct memory *m, uint64_t first, uint64_t n)
{
	for (uint64_t i = first; i < first + n; i++)
		fill_page(m, i);
}

/* Somewhere, on no huge page's boundary: a tenth of the memory, at least one page. */
static void pick_range(struct memory *m, uint64_t *first, uint64_t *n)
{
	*n = m->pages / 10 ? m->pages / 10 : 1;
	*first = prng_below(&m->random, m->pages - *n + 1);
}

static int remap(unsigned char *p, size_t len)
{
	void *aside = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (aside == MAP_FAILED ||
	    mremap(p, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, aside) != aside)
		return 1;
	return mremap(aside, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, p) != p;
}

static int churn(struct memory *m)
{
	const char *how = m->o->churn;
	uint64_t first, n;
	unsigned char *p;
	int bad = 0;

	pick_range(m, &first, &n);
	p = m->map + first * PAGE;
	if (!strcmp(how, "free")) {
		bad = madvise(p, n * PAGE, MADV_DONTNEED);
		refill(m, first, n);
	} else if (!strcmp(how, "remap")) {
		bad = remap(p, n * PAGE);
	} else if (!strcmp(how, "protect")) {
		bad = mprotect(p, n * PAGE, PROT_READ) ||
		      mprotect(p, n * PAGE, PROT_READ | PROT_WRITE);
		refill(m, first, n / 2);
	} else if (!strcmp(how, "fork")) {
		return check_in_child(m);
	}
	if (bad)
		fprintf(stderr, "verify: churn %s: %s\n", how, strerror(errno));
	return bad ? 1 : 0;
}

static void inject(struct memory *m)
{
	uint64_t page = prng_below(&m->random, m->pages), other = (page + 1) % m->pages;
	unsigned char *p = m->map + page * PAGE;

	if (!strcmp(m->o->inject, "lost"))
		madvise(p, PAGE, MADV_DONTNEED);
	else if (!strcmp(m->o->inject, "stale"))
		m->generation[page]++;
	else
		memcpy(p, m->map + other * PAGE, PAGE);
}

static uint64_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec;
}

static int rounds(struct memory *m)
{
	uint64_t until = now_s() + m->o->seconds;
	int status = 0;

	for (uint64_t pass = 0; !status; pass++) {
		if (m->o->seconds ? now_s() >= until : pass >= m->o->passes)
			break;
		if (m->o->inject && pass == 1)
			inject(m);
		status = check_all(m);
		if (!status)
			status = churn(m);
	}
	return status ? status : check_all(m);
}

struct work {
	const struct verify_options *o;
	struct latency *latency;
};

static int task(unsigned int nr, void *arg)
{
	const struct work *w = arg;
	struct memory m = { .o = w->o, .pages = w->o->size / PAGE };
	int status;

	pattern_init(&m.pattern, w->o->common.seed + nr);
	prng_seed(&m.random, w->o->common.seed, nr);
	m.latency = latency_task(w->latency, nr);
	m.generation = calloc(m.pages, sizeof(*m.generation));
	m.map = mmap(NULL, m.pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (!m.generation || m.map == MAP_FAILED) {
		fprintf(stderr, "verify: cannot map the memory: %s\n", strerror(errno));
		return 1;
	}
	first_fill(&m);
	status = rounds(&m);
	if (!status)
		printf("verified_pages %" PRIu64 "\n", m.checked);
	fflush(stdout);
	munmap(m.map, m.pages * PAGE);
	free(m.generation);
	return status;
}

/* Several tasks are processes; the worst of their statuses counts. */
static int run_tasks(struct work *w)
{
	unsigned int n = (unsigned int)w->o->tasks;
	int worst = 0, status;

	if (n == 1)
		return task(0, w);
	fflush(stdout);
	for (unsigned int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(task(i, w));
		if (pid < 0)
			return 1;
	}
	while (wait(&status) > 0) {
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;

		worst = code > worst ? code : worst;
	}
	return worst;
}

static int check_words(const struct verify_options *o)
{
	static const char *const churns[] = { "free", "remap", "fork", "protect", "none", NULL };
	static const char *const injections[] = { "lost", "stale", "foreign", NULL };
	int i = 0;

	while (churns[i] && strcmp(churns[i], o->churn))
		i++;
	if (!churns[i])
		return options_error(&program, "--churn '%s': free, remap, fork, protect or none",
				     o->churn);
	for (i = 0; o->inject && injections[i] && strcmp(injections[i], o->inject);)
		i++;
	if (o->inject && !injections[i])
		return options_error(&program, "--inject '%s': lost, stale or foreign", o->inject);
	return 0;
}

int main(int argc, char **argv)
{
	struct verify_options o = {
		.common = OPTIONS_COMMON,
		.size = 64ul << 20,
		.passes = 4,
		.tasks = 1,
		.churn = "free",
	};
	struct work w = { .o = &o };
	int first = options_parse(&program, &o, argc, argv), status;

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && check_words(&o))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	status = -latency_open(&w.latency, o.common.latency, (unsigned int)o.tasks, NULL, 0);
	if (status) {
		options_error(&program, "--latency '%s': %s", o.common.latency, strerror(status));
		return 2;
	}
	status = run_tasks(&w);
	if (latency_close(w.latency) && !status) {
		fprintf(stderr, "verify: %s: cannot be written\n", o.common.latency);
		status = 1;
	}
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
