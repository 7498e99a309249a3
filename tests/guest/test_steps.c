/* SPDX-License-Identifier: GPL-2.0 */
/* What the host does to a guest while its workload runs. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "tests/guest/guest_fixture.h"

#define HEAD                                                      \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n" \
	"timeout = 60s\nsample = 100ms\n[guest]\nmemory = 512m\ncpus = 1\n"
#define HOLES \
	"[settings]\nthp.enabled = never\n[workload w]\nrun = usemem --punch-holes -s -1 300m\n"

static void refused(const char *ini, const char *reason)
{
	struct fixture f;

	fixture_run(&f, ini);
	cr_expect_eq(f.outcomes[0].status, FL_STATUS_FAILED);
	cr_expect_not_null(strstr(f.outcomes[0].reason, reason), "%s: %s",
			   fl_status_names[f.outcomes[0].status], f.outcomes[0].reason);
	fixture_release(&f);
}

/* Holes are what a balloon of small pages takes first: each splits a huge page of the host. */
Test(steps, a_balloon_among_punched_holes, .timeout = 90)
{
	cleanup_free char *said = NULL;
	struct fixture f;

	fixture_run(&f, HEAD HOLES "[steps]\npunched = wait-output punch holes done\n"
				   "before = sample\ninflate = balloon 400m\ninflated = sample\n"
				   "deflate = balloon 512m\nstop = kill\nagain = run usemem 300m\n"
				   "done = wait-exit again\nrefilled = sample\n");
	fixture_expect_ok(&f);
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_before"), 512 * 1024);
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_inflated"), 400 * 1024);
	cr_expect_eq(fixture_metric(&f, 0, "balloon_actual_at_refilled"), 512 * 1024);
	cr_expect_geq(fixture_metric(&f, 0, "host_rss_at_before") -
			      fixture_metric(&f, 0, "host_rss_at_inflated"),
		      100 * 1024);
	cr_expect_gt(fixture_metric(&f, 0, "guest_rss_at_inflated"), 100 * 1024);
	cr_expect_not(fixture_has(&f, 0, "guest_rss_at_refilled"), "nothing runs any more");
	cr_expect_gt(fixture_metric(&f, 0, "step_inflated_start"),
		     fixture_metric(&f, 0, "step_before_start"));
	cr_expect_gt(fixture_metric(&f, 0, "step_inflate_time"), 0);
	said = fixture_file(&f, 0, "output-again");
	cr_expect_not_null(strstr(said, "usecs"), "%s", said);
	fixture_release(&f);
}

Test(steps, one_that_is_late_says_what_was_reached, .timeout = 60)
{
	refused(HEAD "[workload w]\nrun = busybox sh -c 'echo here; exec sleep 99'\n"
		     "[steps]\ntimeout = 2s\nheard = wait-output there\n",
		"step heard (wait-output there): not printed within 2 s; last output: here");
	refused(HEAD "[workload w]\nrun = busybox sh -c 'echo here'\n"
		     "[steps]\nheard = wait-output there\n",
		"all programs have exited without printing it; last output: here");
	refused(HEAD "[workload w]\nrun = busybox sleep 99\n[steps]\ngone = qmp no-such-command\n",
		"step gone (qmp no-such-command): QMP no-such-command: ");
}

Test(steps, a_program_of_a_step_that_fails, .timeout = 60)
{
	refused(HEAD
		"[workload w]\nrun = busybox sleep 99\n"
		"[steps]\nbeside = run busybox sh -c 'echo oh; exit 7'\ndone = wait-exit beside\n",
		"step beside exited with status 7: oh");
}

Test(steps, one_that_will_not_die_is_killed, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[workload w]\nrun = busybox sh -c 'trap : TERM; echo on; "
			     "while :; do sleep 1; done'\n"
			     "[steps]\non = wait-output on\nbeside = run busybox sleep 99\n"
			     "one = kill workload\nboth = kill\n");
	cr_expect_eq(f.outcomes[0].status, FL_OK, "%s", f.outcomes[0].reason);
	cr_expect_gt(fixture_metric(&f, 0, "step_one_time"), 1e9);
	fixture_release(&f);
}

Test(steps, the_points_limit_holds, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, "[experiment]\nname = test\nrepeat = 1\ntimeout = 3s\n[guest]\n"
			"memory = 512m\n[workload w]\nrun = busybox sleep 99\n"
			"[steps]\nrest = settle 50s\n");
	cr_expect_eq(f.outcomes[0].status, FL_HANG);
	cr_expect_not_null(strstr(f.outcomes[0].reason, "not past step rest (settle 50s)"), "%s",
			   f.outcomes[0].reason);
	fixture_release(&f);
}

Test(steps, memory_comes_and_goes, .timeout = 60)
{
	struct fixture f;

	fixture_run(&f, HEAD "[workload w]\nrun = busybox sleep 99\n"
			     "[steps]\nmore = dimm-add 128m\nadded = sample\n"
			     "online = write /sys/devices/system/memory/memory32/state "
			     "online_movable\nonlined = sample\nless = dimm-del more\n"
			     "stop = kill\n");
	fixture_expect_ok(&f);
	cr_expect_gt(fixture_metric(&f, 0, "guest_free_at_onlined"),
		     fixture_metric(&f, 0, "guest_free_at_added") + 100 * 1024);
	fixture_release(&f);
}
