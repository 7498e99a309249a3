// SPDX-License-Identifier: GPL-2.0
/*
 * What the documentation of promotion_threshold promises, case by case: what makes and ends a
 * reservation, what pressure takes and what it leaves, what fork and threads cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/ktap.h"
#include "lib/memcg.h"
#include "lib/options.h"
#include "lib/promise.h"

struct reservations_options {
	struct options_common common;
	bool list, machine;
};

static const struct option_spec specs[] = {
	{ "list", 'l', NULL, "name the cases", OPTION_FLAG,
	  offsetof(struct reservations_options, list), 0, 0 },
	{ "machine", 0, NULL, "also those that fill the memory of the machine", OPTION_FLAG,
	  offsetof(struct reservations_options, machine), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "reservations",
	.synopsis = "[OPTIONS] [CASE...]",
	.summary = "Check what is promised of reserved huge pages (promotion_threshold).",
	.notes = "Each case runs in a process and a memory cgroup of its own, with settings of its "
		 "own;\n"
		 "as root, in a guest.  Prints KTAP, and cases_passed, cases_failed, "
		 "cases_skipped.\n"
		 "Exit status 0 whatever the cases say.\n",
	.options = specs,
};

static const struct promise *const all[] = { fault_promises, pressure_promises };

static bool known(const char *name)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (const struct promise *p = all[i]; p->name; p++)
			if (!strcmp(p->name, name))
				return true;
	return false;
}

static void usual_settings(void)
{
	thp_put("enabled", "always");
	thp_put("defrag", "madvise");
	thp_put("shrink_underused", "1");
	thp_put("khugepaged/max_ptes_none", "511");
	thp_put("khugepaged/pages_to_scan", "4096");
	thp_put("khugepaged/scan_sleep_millisecs", "10000");
	thp_threshold(1);
}

static enum promise_result try(const struct promise *p)
{
	struct memcg_group group;
	int status = 0;
	pid_t child;

	usual_settings();
	if (memcg_new(&group, UINT64_MAX, UINT64_MAX))
		return promise_skip("no memory cgroup of our own");
	fflush(stdout);
	child = fork();
	if (!child) {
		enum promise_result result =
			memcg_join(&group) ? promise_skip("cannot join a memory cgroup") : p->fn();

		fflush(stdout);
		_exit((int)result);
	}
	waitpid(child, &status, 0);
	memcg_free(&group);
	usual_settings();
	if (!WIFEXITED(status)) {
		printf("# ended by signal %d\n", WTERMSIG(status));
		return PROMISE_BROKEN;
	}
	return (enum promise_result)WEXITSTATUS(status);
}

static void judge(struct ktap *k, const struct promise *p, bool machine)
{
	static const enum ktap_outcome outcomes[] = {
		[PROMISE_KEPT] = KTAP_PASS,
		[PROMISE_BROKEN] = KTAP_FAIL,
		[PROMISE_SKIP] = KTAP_SKIP,
	};

	if (p->machine && !machine)
		ktap_result(k, KTAP_SKIP, p->name, "only with --machine");
	else
		ktap_result(k, outcomes[try(p)], p->name, p->about);
}

int main(int argc, char **argv)
{
	struct reservations_options o = { .common = OPTIONS_COMMON };
	int first = options_parse(&program, &o, argc, argv);
	struct ktap k = { .out = stdout };

	for (int i = first; i >= 0 && i < argc; i++)
		if (!known(argv[i]))
			first = options_error(&program, "no case '%s'; --list names them", argv[i]);
	if (first < 0)
		return options_status(first);
	if (!o.list && !thp_threshold(1)) {
		puts("# this kernel has no promotion_threshold");
		ktap_result(&k, KTAP_SKIP, "all", "this kernel has no promotion_threshold");
		ktap_summary(&k);
		return 0;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (const struct promise *p = all[i]; p->name; p++) {
			if (o.list)
				printf("%-14s%s\n", p->name, p->about);
			else if (ktap_wanted(p->name, argc - first, argv + first))
				judge(&k, p, o.machine);
		}
	if (!o.list)
		ktap_summary(&k);
	return 0;
}
