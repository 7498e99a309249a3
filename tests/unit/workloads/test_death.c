// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>

#include "workloads/lib/death.h"

static const struct death_kills none = { 3, 1 }, one = { 4, 1 }, in_group = { 4, 2 },
				only_hit = { 3, 2 };
static char name[32];

static bool was_memory(int status, const struct death_kills *after)
{
	return death_name(status, &none, after, name, sizeof(name));
}

Test(workload_death, kills_are_told_apart)
{
	cr_expect(was_memory(W_EXITCODE(0, SIGKILL), &one));
	cr_expect_str_eq(name, "oom-kill");
	cr_expect(was_memory(W_EXITCODE(0, SIGKILL), &in_group));
	cr_expect_str_eq(name, "memcg-oom-kill");
	cr_expect_not(was_memory(W_EXITCODE(0, SIGKILL), &none));
	cr_expect_str_eq(name, "killed");
	cr_expect_not(was_memory(W_EXITCODE(0, SIGKILL), &only_hit));
	cr_expect_str_eq(name, "killed");
	cr_expect_not(was_memory(W_EXITCODE(0, SIGSEGV), &one));
	cr_expect_str_eq(name, "signal-11");
	cr_expect_not(was_memory(W_EXITCODE(3, 0), &none));
	cr_expect_str_eq(name, "exit-3");
}
