/* SPDX-License-Identifier: GPL-2.0 */
/* What a balloon of blocks must still do: move, fall back, give way, go. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/guest/guest_fixture.h"

#define HEAD                                                        \
	"[experiment]\nname = test\nkernel = patched\nrepeat = 1\n" \
	"timeout = 60s\nsample = 0\n[guest]\nmemory = 512m\n"
#define HUGE "[settings]\nthp.enabled = never\nballoon.inflate_order = host-huge\n"
#define MADE HUGE "balloon.inflate_move = 100\n"
#define IDLE "[workload w]\nrun = busybox sleep 99\n"

static void run(struct fixture *f, const char *ini)
{
	fixture_run(f, ini);
	fixture_expect_ok(f);
}

/* More than there are free blocks: the rest is taken from holes, and the target is reached. */
Test(balloon, without_blocks_it_falls_back_and_reaches_its_target, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD HUGE "[workload w]\nrun = usemem --punch-holes -s -1 340m\n"
			  "[steps]\npunched = wait-output punch holes done\nbefore = sample\n"
			  "inflate = balloon 300m\ninflated = sample\nprobe = run page_fault1 "
			  "-t 1 --passes 1 --size 8m --latency 1\ndone = wait-exit probe\n"
			  "stop = kill\n[guest]\nprograms = page_fault1\n");
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_inflated"), 300 * 1024);
	cr_expect_gt(fixture_metric(&f, 0, "balloon_inflate_fallback"), 0);
	cr_expect_gt(fixture_metric(&f, 0, "balloon_inflate_block"), 0);
	cr_expect_geq(fixture_metric(&f, 0, "balloon_inflate"), 212 * 256);
	cr_expect_leq(fixture_metric(&f, 0, "guest_free_huge_at_inflated"),
		      fixture_metric(&f, 0, "guest_free_huge_at_before"));
	cr_expect_geq(fixture_metric(&f, 0, "balloon_interrupts_at_inflated"), 212);
	cr_expect_gt(fixture_metric(&f, 0, "step_inflate_cpu"), 0);
	cr_expect_gt(fixture_metric(&f, 0, "touch_rate_of_probe"), 0);
	cr_expect_gt(fixture_metric(&f, 0, "fault_latency_p50_of_probe"), 0);
	fixture_release(&f);
}

/*
 * The same with blocks made: nearly all memory that the guest has left is huge on the host.
 */
Test(balloon, makes_the_blocks_that_it_lacks, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD MADE "[workload w]\nrun = usemem --punch-holes -s -1 340m\n"
			  "[steps]\npunched = wait-output punch holes done\ntouched = sample\n"
			  "inflate = balloon 300m\ninflated = sample\n"
			  "compact = write /proc/sys/vm/compact_memory 1\ncompacted = sample\n"
			  "deflate = balloon 400m\ndeflated = sample\nstop = kill\n");
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_inflated"), 300 * 1024);
	cr_expect_geq(fixture_metric(&f, 0, "balloon_inflate_made"), 20);
	cr_expect_geq(fixture_metric(&f, 0, "balloon_inflate_emptied"),
		      100 * fixture_metric(&f, 0, "balloon_inflate_made"));
	cr_expect_leq(fixture_metric(&f, 0, "balloon_inflate_fallback"), 2);
	cr_expect_geq(fixture_metric(&f, 0, "host_anon_huge_at_inflated"), 270 * 1024);
	/* compaction leaves blocks alone, and they are what comes back first */
	cr_expect_leq(fixture_metric(&f, 0, "balloon_migrate_at_compacted"), 1024);
	cr_expect_geq(fixture_metric(&f, 0, "guest_free_huge_at_deflated") -
			      fixture_metric(&f, 0, "guest_free_huge_at_compacted"),
		      48 * 1024);
	fixture_release(&f);
}

/*
 * Blocks come back before the single pages that were taken after them.  Up to an eighth of memory
 * stays on the CPU's own lists, where blocks are not seen.
 */
