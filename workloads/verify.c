/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is every page what was written to it?  Each page's content derives from its address, the seed and
 * a generation (lib/pattern.h), so a page that is lost, stale or from another address can be
 * identified.  The tasks share one seed and lie at different addresses: a page of another task is a
 * foreign one with its owner's number.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/advice.h"
#include "lib/aligned.h"
#include "lib/damage.h"
#include "lib/latency.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/pattern.h"
#include "lib/seed.h"
#include "lib/task.h"
#include "lib/timed.h"

#define EXIT_CORRUPT 4
#define NS_PER_S 1000000000u
#define LINES_MAX 8 /* of damage a task, then it stops looking */

struct memory;

/* What happens to a range of pages; afterwards they must be as the books say.  Exit status. */
struct churn {
	const char *name;
	int (*fn)(struct memory *m, uint64_t first, uint64_t n);
};

struct verify_options {
	struct options_common common;
	uint64_t size, passes, seconds, tasks;
	const char *churn_text, *inject;
	bool huge;
	const struct churn *churn;
};

#define AT(field) offsetof(struct verify_options, field)

static const struct option_spec specs[] = {
	{ "churn", 0, "KIND", "what happens to a tenth of the memory between passes (default mix)",
	  OPTION_TEXT, AT(churn_text), 0, 0 },
	{ "inject", 0, "lost|stale|foreign", "plant one wrong page, to see it found", OPTION_TEXT,
	  AT(inject), 0, 0 },
	{ "madvise", 0, NULL, "madvise(MADV_HUGEPAGE) the memory", OPTION_FLAG, AT(huge), 0, 0 },
	{ "passes", 0, "N", "number of checks (default 4)", OPTION_NUMBER, AT(passes), 1,
	  UINT32_MAX },
	{ "seconds", 0, "S", "check for this time instead", OPTION_NUMBER, AT(seconds), 0, 864000 },
	{ "size", 0, "SIZE", "memory of each task (default 64m)", OPTION_SIZE, AT(size),
	  2 * ALIGNED_PAGE, 1ul << 46 },
	{ "tasks", 't', "N", "processes, each with its own memory (default 1)", OPTION_NUMBER,
	  AT(tasks), 1, 1024 },
	{ 0 },
};

static const struct program program = {
	.name = "verify",
	.synopsis = "[OPTIONS]",
	.summary = "Fill memory with patterns of its addresses and check them while it is churned.",
	.notes = "--churn: collapse (MADV_COLLAPSE), fork (a child checks all and writes), free "
		 "(MADV_DONTNEED,\n"
		 "then new pages must be zero), none, protect (read-only and back), remap (mremap "
		 "and back),\n"
		 "swap (MADV_PAGEOUT), or mix, each in turn.\n"
		 "\n"
		 "A wrong page gives one line \"corrupt ADDRESS "
		 "kind=lost|stale|foreign|torn|garbage "
		 "...\" and exit\n"
		 "status 4; at most 8 lines a task.  When all is well: \"verified_pages N\".\n",
	.options = specs,
};

/* What a task leaves for the parent, in shared memory. */
struct tally {
	uint64_t checked;
	int status;
};

struct memory {
	const struct verify_options *o;
	struct pattern pattern;
	struct prng random;
	unsigned char *map;
	uint32_t *generation; /* of each page */
	uint64_t pages, turn;
	unsigned int lines;
	struct latency_task *latency;
	struct tally *tally;
	uintptr_t first_task;
	uint64_t stride;
};

static unsigned char *page_at(const struct memory *m, uint64_t page)
{
	return m->map + page * ALIGNED_PAGE;
}

static void fill_page(struct memory *m, uint64_t page)
{
	unsigned char *p = page_at(m, page);

	pattern_fill(&m->pattern, p, (uintptr_t)p, ++m->generation[page]);
}

