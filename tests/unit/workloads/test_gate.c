// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "workloads/lib/gate.h"
#include "workloads/lib/seed.h"
#include "workloads/lib/task.h"

static struct gate *gate;

static int arrive(unsigned int nr, void *arg)
{
	(void)nr;
	(void)arg;
	return gate_wait(gate) ? 1 : 0;
}

static int die_second(unsigned int nr, void *arg)
{
	if (nr == 1)
		raise(SIGKILL);
	return arrive(nr, arg);
}

static int fail_third(unsigned int nr, void *arg)
{
	(void)arg;
	return nr == 2 ? 7 : 0;
}

static void new_gate(void)
{
	cr_assert_eq(gate_new(&gate), 0);
}

static void quiet_stderr(void)
{
	new_gate();
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
}

TestSuite(workload_gate, .init = new_gate, .timeout = 20);

static void all_pass(enum task_kind kind)
{
	struct tasks *tasks;

	cr_assert_eq(tasks_start(&tasks, kind, 5, arrive, NULL, NULL), 0);
	cr_assert_eq(gate_open(gate, 5, tasks_running, tasks), 0);
	cr_assert_eq(tasks_wait(tasks), 0);
	tasks_free(tasks);
}

Test(workload_gate, opens_for_processes)
{
	all_pass(TASK_PROCESS);
}

Test(workload_gate, opens_for_threads)
{
	all_pass(TASK_THREAD);
}

Test(workload_gate, a_death_before_it_breaks_it, .init = quiet_stderr)
{
	struct tasks *tasks;

	cr_assert_eq(tasks_start(&tasks, TASK_PROCESS, 3, die_second, NULL, NULL), 0);
	cr_assert_eq(gate_open(gate, 3, tasks_running, tasks), -ECHILD);
	cr_assert_eq(tasks_wait(tasks), 1);
	tasks_free(tasks);
}

Test(workload_gate, a_failure_is_a_failure, .init = quiet_stderr)
{
	struct tasks *tasks;

	cr_assert_eq(tasks_start(&tasks, TASK_PROCESS, 4, fail_third, NULL, NULL), 0);
	cr_assert_eq(tasks_wait(tasks), 1);
	cr_assert_not(tasks_healthy(tasks));
	tasks_free(tasks);
	cr_assert_eq(tasks_start(&tasks, TASK_THREAD, 4, fail_third, NULL, NULL), 0);
	cr_assert_eq(tasks_wait(tasks), 1);
	tasks_free(tasks);
}

Test(workload_gate, killing_leaves_nobody)
{
	struct tasks *tasks;

	cr_assert_eq(tasks_start(&tasks, TASK_PROCESS, 3, arrive, NULL, NULL), 0);
	tasks_kill(tasks);
	cr_assert_not(tasks_running(tasks));
	tasks_free(tasks);
}

Test(workload_seed, streams_repeat_and_differ)
{
	struct prng a, b, c;

	prng_seed(&a, 1, 0);
	prng_seed(&b, 1, 0);
	prng_seed(&c, 1, 1);
	for (int i = 0; i < 100; i++) {
		uint64_t x = prng_next(&a);

		cr_assert_eq(x, prng_next(&b));
		cr_assert_neq(x, prng_next(&c));
	}
}

Test(workload_seed, bounds_hold_and_are_reached)
{
	struct prng r;
	unsigned int seen[10] = { 0 };

	prng_seed(&r, 3, 0);
	for (int i = 0; i < 10000; i++) {
		double u = prng_unit(&r);

		seen[prng_below(&r, 10)]++;
		cr_assert(u >= 0 && u < 1);
	}
	for (int i = 0; i < 10; i++)
		cr_assert(seen[i] > 850 && seen[i] < 1150, "%d: %u", i, seen[i]);
}
