/* SPDX-License-Identifier: GPL-2.0 */
/* What must hold in any guest, whatever the machine: counts, not times. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "tests/guest/guest_fixture.h"

#define HEAD                                                      \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 60s\nsample = 100ms\n[guest]\nmemory = 1g\ncpus = 1\n"

static void expect_near(double value, double wanted, double share, const char *what)
{
	cr_expect(value >= wanted * (1 - share) && value <= wanted * (1 + share),
		  "%s: %.0f, wanted %.0f within %.1f %%", what, value, wanted, share * 100);
}

/* 3 passes over 128 MiB: 98304 touches, 32768 a pass. */
Test(physics, page_fault1_faults_once_per_page_without_thp, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f,
		    HEAD "[settings]\nthp.enabled = never\n"
			 "[workload pf]\nrun = page_fault1 -t 1 --passes 3 --latency @latency@\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "touch_count"), 98304);
	expect_near(fixture_metric(&f, 0, "fault_count"), 98304, 0.01, "faults");
	cr_expect_eq(fixture_metric(&f, 0, "held_anon_huge"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "touches_stored"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "touches_faulted") +
			     fixture_metric(&f, 0, "touches_interrupted") +
			     fixture_metric(&f, 0, "touches_preempted"),
		     98304);
	expect_near(fixture_metric(&f, 0, "held_rss"), 128 * 1024, 0.03, "held RSS");
	expect_near(fixture_metric(&f, 0, "charge_at_hold"), 128 * 1024, 0.03, "charge");
	fixture_release(&f);
}

Test(physics, page_fault1_faults_once_per_512_pages_with_thp, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f,
		    HEAD "[settings]\nthp.enabled = always\n"
			 "[workload pf]\nrun = page_fault1 -t 1 --passes 3 --latency @latency@\n");
	fixture_expect_ok(&f);
	cr_expect_leq(fixture_metric(&f, 0, "region_count"), 3 * 64);
	cr_expect_geq(fixture_metric(&f, 0, "region_count") +
			      fixture_metric(&f, 0, "touches_interrupted") +
			      fixture_metric(&f, 0, "touches_preempted"),
		      3 * 64);
	/* the mapping need not start at a huge page's boundary: its ends are base pages */
	expect_near(fixture_metric(&f, 0, "thp_fault_alloc"), 3 * 64, 0.04, "huge faults");
	cr_expect_lt(fixture_metric(&f, 0, "fault_count"), 98304 / 10);
	fixture_release(&f);
}

/* Every region is aligned: a huge fault and 511 stores each, and no other fault. */
Test(physics, a_store_under_a_huge_page_is_no_fault, .timeout = 120)
{
	struct fixture f;
	double interrupted;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = always\n"
			     "[workload hungry]\nrun = hungry --hungry 128m --sparse 2m --file 2m "
			     "--latency @latency@\n");
	fixture_expect_ok(&f);
	interrupted = fixture_metric(&f, 0, "touches_interrupted");
	cr_expect_eq(fixture_metric(&f, 0, "touch_count"), 32768);
	cr_expect(!fixture_has(&f, 0, "fault_latency_p50"));
	cr_expect(!fixture_has(&f, 0, "fault_latency_mean"));
	cr_expect_leq(fixture_metric(&f, 0, "region_count"), 64);
	cr_expect_geq(fixture_metric(&f, 0, "region_count") + interrupted, 64);
	cr_expect_eq(fixture_metric(&f, 0, "touches_faulted"),
		     fixture_metric(&f, 0, "region_count"));
	cr_expect_geq(fixture_metric(&f, 0, "touches_stored") + interrupted, 64 * 511);
	cr_expect_lt(fixture_metric(&f, 0, "store_latency_p50"),
		     fixture_metric(&f, 0, "region_latency_p50") / 20);
	fixture_release(&f);
}

