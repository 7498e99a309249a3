/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "workloads/lib/timed.h"

static const struct program program = { .name = "timed" };

struct timed_options {
	struct options_common common;
	unsigned int runs;
	int status;
	bool speaks;
};

static struct timed_options *tried;

static int work(const void *options, struct latency *latency)
{
	const struct timed_options *o = options;

	tried->runs++;
	cr_expect_eq(!latency, !o->common.latency);
	if (latency)
		latency_record(latency_task(latency, 0), LATENCY_BASE, 1, 2);
	if (o->speaks)
		printf("to a full disk\n");
	return o->status;
}

static int run(const char *latency, int status, bool speaks)
{
	struct timed_options o = {
		.common = { .latency = latency },
		.status = status,
		.speaks = speaks,
	};
	int got;

	tried = &o;
	got = timed_run(&program, &o, 1, work);
	cr_expect_eq(o.runs, got != 2, "it runs once, if its latencies have a place");
	return got;
}

Test(workload_timed, the_status_is_that_of_the_work)
{
	cr_expect_eq(run(NULL, 0, false), 0);
	cr_expect_eq(run(NULL, 4, false), 4);
	cr_expect_eq(run("/dev/null", 0, false), 0);
}

Test(workload_timed, without_a_place_for_latencies_nothing_runs)
{
	cr_expect_eq(run("/nowhere/at/all", 0, false), 2);
}

Test(workload_timed, a_full_disk_is_told_and_hides_nothing)
{
	cr_expect_eq(run("/dev/full", 0, false), 1);
	cr_expect_eq(run("/dev/full", 4, false), 4);
}

Test(workload_timed, so_is_one_that_stdout_goes_to)
{
	cr_assert(freopen("/dev/full", "w", stdout));
	cr_expect_eq(run(NULL, 0, true), 1);
	cr_expect_eq(run(NULL, 4, true), 4);
}
