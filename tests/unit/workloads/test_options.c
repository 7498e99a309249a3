// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "workloads/lib/options.h"

struct values {
	struct options_common common;
	uint64_t tasks, size;
	int64_t sleep;
	bool quiet;
};

static const struct option_spec specs[] = {
	{ "tasks", 't', "N", "tasks", OPTION_NUMBER, offsetof(struct values, tasks), 1, 8 },
	{ "size", 0, "SIZE", "size", OPTION_SIZE, offsetof(struct values, size), 4096, 0 },
	{ "sleep", 's', "SEC", "sleep", OPTION_SIGNED, offsetof(struct values, sleep), (uint64_t)-5,
	  5 },
	{ NULL, 'q', NULL, "quiet", OPTION_FLAG, offsetof(struct values, quiet), 0, 0 },
	{ 0 },
};

static const struct program program = {
	.name = "prog",
	.synopsis = "SIZE",
	.summary = "Does it.",
	.options = specs,
};

static struct values v;

static void quiet(void)
{
	v = (struct values){ .common = OPTIONS_COMMON };
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
	cr_assert_not_null(freopen("/dev/null", "w", stdout));
}

#define PARSE(...)                                                                            \
	({                                                                                    \
		char *args[] = { (char *)"prog", __VA_ARGS__, NULL };                         \
		optind = 0;                                                                   \
		options_parse(&program, &v, (int)(sizeof(args) / sizeof(args[0])) - 1, args); \
	})

TestSuite(workload_options, .init = quiet);

Test(workload_options, values_and_operands_in_any_order)
{
	char one[] = "1g", t[] = "-t3", size[] = "--size", k[] = "64k", q[] = "-q", s[] = "-s",
	     minus[] = "-1", lat[] = "--latency=x";

	cr_assert_eq(PARSE(one, t, size, k, q, s, minus, lat), 8);
	cr_assert_eq(v.tasks, 3);
	cr_assert_eq(v.size, 65536);
	cr_assert_eq(v.sleep, -1);
	cr_assert(v.quiet);
	cr_assert_str_eq(v.common.latency, "x");
	cr_assert_eq(v.common.seed, OPTIONS_SEED);
}

Test(workload_options, what_is_wrong_is_told)
{
	char *const bad[] = { (char *)"-x",        (char *)"--nope",  (char *)"-t9",
			      (char *)"-t0",       (char *)"-t",      (char *)"--size=1",
			      (char *)"--size=1q", (char *)"-s-6",    (char *)"-qx",
			      (char *)"--seed=-1", (char *)"--help=1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(PARSE(bad[i]), OPTIONS_BAD, "%s", bad[i]);
	cr_assert_eq(options_status(OPTIONS_BAD), 2);
}

Test(workload_options, help_is_not_an_error)
{
	char h[] = "-h", help[] = "--help";

	cr_assert_eq(PARSE(h), OPTIONS_HELP);
	cr_assert_eq(PARSE(help), OPTIONS_HELP);
	cr_assert_eq(options_status(OPTIONS_HELP), 0);
}