Test(balloon, gives_blocks_back_first, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD HUGE "[workload w]\nrun = usemem --punch-holes -s -1 340m\n"
			  "[steps]\npunched = wait-output punch holes done\n"
			  "inflate = balloon 300m\ninflated = sample\n"
			  "deflate = balloon 400m\ndeflated = sample\nstop = kill\n");
	cr_expect_gt(fixture_metric(&f, 0, "balloon_inflate_fallback"), 0, "single pages as well");
	cr_expect_geq(fixture_metric(&f, 0, "guest_free_huge_at_deflated") -
			      fixture_metric(&f, 0, "guest_free_huge_at_inflated"),
		      40 * 1024);
	fixture_release(&f);
}

/* Page tables cannot move: their blocks are left alone, and the target is reached all the same. */
Test(balloon, makes_no_block_of_what_cannot_move, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD MADE "[workload w]\nrun = usemem --punch-holes -s -1 300m\n"
			  "[steps]\npunched = wait-output punch holes done\n"
			  "tables = run usemem -u 256m -j 2m -s -1 4g\n"
			  "touched = wait-output usecs =\ninflate = balloon 300m\n"
			  "inflated = sample\nstop = kill\n");
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_inflated"), 300 * 1024);
	cr_expect_gt(fixture_metric(&f, 0, "balloon_inflate_made"), 0);
	fixture_release(&f);
}

/* Single pages of a balloon are moved by compaction like any others. */
Test(balloon, compaction_moves_its_pages, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD HUGE "[workload w]\nrun = usemem --punch-holes -s -1 340m\n"
			  "[steps]\npunched = wait-output punch holes done\n"
			  "inflate = balloon 320m\nbefore = sample\n"
			  "compact = write /proc/sys/vm/compact_memory 1\ncompacted = sample\n"
			  "deflate = balloon 512m\nafter = sample\nstop = kill\n");
	cr_expect_gt(fixture_metric(&f, 0, "balloon_migrate_at_compacted"),
		     fixture_metric(&f, 0, "balloon_migrate_at_before"));
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_compacted"), 320 * 1024);
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_after"), 512 * 1024);
	fixture_release(&f);
}

Test(balloon, gives_way_before_the_oom_killer, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD "deflate_on_oom = on\n" HUGE IDLE
		     "[steps]\ninflate = balloon 160m\ninflated = sample\n"
		     "again = run usemem 130m\ndone = wait-exit again\nafter = sample\n"
		     "stop = kill\n");
	cr_expect_eq(fixture_metric(&f, 0, "oom_kills"), 0);
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_inflated"), 160 * 1024);
	cr_expect_gt(fixture_metric(&f, 0, "balloon_deflate"), 0);
	fixture_release(&f);
}

/* The guest lets go of the device: all memory is back at once. */
Test(balloon, is_unplugged_while_inflated, .timeout = 90)
{
	struct fixture f;

	run(&f,
	    HEAD "machine = q35\n" HUGE IDLE "[steps]\ninflate = balloon 300m\ninflated = sample\n"
		 "unplug = write /sys/bus/pci/devices/0000:00:05.0/remove 1\n"
		 "gone = sample\nagain = run usemem 250m\ndone = wait-exit again\n"
		 "stop = kill\n");
	cr_expect_geq(fixture_metric(&f, 0, "guest_free_at_gone") -
			      fixture_metric(&f, 0, "guest_free_at_inflated"),
		      200 * 1024);
	fixture_release(&f);
}

/* The balloon sits in movable memory first, so that it has to leave what is taken away. */
Test(balloon, memory_below_it_can_be_taken_away, .timeout = 90)
{
	struct fixture f;

	run(&f, HEAD HUGE IDLE
	    "[steps]\nmore = dimm-add 128m\n"
	    "online = write /sys/devices/system/memory/memory32/state online_movable\n"
	    "inflate = balloon 400m\ninflated = sample\nless = dimm-del more\n"
	    "gone = sample\nstop = kill\n");
	cr_expect_gt(fixture_metric(&f, 0, "balloon_migrate_at_gone"), 1000);
	fixture_release(&f);
}