Test(physics, what_a_workload_sleeps_is_not_its_time, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = always\n"
			     "[workload use]\nrun = usemem -s 2 --latency @latency@ 16m\n"
			     "[workload hog]\nrun = memhog --hold 2000 --latency @latency@ 16m\n");
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		cr_expect_geq(fixture_metric(&f, i, "workload_idle"), 2e9);
		cr_expect_lt(fixture_metric(&f, i, "workload_time"), 2e9);
		expect_near(fixture_metric(&f, i, "charge_at_hold"), 16 * 1024, 0.2, "charge");
	}
	fixture_release(&f);
}

Test(physics, punched_holes_halve_the_resident_set, .timeout = 120)
{
	struct fixture f;
	cleanup_free char *out = NULL;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = never\n"
			     "[workload holes]\nrun = usemem --punch-holes -s 1 200m\n");
	fixture_expect_ok(&f);
	expect_near(fixture_metric(&f, 0, "guest_rss_peak"), 200 * 1024, 0.05, "peak RSS");
	out = fixture_file(&f, 0, "stdout");
	cr_expect_not_null(strstr(out, "punch holes done"), "%s", out);
	fixture_release(&f);
}

Test(physics, memhog_fills_what_it_was_told, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = never, always\n"
			     "[workload hog]\nrun = memhog -r2 300m\n");
	fixture_expect_ok(&f);
	expect_near(fixture_metric(&f, 0, "memcg_charge_peak"), 300 * 1024, 0.05, "never: charge");
	expect_near(fixture_metric(&f, 1, "memcg_charge_peak"), 300 * 1024, 0.05, "always: charge");
	cr_expect_eq(fixture_metric(&f, 0, "thp_fault_alloc"), 0);
	expect_near(fixture_metric(&f, 1, "thp_fault_alloc"), 150, 0.05, "huge faults");
	fixture_release(&f);
}

Test(physics, snapshot_child_keeps_what_the_parent_wrote, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nthp.enabled = never, always\n[workload snap]\n"
			     "run = fork-snapshot --dataset 128m --writes 4000 --snapshots 1 "
			     "--latency @latency@\n");
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++)
		expect_near(fixture_metric(&f, i, "snapshot_private_dirty"),
			    4 * fixture_metric(&f, i, "snapshot_pages_written"), 0.01,
			    "the child's Private_Dirty");
	cr_expect_eq(fixture_metric(&f, 1, "splits_pmd"),
		     fixture_metric(&f, 1, "snapshot_regions_written"));
	fixture_release(&f);
}

Test(physics, sparse_children_cost_what_the_model_says, .timeout = 120)
{
	struct fixture f;

	/* With one page a region dozens more live on what is left below the size of a huge page. */
	fixture_run(&f, HEAD "[settings]\nthp.enabled = never, always\n[workload density]\n"
			     "run = fork-density --chunk 64m --touch random:127 --max 60\n");
	fixture_expect_ok(&f);
	cr_expect_lt(fixture_metric(&f, 1, "children_until_failure"), 18);
	cr_expect_gt(fixture_metric(&f, 1, "children_until_failure"), 10);
	cr_expect_eq(fixture_metric(&f, 0, "children_ok"), 60);
	fixture_release(&f);
}

Test(physics, verify_finds_nothing_under_pressure_and_finds_what_was_planted, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f,
		    HEAD "[workload good]\nrun = verify --size 64m --passes 2\n"
			 "[workload planted]\nrun = verify --size 64m --passes 2 --inject stale\n"
			 "[pressure]\nrun = stress-ng --vm 1 --vm-bytes 20%\n");
	cr_expect_eq(f.outcomes[0].status, FL_OK, "%s", f.outcomes[0].reason);
	cr_expect_eq(f.outcomes[1].status, FL_CORRUPT, "%s", f.outcomes[1].reason);
	cr_expect_not_null(strstr(f.outcomes[1].reason, "stale"), "%s", f.outcomes[1].reason);
	fixture_release(&f);
}
