/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that can happen to memory, done to ranges of which some, many or all pages were
 * touched, on kernels that make huge pages of them in one way or another.  After each case every
 * byte must be as recorded, the range must still work, and no counter may be left changed.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/interplay_cases.h"
#include "lib/interplay_random.h"
#include "lib/kernel_file.h"
#include "lib/ktap.h"
#include "lib/memory_of.h"
#include "lib/options.h"
#include "lib/range.h"

#define EXIT_CORRUPT 4
#define COUNTS_MAX 8

struct interplay_options {
	struct options_common common;
	uint64_t pages, seconds, steps;
	bool list, machine;
	const char *damage;
};

#define AT(field) offsetof(struct interplay_options, field)

static const struct option_spec specs[] = {
	{ "damage", 0, "CASE", "write a wrong byte in this case, to see it found", OPTION_TEXT,
	  AT(damage), 0, 0 },
	{ "list", 'l', NULL, "name the cases", OPTION_FLAG, AT(list), 0, 0 },
	{ "machine", 0, NULL, "also what is done to the whole machine: memory goes offline",
	  OPTION_FLAG, AT(machine), 0, 0 },
	{ "pages", 0, "N", "pages to touch in a range (default: around the threshold)",
	  OPTION_NUMBER, AT(pages), 1, RANGE_REGION_PAGES },
	{ "random", 0, "SECONDS", "do operations at random for this time instead", OPTION_NUMBER,
	  AT(seconds), 1, 1000000 },
	{ "steps", 0, "N", "number of operations at random instead; with --random: at most",
	  OPTION_NUMBER, AT(steps), 1, UINT64_MAX },
	{ 0 },
};

static const struct program program = {
	.name = "interplay",
	.synopsis = "[OPTIONS] [CASE...]",
	.summary = "Do to memory what can happen to it, and check every byte.",
	.notes = "Each case runs with 1 page touched in each huge-page-sized range, with 63 to 65 "
		 "or "
		 "those around\n"
		 "the kernel's promotion threshold, and with all 512; up, down and scattered in "
		 "turn.  Then all\n"
		 "pages are checked against patterns of their place, the rest is written and all "
		 "is checked again.\n"
		 "--random, --steps: things happen to several ranges, to some of their pages, as "
		 "--seed draws them;\n"
		 "what was done to is checked at once.  The same seed does the same things.\n"
		 "When the memory is unmapped no reserved page may be left (nr_thp_reserved).\n"
		 "Prints KTAP, and cases_passed, cases_failed, cases_skipped.\n"
		 "Exit status 1 when something failed, 4 when a byte was wrong.\n",
	.options = specs,
};

