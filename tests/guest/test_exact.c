/* SPDX-License-Identifier: GPL-2.0 */
/* The instruction clock: the same count, restored or booted, and a profile that adds up. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/guest/guest_fixture.h"

#define HEAD(start)                                                                 \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 2\ntimeout = 60s\n"    \
	"[guest]\nmemory = 1g\ncpus = 1\nclock = instructions\nstart = " start "\n" \
	"[settings]\nthp.enabled = always, never\n"

#define WORK                                                                     \
	"[workload pf]\nrun = page_fault1 -t 1 --passes 1 --latency @latency@\n" \
	"[workload snap]\nrun = fork-snapshot --dataset 32m --writes 2000 --snapshots 1\n"

static const char *const exact[] = { "workload_time", "fault_count", "guest_free_lost",
				     "memcg_charge_peak", "page_faults" };

/* Points come in pairs of repeats; b's may be those of another fixture. */
static void expect_same(const struct fixture *a, size_t i, const struct fixture *b, size_t j)
{
	for (size_t k = 0; k < sizeof(exact) / sizeof(exact[0]); k++)
		cr_expect_eq(fixture_metric(a, i, exact[k]), fixture_metric(b, j, exact[k]),
			     "points %zu and %zu: %s: %.0f and %.0f", i, j, exact[k],
			     fixture_metric(a, i, exact[k]), fixture_metric(b, j, exact[k]));
}

static size_t other_repeat(const struct fixture *f, size_t i)
{
	for (size_t j = 0; j < f->plan.n; j++)
		if (j != i && f->plan.points[j].workload == f->plan.points[i].workload &&
		    !strcmp(f->plan.points[j].settings[0].value,
			    f->plan.points[i].settings[0].value))
			return j;
	cr_assert_fail("point %zu has no other repeat", i);
	return 0;
}

static const char *const counted[] = {
	"clock_cost",          "touches_faulted",
	"touches_interrupted", "touches_preempted",
	"touches_stored",      "touch_latency_mean",
	"region_latency_mean", "region_latency_p50",
	"region_latency_max",  "interrupted_latency_max",
};

/* What faulted, what did not and what a tick fell into, is told by counts alone. */
Test(exact, latencies_are_of_touches_that_faulted, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, HEAD("auto") "[workload pf]\nrun = page_fault1 -t 1 --passes 2 --latency "
				     "@latency@\n");
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		bool never = !strcmp(f.plan.points[i].settings[0].value, "never");
		double faulted = fixture_metric(&f, i, "touches_faulted");
		double stored = fixture_metric(&f, i, "touches_stored");
		double interrupted = fixture_metric(&f, i, "touches_interrupted");
		double preempted = fixture_metric(&f, i, "touches_preempted");

		for (size_t k = 0; k < sizeof(counted) / sizeof(counted[0]); k++)
			cr_expect_eq(fixture_metric(&f, i, counted[k]),
				     fixture_metric(&f, other_repeat(&f, i), counted[k]), "%s",
				     counted[k]);
		cr_expect_eq(faulted + stored + interrupted + preempted, 65536);
		cr_expect_eq(fixture_has(&f, i, "fault_latency_mean"), never);
		cr_expect_eq(fixture_has(&f, i, "store_latency_mean"), !never);
		/* 250 ticks a second; the program's own faults are some hundreds */
		cr_expect_lt(interrupted, fixture_metric(&f, i, "workload_time") / 4e6 + 1);
		cr_expect_gt(interrupted, 0);
		cr_expect_geq(fixture_metric(&f, i, "fault_count"), faulted);
		cr_expect_lt(fixture_metric(&f, i, "fault_count") - faulted - interrupted, 1000);
		if (never) {
			double p50 = fixture_metric(&f, i, "fault_latency_p50");

			cr_expect_eq(stored, 0);
			cr_expect_eq(p50, (double)(uint64_t)p50, "a number of instructions");
			continue;
		}
		cr_expect_geq(stored + interrupted, 126 * 511);
		cr_expect_leq(fixture_metric(&f, i, "store_latency_p50"), 8);
	}
	fixture_release(&f);
}

/* Its driver is asked for in the script: such a guest hears nothing else. */
Test(exact, guests_with_a_balloon_count_the_same, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, "[experiment]\nname = test\nkernel = stock\nrepeat = 2\ntimeout = 60s\n"
			"[guest]\nmemory = 1g\ncpus = 2\nclock = instructions\n[settings]\n"
			"thp.enabled = never\nguest.free_page_reporting = off\n"
			"[workload pf]\nrun = page_fault1 -t 1 --passes 1 --latency @latency@\n");
	fixture_expect_ok(&f);
	expect_same(&f, 0, &f, 1);
	cr_expect_gt(fixture_metric(&f, 0, "free_latency_mean"), 100);
	cr_expect_eq(fixture_metric(&f, 0, "free_latency_mean"),
		     fixture_metric(&f, 1, "free_latency_mean"));
	fixture_release(&f);
}

Test(exact, restored_and_booted_guests_count_the_same, .timeout = 240)
{
	struct fixture restored, booted;

	fixture_run(&restored, HEAD("auto") WORK);
	fixture_run(&booted, HEAD("boot") WORK);
	fixture_expect_ok(&restored);
	fixture_expect_ok(&booted);
	for (size_t i = 0; i < restored.plan.n; i++) {
		cr_expect(restored.outcomes[i].restored);
		cr_expect_not(booted.outcomes[i].restored);
		expect_same(&restored, i, &restored, other_repeat(&restored, i));
		expect_same(&restored, i, &booted, i);
	}
	fixture_release(&restored);
	fixture_release(&booted);
}

/* 32,768 pages of page_fault1, and what a process faults besides. */
Test(exact, the_profile_counts_every_fault, .timeout = 120)
{
	struct fixture f;
	uint64_t sum = 0;
	bool clears = false;

	fixture_run(&f, HEAD("auto") "[workload pf]\nrun = page_fault1 -t 1 --passes 1\n");
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		const struct fl_profile *p = &f.outcomes[i].profile;

		if (f.plan.points[i].repeat != 1 ||
		    strcmp(f.plan.points[i].settings[0].value, "never") != 0)
			continue;
		cr_assert_gt(p->n, 100);
		cr_expect(p->faults >= 32768 && p->faults < 34000, "%llu",
			  (unsigned long long)p->faults);
		for (size_t k = 0; k < p->n; k++) {
			sum += p->stacks[k].insns;
			clears |= strstr(p->stacks[k].stack, "do_anonymous_page;") &&
				  strstr(p->stacks[k].stack, "clear_page");
		}
		cr_expect_eq(sum, p->instructions);
		cr_expect(clears, "no clear_page below do_anonymous_page");
		cr_expect_lt(p->instructions, p->kernel);
		cr_expect_lt((double)(p->kernel + p->user),
			     1.01 * (fixture_metric(&f, i, "workload_time") +
				     fixture_metric(&f, i, "workload_idle")));
	}
	fixture_release(&f);
}
