/* SPDX-License-Identifier: GPL-2.0 */
/* What steps know of the programs in the guest, from the agent's frames. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/run/programs.h"

static void frame(struct fl_programs *p, enum fl_frame_type type, const char *name,
		  const char *text)
{
	struct fl_frame f = { .type = type, .text = text, .len = strlen(text) };

	snprintf(f.name, sizeof(f.name), "%s", name);
	fl_programs_frame(p, &f);
}

Test(programs, output_is_waited_for_once_and_across_frames)
{
	struct fl_programs p = { 0 };
	struct fl_result r = { 0 };
	struct fl_error err;
	char line[64];

	fl_programs_add(&p, FL_STEP_WORKLOAD);
	fl_programs_add(&p, "again");
	cr_expect_not(fl_programs_heard(&p, "holes done"));
	frame(&p, FL_OUT, "stdout", "punch hol");
	frame(&p, FL_OUT, "again/stdout", "es done\n");
	cr_expect_not(fl_programs_heard(&p, "holes done"), "of two programs");
	frame(&p, FL_OUT, "stdout", "es done\nand more\n");
	cr_expect(fl_programs_heard(&p, "holes done"));
	cr_expect_not(fl_programs_heard(&p, "holes done"), "it was said once");
	cr_expect(fl_programs_heard(&p, "more"));
	frame(&p, FL_OUT, "again/stderr", "last\n");
	fl_programs_last_line(&p, line, sizeof(line));
	cr_expect_str_eq(line, "last");
	fl_programs_close(&p, "/nowhere", &r, &err);
}

Test(programs, an_exit_is_good_after_a_kill_and_bad_by_itself)
{
	struct fl_programs p = { 0 };
	struct fl_result r = { 0 };
	struct fl_error err;

	fl_programs_add(&p, FL_STEP_WORKLOAD)->stopped = true;
	fl_programs_add(&p, "again");
	cr_expect(fl_programs_running(&p, NULL));
	frame(&p, FL_EXIT, "", "killed 15\nmaxrss_kib 5\n");
	cr_expect_not(fl_programs_running(&p, FL_STEP_WORKLOAD));
	cr_expect(fl_programs_running(&p, "again"));
	cr_expect(fl_programs_stopped(&p, FL_STEP_WORKLOAD));
	cr_expect_not(fl_programs_any_bad(&p));
	frame(&p, FL_OUT, "again/stderr", "no memory\n");
	frame(&p, FL_EXIT, "again", "exited 1\n");
	cr_expect(fl_programs_any_bad(&p));
	cr_expect_str_eq(fl_programs_bad(&p), "again exited with status 1: no memory");
	fl_programs_close(&p, "/nowhere", &r, &err);
}

Test(programs, frames_of_nobody_are_passed_over)
{
	struct fl_programs p = { 0 };

	frame(&p, FL_OUT, "stdout", "x");
	frame(&p, FL_EXIT, "", "exited 1\n");
	fl_programs_add(&p, FL_STEP_WORKLOAD);
	frame(&p, FL_OUT, "other/stdout", "x");
	frame(&p, FL_EXIT, "other", "exited 1\n");
	frame(&p, FL_EXIT, "", "nonsense");
	cr_expect(fl_programs_running(&p, NULL));
	cr_expect_not(fl_programs_any_bad(&p));
}

Test(programs, output_of_run_steps_is_kept)
{
	char dir[] = "/tmp/faultline-unit-XXXXXX", path[64], text[32] = "";
	struct fl_programs p = { 0 };
	struct fl_result r = { 0 };
	struct fl_error err;
	FILE *f;

	cr_assert(mkdtemp(dir));
	fl_programs_add(&p, "again");
	frame(&p, FL_OUT, "again/stdout", "said\n");
	cr_expect_eq(fl_programs_close(&p, dir, &r, &err), 0);
	snprintf(path, sizeof(path), "%s/output-again", dir);
	f = fopen(path, "r");
	cr_assert(f && fgets(text, sizeof(text), f));
	fclose(f);
	cr_expect_str_eq(text, "said\n");
	unlink(path);
	rmdir(dir);
	fl_programs_add(&p, "again");
	frame(&p, FL_OUT, "again/stdout", "said\n");
	cr_expect_eq(fl_programs_close(&p, dir, &r, &err), -1);
}

Test(programs, numbers_of_run_steps_are_metrics)
{
	char dir[] = "/tmp/faultline-unit-XXXXXX", path[64];
	struct fl_programs p = { 0 };
	struct fl_result r = { 0 };
	struct fl_error err;

	cr_assert(mkdtemp(dir));
	fl_programs_add(&p, FL_STEP_WORKLOAD);
	fl_programs_add(&p, "again");
	frame(&p, FL_OUT, "stdout", "held_rss 7\n");
	frame(&p, FL_OUT, "again/stdout",
	      "held_rss 1000\nworkload_time 5\ntouches:1000\nelapsed_ns:500000000\n");
	cr_expect_eq(fl_programs_close(&p, dir, &r, &err), 0);
	cr_assert_eq(r.n_values, 2, "the workload's are elsewhere, a time is not its own");
	cr_expect_str_eq(r.values[0].name, "held_rss_of_again");
	cr_expect_str_eq(r.values[1].name, "touch_rate_of_again");
	cr_expect_eq(r.values[1].value, 2000);
	cr_expect_eq(fl_metric_find("touch_rate_of_again"), fl_metric_find("touch_rate"));
	cr_expect_null(fl_metric_find("touch_rate_of_"));
	cr_expect_null(fl_metric_find("host_rss_peak_of_again"), "no program prints it");
	fl_result_release(&r);
	snprintf(path, sizeof(path), "%s/output-again", dir);
	unlink(path);
	rmdir(dir);
}

/* What a step's program says of latencies and nobody can read is the point's fault, and said. */
Test(programs, latencies_that_are_cut)
{
	char dir[] = "/tmp/faultline-test-XXXXXX";
	cleanup_free char *path = NULL;
	struct fl_programs p = { 0 };
	struct fl_result r = { 0 };
	struct fl_error why = { 0 };

	cr_assert(mkdtemp(dir));
	path = fl_asprintf("%s/output-probe", dir);
	fl_programs_add(&p, "probe");
	frame(&p, FL_OUT, "probe/stdout",
	      "touch_count 7\nfaultline-latency 1\nclock x hz 1\nclass");
	frame(&p, FL_EXIT, "probe", "exited 0");
	cr_expect_eq(fl_programs_close(&p, dir, &r, &why), 1);
	cr_expect(strstr(why.text, "/output-probe: line 3 of the latencies is no such line"), "%s",
		  why.text);
	fl_programs_add(&p, "probe")->stopped = true;
	frame(&p, FL_OUT, "probe/stdout", "faultline-latency 1\nclock x hz 1\nclass");
	cr_expect_eq(fl_programs_close(&p, dir, &r, &why), 0);
	fl_result_release(&r);
	unlink(path);
	rmdir(dir);
}
