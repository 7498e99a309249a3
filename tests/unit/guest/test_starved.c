/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/starved.h"

static pid_t busy(int policy)
{
	const struct sched_param param = { 0 };
	pid_t pid = fork();
	cpu_set_t one;

	if (pid)
		return pid;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) || sched_setscheduler(0, policy, &param))
		_exit(1);
	for (volatile unsigned int i = 0;; i++)
		;
}

/* Two that never sleep on one CPU: the one of less right waits, and the other hardly. */
Test(starved, a_process_beside_a_busy_one)
{
	cpu_set_t one;
	pid_t starved, other;
	uint64_t ns = 0;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	cr_assert_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	starved = busy(SCHED_IDLE);
	other = busy(SCHED_OTHER);
	for (int i = 0; i < 3000 && ns < 200000000; i++) {
		usleep(10000);
		ns = fl_starved_ns(starved);
	}
	cr_expect_geq(ns, 200000000);
	cr_expect_lt(fl_starved_ns(other), ns);
	kill(starved, SIGKILL);
	kill(other, SIGKILL);
	waitpid(starved, NULL, 0);
	waitpid(other, NULL, 0);
	cr_expect_eq(fl_starved_ns(starved), 0);
}
