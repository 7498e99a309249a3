/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two tasks operate on one huge-page range at the same time, again and again, with every relative
 * timing; what the calls promised when they returned must hold.  Needs CPUs that run in parallel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/ktap.h"
#include "lib/options.h"
#include "lib/pace.h"
#include "lib/race.h"

#define EXIT_CORRUPT 4

struct races_options {
	struct options_common common;
	uint64_t seconds, rounds, tasks, touched;
	bool all, expect, first, list, machine;
	const char *pair, *with;
};

#define AT(field) offsetof(struct races_options, field)

static const struct option_spec specs[] = {
	{ "all", 'a', NULL, "every pair of operations", OPTION_FLAG, AT(all), 0, 0 },
	{ "expect", 0, NULL, "violations are expected: no failure, and counted as found",
	  OPTION_FLAG, AT(expect), 0, 0 },
	{ "first", 'f', NULL, "a pair ends at its first violation", OPTION_FLAG, AT(first), 0, 0 },
	{ "list", 'l', NULL, "name the operations and what they promise", OPTION_FLAG, AT(list), 0,
	  0 },
	{ "machine", 0, NULL,
	  "also what changes settings of the whole machine (THP, khugepaged), and may leave them "
	  "so",
	  OPTION_FLAG, AT(machine), 0, 0 },
	{ "pair", 'p', "A,B", "this pair alone", OPTION_TEXT, AT(pair), 0, 0 },
	{ "rounds", 0, "N", "rounds of each pair, in place of --seconds", OPTION_NUMBER, AT(rounds),
	  1, UINT64_MAX },
	{ "seconds", 's', "N", "of the whole hunt, shared out evenly (default: 10)", OPTION_NUMBER,
	  AT(seconds), 1, 10000000 },
	{ "threads", 't', "N", "that take turns in the two operations (default: 2)", OPTION_NUMBER,
	  AT(tasks), 2, RACE_TASKS },
	{ "touched", 0, "N",
	  "pages that are written before a round (default: drawn, mostly one "
	  "less than the threshold)",
	  OPTION_NUMBER, AT(touched), 1, RACE_PAGES },
	{ "with", 'w', "A", "every pair that has this operation", OPTION_TEXT, AT(with), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "races",
	.synopsis = "--all | --with A | --pair A,B [OPTIONS]",
	.summary = "Do two things to the same memory at once, and hold both to their promises.",
	.notes =
		"Each round writes some pages of a huge-page-sized range, lets the threads do "
		"their operation at\n"
		"moments that --seed draws, each with pages of its own or all with the same, and "
		"then looks at every\n"
		"page.  A round counts as met when two operations were under way at the same time; "
		"a pair that never\n"
		"met is skipped, for it shows nothing.\n"
		"Prints KTAP, a case a pair, and rounds, rounds_met, operations, "
		"violations, and when the\n"
		"first one came: first_violation_ms.\n"
		"Exit status 4 when a promise was broken.\n",
	.options = specs,
};

struct hunt {
	struct race *race;
	struct ktap ktap;
	struct race_count sum;
	uint64_t end;      /* of the hunt; 0: rounds are counted */
	unsigned int left; /* pairs */
	uint64_t began_ns;
};

/* A slow pair takes nothing from the hunt's end: those that are left share the time that is left.
 */
static uint64_t share(struct hunt *h)
{
	uint64_t now = pace_now_ns(), left = h->left ? h->left-- : 1;

	return h->end > now ? (h->end - now) / left : 0;
}

static void pair(struct hunt *h, const struct race_op *a, const struct race_op *b)
{
	uint64_t before_ns = pace_now_ns() - h->began_ns;
	struct race_count c;
	char name[64], counts[96];

	race_hunt(h->race, a, b, share(h), &c);
	snprintf(name, sizeof(name), "%s,%s", a->name, b->name);
	printf("# %s: %" PRIu64 " rounds, met in %" PRIu64 ", %" PRIu64 " violations\n", name,
	       c.rounds, c.met, c.violations);
	if (*c.first)
		printf("# %s: %s\n", name, c.first);
	snprintf(counts, sizeof(counts), "%" PRIu64 " of %" PRIu64 " rounds that met", c.violations,
		 c.met);
	if (c.violations)
		ktap_result(&h->ktap, KTAP_FAIL, name, counts);
	else if (*c.skip || !c.met)
		ktap_result(&h->ktap, KTAP_SKIP, name,
			    *c.skip    ? c.skip
			    : c.rounds ? "they never met"
				       : "no time was left for it");
	else
		ktap_result(&h->ktap, KTAP_PASS, name, counts);
	h->sum.rounds += c.rounds;
	h->sum.met += c.met;
	h->sum.operations += c.operations;
	if (c.violations && !h->sum.violations)
		h->sum.first_ns = before_ns + c.first_ns;
	h->sum.violations += c.violations;
}

static bool has(const char *with, const struct race_op *a, const struct race_op *b)
{
	return !with || !strcmp(with, a->name) || !strcmp(with, b->name);
}

static unsigned int pairs_of(const char *with)
{
	unsigned int n = 0;

	for (const struct race_op *a = race_ops; a->name; a++)
		for (const struct race_op *b = a; b->name; b++)
			n += has(with, a, b);
	return n;
}

static void hunt_all(struct hunt *h, const char *with)
{
	for (const struct race_op *a = race_ops; a->name; a++)
		for (const struct race_op *b = a; b->name; b++)
			if (has(with, a, b))
				pair(h, a, b);
}

/* "A,B": 0, or -1. */
static int find_pair(const char *text, const struct race_op **a, const struct race_op **b)
{
	char first[32];
	size_t len = strcspn(text, ",");

	if (!text[len] || len >= sizeof(first))
		return -1;
	snprintf(first, sizeof(first), "%.*s", (int)len, text);
	*a = race_find(first);
	*b = race_find(text + len + 1);
	return *a && *b ? 0 : -1;
}

static int run(const struct races_options *o, const struct race_op *a, const struct race_op *b)
{
	struct race_limits limits = {
		.seed = o->common.seed,
		.rounds = o->rounds,
		.tasks = (unsigned int)o->tasks,
		.touched = (unsigned int)o->touched,
		.machine = o->machine,
		.first = o->first,
	};
	struct hunt h = { .ktap.out = stdout };
	int bad = race_open(&h.race, &limits);

	if (bad) {
		fprintf(stderr, "races: no memory or threads: %s\n", strerror(-bad));
		return 1;
	}
	h.left = a ? 1 : pairs_of(o->with);
	h.began_ns = pace_now_ns();
	h.end = o->rounds ? 0 : h.began_ns + o->seconds * 1000000000u;
	if (a)
		pair(&h, a, b);
	else
		hunt_all(&h, o->with);
	race_close(h.race);
	ktap_summary(&h.ktap);
	printf("rounds %" PRIu64 "\nrounds_met %" PRIu64 "\noperations %" PRIu64 "\n%s %" PRIu64
	       "\n",
	       h.sum.rounds, h.sum.met, h.sum.operations, o->expect ? "found" : "violations",
	       h.sum.violations);
	if (h.sum.violations) {
		printf("first_violation_ms %" PRIu64 "\n", h.sum.first_ns / 1000000);
		fprintf(stderr, "races: %u pairs broke a promise\n", h.ktap.counts[KTAP_FAIL]);
	}
	return h.sum.violations && !o->expect ? EXIT_CORRUPT : 0;
}

static int list(void)
{
	for (const struct race_op *op = race_ops; op->name; op++)
		printf("%-15s %s: %s\n", op->name, op->about, op->promise);
	return 0;
}

int main(int argc, char **argv)
{
	struct races_options o = { .common = OPTIONS_COMMON, .seconds = 10, .tasks = 2 };
	const struct race_op *a = NULL, *b = NULL;
	int first = options_parse(&program, &o, argc, argv);

	if (first >= 0 && first < argc)
		first = options_error(&program, "'%s': races takes no operands", argv[first]);
	if (first >= 0 && !o.list && !!o.all + !!o.pair + !!o.with != 1)
		first = options_error(&program, "one of --all, --with A and --pair A,B is wanted");
	if (first >= 0 && o.pair && find_pair(o.pair, &a, &b))
		first = options_error(&program,
				      "--pair '%s': two operations and a comma; --list names them",
				      o.pair);
	if (first >= 0 && o.with && !race_find(o.with))
		first = options_error(&program, "--with '%s': no such operation; --list names them",
				      o.with);
	if (first >= 0 && sysconf(_SC_NPROCESSORS_ONLN) < 2)
		first = options_error(&program, "one CPU has no races: two at least");
	if (first < 0)
		return options_status(first);
	return o.list ? list() : run(&o, a, b);
}