static size_t page_counts(const struct interplay_options *o, unsigned int counts[COUNTS_MAX])
{
	unsigned int threshold = kernel_threshold(), t = threshold > 1 ? threshold : 64;
	const unsigned int wanted[] = { 1, t - 1, t, t + 1, RANGE_REGION_PAGES };
	size_t n = 0;

	if (o->pages) {
		counts[0] = (unsigned int)o->pages;
		return 1;
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (wanted[i] && wanted[i] <= RANGE_REGION_PAGES &&
		    (!n || wanted[i] > counts[n - 1]))
			counts[n++] = wanted[i];
	return n;
}

static enum case_result run_in(const struct interplay_case *c, struct range *r, unsigned int pages,
			       enum range_order order, bool damage)
{
	enum case_result result;

	for (size_t region = 0; region < r->regions; region++)
		range_touch(r, region, pages, order);
	result = c->fn(r);
	if (result != CASE_OK && result != CASE_SKIP)
		return result;
	if (damage)
		*range_at(r, 5) ^= 1;
	if (range_check(r, c->name))
		return CASE_CORRUPT;
	range_fill_up(r);
	return range_check(r, "filled up") ? CASE_CORRUPT : result;
}

/* The kernel adds up what its CPUs counted once a second, or when it is asked to. */
static uint64_t reserved_pages(void)
{
	FILE *refresh = fopen("/proc/sys/vm/stat_refresh", "we");

	if (refresh) {
		fputs("1", refresh);
		fclose(refresh);
	}
	return memory_vmstat("nr_thp_reserved");
}

/* A folio that something else holds for a moment is freed a moment later. */
static bool reserved_came_back(uint64_t before)
{
	uint64_t now = reserved_pages();

	for (int i = 0; i < 50 && now != before; i++) {
		usleep(10000);
		now = reserved_pages();
	}
	if (now != before)
		printf("nr_thp_reserved %" PRIu64 ", before %" PRIu64 "\n", now, before);
	return now == before;
}

static enum case_result run_case(const struct interplay_case *c, const struct pattern *pattern,
				 unsigned int pages, enum range_order order, bool damage,
				 const char **why)
{
	uint64_t reserved = reserved_pages();
	struct range r = { 0 };
	enum case_result result;

	if (range_open(&r, 3, pattern)) {
		printf("mmap: %s\n", strerror(errno));
		return CASE_FAILED;
	}
	result = run_in(c, &r, pages, order, damage);
	*why = r.skip;
	range_close(&r);
	if (result == CASE_OK && !reserved_came_back(reserved))
		result = CASE_FAILED;
	return result;
}

static void count(struct ktap *k, const char *name, unsigned int pages, enum case_result result,
		  const char *why)
{
	static const enum ktap_outcome outcomes[] = {
		[CASE_OK] = KTAP_PASS,
		[CASE_FAILED] = KTAP_FAIL,
		[CASE_CORRUPT] = KTAP_FAIL,
		[CASE_SKIP] = KTAP_SKIP,
	};
	char text[128];

	snprintf(text, sizeof(text), "%s pages=%u", name, pages);
	ktap_result(k, outcomes[result], text, why ? why : "not on this kernel or machine");
}

static const struct interplay_case *find(const char *name)
{
	for (const struct interplay_case *c = interplay_cases; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* The last block of a guest's memory has a hole and cannot go offline; node 0 has none of it. */
static void stay_on_node_0(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
}

static int run(const struct interplay_options *o, int n, char **names)
{
	unsigned int counts[COUNTS_MAX], turn = 0;
	size_t n_counts = page_counts(o, counts);
	struct pattern *pattern = malloc(sizeof(*pattern));
	struct ktap k = { .out = stdout };
	bool corrupt = false;

	if (!pattern)
		return 1;
	pattern_init(pattern, o->common.seed);
	if (o->machine)
		stay_on_node_0();
	for (const struct interplay_case *c = interplay_cases; c->name; c++) {
		bool damage = o->damage && !strcmp(o->damage, c->name);

		if (!ktap_wanted(c->name, n, names))
			continue;
		for (size_t i = 0; i < n_counts; i++) {
			const char *why = "only with --machine";
			enum case_result result = CASE_SKIP;

			if (o->machine || !c->machine)
				result = run_case(c, pattern, counts[i], turn++ % RANGE_ORDERS,
						  damage, &why);

			count(&k, c->name, counts[i], result, why);
			corrupt |= result == CASE_CORRUPT;
		}
	}
	ktap_summary(&k);
	free(pattern);
	return corrupt ? EXIT_CORRUPT : k.counts[KTAP_FAIL] ? 1 : 0;
}

static int run_random(const struct interplay_options *o)
{
	struct interplay_limits limits = { o->common.seed, o->steps, o->seconds };
	struct pattern *pattern = malloc(sizeof(*pattern));
	struct ktap k = { .out = stdout };
	uint64_t reserved = reserved_pages(), steps = 0;
	enum case_result result;

	if (!pattern)
		return 1;
	pattern_init(pattern, o->common.seed);
	result = interplay_random(&limits, pattern, &steps);
	free(pattern);
	if (result == CASE_OK && !reserved_came_back(reserved))
		result = CASE_FAILED;
	ktap_result(&k, result == CASE_OK ? KTAP_PASS : KTAP_FAIL, "random", NULL);
	ktap_summary(&k);
	printf("random_steps %" PRIu64 "\n", steps);
	return result == CASE_CORRUPT ? EXIT_CORRUPT : result != CASE_OK;
}

int main(int argc, char **argv)
{
	struct interplay_options o = { .common = OPTIONS_COMMON };
	int first = options_parse(&program, &o, argc, argv);

	for (int i = first; i >= 0 && i < argc; i++)
		if (!find(argv[i]))
			first = options_error(&program, "no case '%s'; --list names them", argv[i]);
	if (first >= 0 && o.damage && !find(o.damage))
		first = options_error(&program, "--damage '%s': no such case", o.damage);
	if (first >= 0 && first < argc && (o.seconds || o.steps))
		first = options_error(&program, "'%s': --random and --steps take no cases",
				      argv[first]);
	if (first < 0)
		return options_status(first);
	if (o.seconds || o.steps)
		return run_random(&o);
	if (o.list) {
		for (const struct interplay_case *c = interplay_cases; c->name; c++)
			printf("%-18s %s\n", c->name, c->about);
		return 0;
	}
	return run(&o, argc - first, argv + first);
}