static void first_fill(struct memory *m)
{
	for (uint64_t i = 0; i < m->pages; i++) {
		unsigned int class =
			i * ALIGNED_PAGE % ALIGNED_REGION ? LATENCY_BASE : LATENCY_REGION;

		if (m->latency)
			latency_touch(m->latency, class, page_at(m, i), 1);
		fill_page(m, i);
	}
	latency_settle(m->latency);
}

static int report(struct memory *m, uint64_t page, const struct pattern_verdict *v)
{
	uint64_t task = (v->address - m->first_task) / m->stride;

	printf("corrupt %#" PRIxPTR " kind=%s found_kind=%s offset=%zu wrong_words=%zu "
	       "expected=%#" PRIx64 " found=%#" PRIx64,
	       (uintptr_t)page_at(m, page), damage_name(v), pattern_name(v->kind), v->offset,
	       v->wrong_words, v->expected, v->found);
	if (v->kind == PATTERN_STALE || v->kind == PATTERN_FOREIGN)
		printf(" (belongs to address %#" PRIx64 " generation %u, wanted generation %u)",
		       v->address, v->generation, m->generation[page]);
	if (v->kind == PATTERN_FOREIGN && v->address >= m->first_task && task < m->o->tasks)
		printf(" (of task %" PRIu64 ")", task);
	putchar('\n');
	fflush(stdout);
	m->lines++;
	return EXIT_CORRUPT;
}

static int check_page(struct memory *m, uint64_t page)
{
	const unsigned char *p = page_at(m, page);
	struct pattern_verdict v;

	m->tally->checked++;
	if (pattern_check(&m->pattern, p, (uintptr_t)p, m->generation[page], &v) == PATTERN_INTACT)
		return 0;
	return report(m, page, &v);
}

static int check_all(struct memory *m)
{
	int status = 0;

	for (uint64_t i = 0; i < m->pages && m->lines < LINES_MAX; i++)
		status |= check_page(m, i);
	return status;
}

static int failed(const char *what)
{
	fprintf(stderr, "verify: %s: %s\n", what, strerror(errno));
	return 1;
}

/*
 * Only huge pages can be collapsed, memory may be fragmented, a kernel older than 6.1 cannot at
 * all: none of that is an error of memory's content.
 */
static int churn_collapse(struct memory *m, uint64_t first, uint64_t n)
{
	madvise(page_at(m, first), n * ALIGNED_PAGE, MADV_COLLAPSE);
	return 0;
}

/* The child must see everything; what it writes the parent must not see. */
static int run_checker(struct memory *m, pid_t parent)
{
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return 1;
	status = check_all(m);
	for (uint64_t i = 0; !status && i < m->pages; i += 16)
		fill_page(m, i);
	return status ? status : check_all(m);
}

static int churn_fork(struct memory *m, uint64_t first, uint64_t n)
{
	pid_t parent = getpid(), pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return failed("fork");
	if (!pid)
		_exit(run_checker(m, parent));
	for (uint64_t i = first; i < first + n; i++)
		fill_page(m, i);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return failed("waitpid");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "verify: the forked checker was killed by signal %d (%s)\n",
		WTERMSIG(status), strsignal(WTERMSIG(status)));
	return 1;
}

/* The first store gets a new page; what else it holds must be nothing. */
static int take_new_page(struct memory *m, uint64_t page, unsigned char *wanted)
{
	unsigned char *p = page_at(m, page);
	struct pattern_verdict v;

	pattern_fill(&m->pattern, wanted, (uintptr_t)p, ++m->generation[page]);
	memcpy(p, wanted, sizeof(uint64_t));
	pattern_check(&m->pattern, p, (uintptr_t)p, m->generation[page], &v);
	if (!damage_fresh(&v))
		return report(m, page, &v);
	memcpy(p, wanted, ALIGNED_PAGE);
	return 0;
}

