/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that is added: where its map lies, and what a guest bears. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/guest/guest_fixture.h"

#define HEAD                                                      \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 60s\nsample = 100ms\n[guest]\nmemory = 512m\ncpus = 1\n"
#define MAP_OF_512M 8192 /* KiB: 64 bytes for each page */
#define SLACK 1024       /* page tables, sysfs */

Test(hotplug, where_the_map_lies, .timeout = 90)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nhotplug.memmap_on_memory = off, on\n"
			     "step.size = 512m\n[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nbefore = sample\nadd = dimm-add @step.size@ reserve=off\n"
			     "online = online add movable\nremove = try dimm-del add\n"
			     "stop = kill\n");
	fixture_expect_ok(&f);
	for (size_t i = 0; i < 2; i++) {
		double inside = i ? MAP_OF_512M : 0;

		cr_expect_eq(fixture_metric(&f, i, "memmap_in_new_memory"), inside);
		cr_expect_eq(fixture_metric(&f, i, "total_short"), inside);
		cr_expect_eq(fixture_metric(&f, i, "guest_memmap_at_add"), MAP_OF_512M);
		cr_expect_lt(fixture_metric(&f, i, "free_before_online_delta"),
			     MAP_OF_512M - inside + SLACK);
		cr_expect_gt(fixture_metric(&f, i, "free_before_online_delta"),
			     MAP_OF_512M - inside - SLACK);
		cr_expect_eq(fixture_metric(&f, i, "unplugged"), 1);
		cr_expect_lt(fixture_metric(&f, i, "unplug_free_lost"), SLACK);
		cr_expect_gt(fixture_metric(&f, i, "usable_time"), 0);
		cr_expect_eq(fixture_metric(&f, i, "survived"), 1);
	}
	fixture_release(&f);
}

/* Blocks that are online already are refused; answers about the others come while later steps
 * wait. */
Test(hotplug, a_failed_try_leaves_no_answer_to_others, .timeout = 90)
{
	struct fixture f;

	fixture_run(&f, HEAD "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nadd = dimm-add 512m reserve=off\n"
			     "online = online add movable\nagain = try online add movable\n"
			     "drop = write /proc/sys/vm/drop_caches 1\n"
			     "third = try online add movable\nfourth = try online add auto\n"
			     "stop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "step_again_ok"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "step_third_ok"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "step_fourth_ok"), 1, "all are online");
	fixture_release(&f);
}

Test(hotplug, a_guest_that_runs_out_is_a_result, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nadd = dimm-add 60g reserve=off\nstop = kill\n");
	cr_expect_eq(f.outcomes[0].status, FL_OOM, "%s", f.outcomes[0].reason);
	cr_expect_eq(fixture_metric(&f, 0, "survived"), 0);
	fixture_release(&f);
}

Test(hotplug, the_largest_size_is_found, .timeout = 120)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nhotplug.memmap_on_memory = off\n"
			     "step.size = 4g..52g/16g\n[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nadd = dimm-add @step.size@ reserve=off\nstop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "search_largest"), 20 << 20);
	cr_expect_eq(fixture_metric(&f, 0, "search_least_bad"), 36 << 20);
	cr_expect_not_null(strstr(f.outcomes[0].reason, "step.size=36g: oom"), "%s",
			   f.outcomes[0].reason);
	fixture_release(&f);
}

Test(hotplug, block_by_block, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nhotplug.online = online_movable\n"
			     "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nbefore = sample\ngrow = virtio-mem 512m\n"
			     "shrink = virtio-mem 0m\nstop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "guest_total_at_grow") -
			     fixture_metric(&f, 0, "guest_total_at_before"),
		     512 << 10);
	cr_expect_eq(fixture_metric(&f, 0, "guest_total_at_shrink"),
		     fixture_metric(&f, 0, "guest_total_at_before"));
	fixture_release(&f);
}

Test(hotplug, what_stays_offline_is_not_waited_for, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[settings]\nhotplug.online = offline\n"
			     "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nbefore = sample\ngrow = virtio-mem 256m\nstop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "guest_total_at_grow"),
		     fixture_metric(&f, 0, "guest_total_at_before"));
	cr_expect_eq(fixture_metric(&f, 0, "total_short"), 256 << 10);
	fixture_release(&f);
}

Test(hotplug, one_that_may_fail_does_not_fail_the_point, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nodd = try qmp no-such-command\n"
			     "good = try write /proc/sys/vm/drop_caches 3\nstop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "step_odd_ok"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "step_good_ok"), 1);
	fixture_release(&f);
}
