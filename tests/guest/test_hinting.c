/* SPDX-License-Identifier: GPL-2.0 */
/* What the guest freed, and the host's part in it. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/guest/guest_fixture.h"

#define HEAD(kernel)                                                   \
	"[experiment]\nname = test\nkernel = " kernel "\nrepeat = 1\n" \
	"timeout = 90s\nsample = 500ms\n[guest]\nmemory = 512m\ncpus = 1\n"
#define STEPS                                                                        \
	"[steps]\ntouched = wait-output bigfree touched\nheld = sample\n"            \
	"freed = wait-output bigfree freed\nback = wait-freed 20s\nafter = sample\n" \
	"stop = kill\n"
#define MIB 1024.0

/* Without reporting all is left over, with it nothing much; MADV_FREE keeps what nobody wants. */
Test(hinting, what_is_left_over_of_a_big_exit, .timeout = 300)
{
	struct fixture f;

	fixture_run(&f, HEAD("stock") "[settings off]\nguest.free_page_reporting = off\n"
				      "[settings on]\nguest.free_page_reporting = on\n"
				      "page_reporting.method = list\n"
				      "[settings lazy]\nguest.free_page_reporting = on\n"
				      "host.madvise = free\n"
				      "[workload w]\nrun = bigfree --order descending --hold 1500 "
				      "--idle 60000 256m\n" STEPS);
	fixture_expect_ok(&f);
	cr_expect_geq(fixture_metric(&f, 0, "host_leftover_end"), 220 * MIB);
	cr_expect_not(fixture_has(&f, 0, "report_time_95"), "it never was");
	cr_expect_leq(fixture_metric(&f, 1, "host_leftover_end"), 64 * MIB);
	cr_expect_gt(fixture_metric(&f, 1, "report_time_95"), 0);
	cr_expect_leq(fixture_metric(&f, 1, "host_rss_at_after"),
		      fixture_metric(&f, 1, "host_rss_at_held") - 200 * MIB);
	cr_expect_geq(fixture_metric(&f, 2, "host_lazy_free_at_after"), 200 * MIB);
	cr_expect_geq(fixture_metric(&f, 2, "host_leftover_end"), 200 * MIB);
	fixture_release(&f);
}

/* Freed from the end to the start, by the bitmap and by the list; off, nothing comes back. */
Test(hinting, each_method_of_the_patched_kernel, .timeout = 300)
{
	struct fixture f;

	fixture_run(
		&f,
		HEAD("patched") "[settings]\nguest.free_page_reporting = on\n"
				"vm.percpu_pagelist_high_fraction = 1000000\n"
				"page_reporting.method = list, bitmap, off\n"
				"[workload w]\nrun = bigfree --order descending --hold 1500 --idle "
				"60000 256m\n" STEPS);
	fixture_expect_ok(&f);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_leq(fixture_metric(&f, i, "host_leftover_end"), 8 * MIB, "%zu", i);
		cr_expect_gt(fixture_metric(&f, i, "report_time_95"), 0, "%zu", i);
	}
	cr_expect_geq(fixture_metric(&f, 2, "host_leftover_end"), 220 * MIB);
	fixture_release(&f);
}

/* One block in use, reported by the kernel itself: the verifier names it. */
Test(hinting, memory_in_use_that_is_reported_is_found, .timeout = 300)
{
	struct fixture f;

	fixture_run(&f, "[experiment]\nname = test\nkernel = patched-debug\nrepeat = 1\n"
			"timeout = 120s\n[guest]\nmemory = 512m\ncpus = 1\n"
			"[settings]\nguest.free_page_reporting = on\n"
			"page_reporting.method = bitmap\n"
			"[workload w]\nrun = busybox sh -c 'verify --size 128m --churn none "
			"--seconds 60 &\n until grep -q \"^AnonPages: *1[3-9][0-9]\\{4\\} kB\" "
			"/proc/meminfo; do sleep 1; done;\n "
			"echo 1 >/sys/kernel/debug/page_hinting/report_allocated; wait $!'\n");
	cr_expect_eq(f.outcomes[0].status, FL_CORRUPT, "%s", f.outcomes[0].reason);
	cr_expect_not_null(strstr(f.outcomes[0].reason, "corrupt 0x"), "%s", f.outcomes[0].reason);
	fixture_release(&f);
}

Test(hinting, a_method_that_the_kernel_lacks_is_skipped, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f,
		    HEAD("stock") "[settings]\nguest.free_page_reporting = on\n"
				  "page_reporting.method = bitmap\n[workload w]\nrun = verify\n");
	cr_expect_eq(f.outcomes[0].status, FL_SKIPPED);
	cr_expect_not_null(strstr(f.outcomes[0].reason, "no page_reporting.method"), "%s",
			   f.outcomes[0].reason);
	fixture_release(&f);
}

/* The short form of nightly-hinting: more memory than there is, and a page made wrong is named. */
Test(hinting, no_page_is_lost_and_a_wrong_one_is_found, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, "[experiment]\nname = test\nrepeat = 1\ntimeout = 60s\n[guest]\n"
			"memory = 32g\nbacked = 2g\ncpus = 1\n[settings]\n"
			"guest.free_page_reporting = on\n"
			"[workload good]\nrun = verify --size 128m --churn mix --seconds 8\n"
			"[workload bad]\nrun = verify --size 64m --inject lost\n");
	cr_expect_eq(f.outcomes[0].status, FL_OK, "%s", f.outcomes[0].reason);
	cr_expect_eq(f.outcomes[1].status, FL_CORRUPT, "%s", f.outcomes[1].reason);
	cr_expect_not_null(strstr(f.outcomes[1].reason, "corrupt 0x"), "%s", f.outcomes[1].reason);
	fixture_release(&f);
}