static int churn_free(struct memory *m, uint64_t first, uint64_t n)
{
	_Alignas(uint64_t) unsigned char wanted[ALIGNED_PAGE];
	int status = 0;

	if (madvise(page_at(m, first), n * ALIGNED_PAGE, MADV_DONTNEED))
		return failed("MADV_DONTNEED");
	for (uint64_t i = first; i < first + n && m->lines < LINES_MAX; i++)
		status |= take_new_page(m, i, wanted);
	return status;
}

static int churn_none(struct memory *m, uint64_t first, uint64_t n)
{
	(void)m;
	(void)first;
	(void)n;
	return 0;
}

static int churn_protect(struct memory *m, uint64_t first, uint64_t n)
{
	unsigned char *p = page_at(m, first);

	if (mprotect(p, n * ALIGNED_PAGE, PROT_READ) ||
	    mprotect(p, n * ALIGNED_PAGE, PROT_READ | PROT_WRITE))
		return failed("mprotect");
	for (uint64_t i = first; i < first + n; i += 2)
		fill_page(m, i);
	return 0;
}

static int churn_remap(struct memory *m, uint64_t first, uint64_t n)
{
	unsigned char *p = page_at(m, first);
	size_t len = n * ALIGNED_PAGE;
	void *aside = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (aside == MAP_FAILED ||
	    mremap(p, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, aside) != aside ||
	    mremap(aside, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, p) != p)
		return failed("mremap");
	return 0;
}

/* Without swap space nothing happens, which is no error either. */
static int churn_swap(struct memory *m, uint64_t first, uint64_t n)
{
	madvise(page_at(m, first), n * ALIGNED_PAGE, MADV_PAGEOUT);
	return 0;
}

static int churn_mix(struct memory *m, uint64_t first, uint64_t n);

static const struct churn churns[] = {
	{ "collapse", churn_collapse }, { "fork", churn_fork }, { "free", churn_free },
	{ "mix", churn_mix },           { "none", churn_none }, { "protect", churn_protect },
	{ "remap", churn_remap },       { "swap", churn_swap },
};

#define NR_CHURNS (sizeof(churns) / sizeof(churns[0]))

static int churn_mix(struct memory *m, uint64_t first, uint64_t n)
{
	const struct churn *c = &churns[m->turn % NR_CHURNS];

	return c->fn == churn_mix ? churn_none(m, first, n) : c->fn(m, first, n);
}

/* Somewhere, on no huge page's boundary: a tenth of the memory, at least one page. */
static int churn(struct memory *m)
{
	uint64_t n = m->pages / 10 ? m->pages / 10 : 1;
	uint64_t first = prng_below(&m->random, m->pages - n + 1);
	int status = m->o->churn->fn(m, first, n);

	m->turn++;
	return status;
}

static void inject(struct memory *m)
{
	uint64_t page = prng_below(&m->random, m->pages), other = (page + 1) % m->pages;
	unsigned char *p = page_at(m, page);

	if (!strcmp(m->o->inject, "lost"))
		madvise(p, ALIGNED_PAGE, MADV_DONTNEED);
	else if (!strcmp(m->o->inject, "stale"))
		pattern_fill(&m->pattern, p, (uintptr_t)p, m->generation[page] - 1);
	else
		memcpy(p, page_at(m, other), ALIGNED_PAGE);
}

/* Task 0 plants its wrong page after the first churn, before the check that follows. */
static int rounds(struct memory *m, unsigned int nr)
{
	uint64_t until = pace_now_ns() + m->o->seconds * NS_PER_S;
	int status = 0;

	for (uint64_t pass = 0; !status; pass++) {
		if (m->o->seconds ? pass && pace_now_ns() >= until : pass >= m->o->passes)
			break;
		status = check_all(m);
		if (!status)
			status = churn(m);
		if (m->o->inject && !pass && !nr)
			inject(m);
	}
	return status ? status : check_all(m);
}

struct work {
	const struct verify_options *o;
	struct latency *latency;
	unsigned char *map;
	uint64_t stride;
	struct tally *tally;
};