#define LIFE(more)                                                               \
	"[experiment]\nname = test\nkernel = patched-debug\nrepeat = 1\n"        \
	"timeout = 120s\n[guest]\nmemory = 512m\ncpus = 2\n" more "[settings]\n" \
	"guest.free_page_reporting = on\npage_reporting.method = bitmap\n"

/* The verifier runs, and beside it something happens, both again until that went well and a block
 * was marked: a slow guest does little in 10 s. */
#define BESIDE(name, what)                                                          \
	"[workload " name "]\nrun = busybox sh -c '"                                \
	"marked() { grep page_hinting_blocks /proc/vmstat; }; was=$(marked);\n "    \
	"while true; do\n "                                                         \
	"verify --tasks 2 --size 64m --churn mix --seconds 10 >out 2>&1 & v=$!;\n " \
	"while kill -0 $v 2>/dev/null; do (" what ") && ok=1; sleep 1; done;\n "    \
	"wait $v || { s=$?; cat out; exit $s; };\n "                                \
	"test $ok && test \"$(marked)\" != \"$was\" && break; done; cat out'\n"
#define METHODS                           \
	"for i in list off bitmap; do\n " \
	"echo $i >/sys/module/page_reporting/parameters/method || exit 1; sleep 1; done"
#define UNBIND                                                   \
	"cd /sys/bus/virtio/drivers/virtio_balloon; sleep 3;\n " \
	"n=$(echo virtio*); echo $n >unbind && sleep 1 && echo $n >bind"
#define SLEEP                                                      \
	"echo devices >/sys/power/pm_test;\n "                     \
	"echo 1 >/sys/module/suspend/parameters/pm_test_delay;\n " \
	"sleep 2; echo freeze >/sys/power/state"
#define CONTIGUOUS                              \
	"cd /sys/kernel/debug/cma/reserved;\n " \
	"echo 8192 >alloc && sleep 1 && echo 8192 >free"

static void are_verified(const struct fixture *f)
{
	fixture_expect_ok(f);
	for (size_t i = 0; i < f->plan.n; i++) {
		double verified = fixture_metric(f, i, "verified_pages");
		double reported = fixture_metric(f, i, "pages_reported");
		double hinted = fixture_metric(f, i, "blocks_hinted");

		cr_expect_gt(verified, 1000, "%zu: %g", i, verified);
		cr_expect_gt(reported, 0, "%zu: %g", i, reported);
		cr_expect_gt(hinted, 0, "%zu: %g", i, hinted);
	}
}

/* The method changes, the device goes and comes, it sleeps: nothing is lost, nobody complains. */
Test(hinting, the_method_and_the_device_change_under_way, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f, LIFE("") BESIDE("methods", METHODS) BESIDE("unbind", UNBIND)
				BESIDE("sleep", SLEEP));
	are_verified(&f);
	fixture_release(&f);
}

/* Pages cleared when freed, or filled with a pattern; memory that devices take and give back. */
Test(hinting, poisoned_pages_and_contiguous_memory, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f,
		    LIFE("cmdline = cma=64m init_on_free=1\n") BESIDE("contiguous", CONTIGUOUS));
	are_verified(&f);
	fixture_release(&f);
	fixture_run(&f, LIFE("cmdline = page_poison=1\n") BESIDE("nothing", "true"));
	are_verified(&f);
	fixture_release(&f);
}

/* Memory that is added is reported, and can be taken away again. */
Test(hinting, memory_that_comes_and_goes, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f, LIFE("") "[workload w]\nrun = verify --tasks 2 --size 64m --churn mix "
				 "--seconds 45\n[steps]\nbegin = settle 5s\nbefore = sample\n"
				 "add = dimm-add 512m\nonline = online add movable\n"
				 "reported = settle 6s\nafter = sample\nremove = dimm-del add\n"
				 "again = dimm-add 512m\nback = online again movable\n"
				 "done = wait-exit\n");
	are_verified(&f);
	cr_expect_geq(fixture_metric(&f, 0, "page_reporting_pages_at_after"),
		      fixture_metric(&f, 0, "page_reporting_pages_at_before") + 100000);
	fixture_release(&f);
}

/* Two guests of which the limit holds one: what does not fit is a result. */
Test(hinting, guests_in_turn_within_a_limit, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f, "[experiment]\nname = test\nrepeat = 1\ntimeout = 60s\nsample = 0\n"
			"[guest]\nmemory = 512m\ncpus = 1\ncount = 2\nrounds = 2\n"
			"[settings]\nhost.memory_limit = 640m, 2g\n"
			"[workload w]\nrun = memhog 300m\n");
	if (f.outcomes[0].status == FL_SKIPPED)
		cr_skip("no control group here: %s", f.outcomes[0].reason);
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "guests_fit"), 1);
	cr_expect_gt(fixture_metric(&f, 0, "round_time_1_2"), 0);
	cr_expect_eq(fixture_metric(&f, 1, "guests_fit"), 2);
	cr_expect_gt(fixture_metric(&f, 1, "round_time_2_2"), 0);
	cr_expect_geq(fixture_metric(&f, 1, "stack_rss_peak"), 600 * MIB);
	fixture_release(&f);
}