static int task(unsigned int nr, void *arg)
{
	const struct work *w = arg;
	struct memory m = {
		.o = w->o,
		.map = w->map + nr * w->stride,
		.pages = w->o->size / ALIGNED_PAGE,
		.latency = latency_task(w->latency, nr),
		.tally = &w->tally[nr],
		.first_task = (uintptr_t)w->map,
		.stride = w->stride,
	};

	errno = -aligned_open(m.map, w->o->size / ALIGNED_PAGE * ALIGNED_PAGE, "verify");
	if (errno)
		return failed("cannot get the memory");
	if (w->o->huge)
		aligned_ask_huge(m.map, w->o->size / ALIGNED_PAGE * ALIGNED_PAGE);
	pattern_init(&m.pattern, w->o->common.seed);
	prng_seed(&m.random, w->o->common.seed, nr);
	m.generation = malloc(m.pages * sizeof(*m.generation));
	if (!m.generation)
		return failed("cannot keep the books");
	explicit_bzero(m.generation, m.pages * sizeof(*m.generation)); /* faulted in here */
	first_fill(&m);
	m.tally->status = rounds(&m, nr);
	free(m.generation);
	return m.tally->status == EXIT_CORRUPT ? 0 : m.tally->status;
}

/* A task that found damage exits with 0 for tasks_wait(), so that its own line is the last one. */
static int run_tasks(struct work *w)
{
	unsigned int n = (unsigned int)w->o->tasks;
	struct tasks *tasks;
	uint64_t checked = 0;
	int status, err;

	err = tasks_start(&tasks, TASK_PROCESS, n, task, w, NULL);
	if (err) {
		errno = -err;
		return failed("cannot start the tasks");
	}
	status = tasks_wait(tasks);
	tasks_free(tasks);
	for (unsigned int i = 0; i < n; i++) {
		checked += w->tally[i].checked;
		if (w->tally[i].status == EXIT_CORRUPT)
			status = EXIT_CORRUPT;
	}
	if (!status)
		printf("verified_pages %" PRIu64 "\n", checked);
	return status;
}

/* The parent reserves for all: each task has addresses of its own. */
static int run(const void *options, struct latency *latency)
{
	const struct verify_options *o = options;
	struct work w = {
		.o = o,
		.latency = latency,
		.stride = (o->size + ALIGNED_REGION - 1) / ALIGNED_REGION * ALIGNED_REGION,
	};

	w.map = aligned_reserve(w.stride * o->tasks);
	if (!w.map)
		return failed("cannot reserve the memory");
	w.tally = mmap(NULL, o->tasks * sizeof(*w.tally), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w.tally == MAP_FAILED)
		return failed("cannot map the books");
	return run_tasks(&w);
}

static int parse(struct verify_options *o)
{
	static const char *const injections[] = { "foreign", "lost", "stale" };
	bool known = !o->inject;

	for (size_t i = 0; i < NR_CHURNS; i++)
		if (!strcmp(churns[i].name, o->churn_text))
			o->churn = &churns[i];
	if (!o->churn)
		return options_error(&program,
				     "--churn '%s': collapse, fork, free, mix, none, protect, "
				     "remap or swap",
				     o->churn_text);
	for (size_t i = 0; !known && i < sizeof(injections) / sizeof(injections[0]); i++)
		known = !strcmp(injections[i], o->inject);
	if (!known)
		return options_error(&program, "--inject '%s': foreign, lost or stale", o->inject);
	return 0;
}

int main(int argc, char **argv)
{
	struct verify_options o = {
		.common = OPTIONS_COMMON,
		.size = 64ul << 20,
		.passes = 4,
		.tasks = 1,
		.churn_text = "mix",
	};
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s' is no option", argv[first]);
	if (first >= 0 && parse(&o))
		first = OPTIONS_BAD;
	if (first < 0)
		return options_status(first);
	return timed_run(&program, &o, (unsigned int)o.tasks, run);
}
