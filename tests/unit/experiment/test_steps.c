/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/experiment/experiment.h"

#define HEAD                                                                                  \
	"[experiment]\nname = t\n[guest]\nmemory = 1g\n[workload w]\nrun = usemem -s -1 8m\n" \
	"[workload v]\nrun = memhog 8m\n"
/* Lines of HEAD. */
#define FIRST "10"

static int load(struct fl_experiment *e, const char *text, bool quick, struct fl_error *err)
{
	char path[] = "/tmp/faultline-unit-XXXXXX.ini";
	int fd = mkstemps(path, 4), bad;

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	bad = fl_experiment_load(e, path, quick, err);
	unlink(path);
	return bad;
}

Test(steps, each_action)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	const struct fl_steps *s;

	cr_assert_eq(load(&e,
			  HEAD "[steps]\nmark = wait-output \"punch # holes\"\nbefore = sample\n"
			       "timeout = 5s\ninflate = balloon 624m\nrest = settle 2s\n"
			       "again = run usemem 800m\ndone = wait-exit again\n"
			       "stop = kill workload\nmore = dimm-add 256m node=0\n"
			       "less = dimm-del more\nask = qmp query-status\n"
			       "tell = qmp balloon {\"value\": 5}\n"
			       "drop = write /proc/sys/vm/drop_caches 3\nall = kill\n",
			  false, &err),
		     0, "%s", err.text);
	s = fl_experiment_steps(&e, "w");
	cr_assert(s && s->n == 13);
	cr_expect_eq(s, fl_experiment_steps(&e, "v"));
	cr_expect_eq(s->v[0].action, FL_DO_WAIT_OUTPUT);
	cr_expect_str_eq(s->v[0].what, "punch # holes");
	cr_expect_eq(s->v[0].timeout_ns, 60000000000u);
	cr_expect_eq(s->v[2].bytes, 624u << 20);
	cr_expect_eq(s->v[2].timeout_ns, 5000000000u);
	cr_expect_eq(s->v[3].wait_ns, 2000000000u);
	cr_expect_str_eq(s->v[4].what, "usemem 800m");
	cr_expect_str_eq(s->v[10].with, "{\"value\": 5}");
	cr_expect_str_eq(s->v[11].what, "/proc/sys/vm/drop_caches");
	cr_expect_str_eq(s->v[11].with, "3");
	cr_expect_null(s->v[12].what);
	cr_expect(e.guest.balloon, "steps that move a balloon give the guest one");
	cr_expect_eq(e.guest.hotplug_slots, 1);
	cr_expect_eq(e.guest.hotplug_memory, 256u << 20);
	cr_expect_str_eq(e.programs.v[0], "usemem", "a program of a step goes into the guest");
	fl_experiment_release(&e);
}

Test(steps, a_workload_may_have_its_own)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	const char *text = HEAD "[steps]\na = sample\n[steps v]\nb = sample\nc = sample\n"
				"[quick steps]\nq = settle 1s\n";

	cr_assert_eq(load(&e, text, false, &err), 0, "%s", err.text);
	cr_expect_eq(fl_experiment_steps(&e, "w")->n, 1);
	cr_expect_eq(fl_experiment_steps(&e, "v")->n, 2);
	fl_experiment_release(&e);
	cr_assert_eq(load(&e, text, true, &err), 0, "%s", err.text);
	cr_expect_str_eq(fl_experiment_steps(&e, "v")->v[0].name, "q");
	fl_experiment_release(&e);
}

Test(steps, without_the_section_nothing_is_done)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e, HEAD, false, &err), 0, "%s", err.text);
	cr_expect_null(fl_experiment_steps(&e, "w"));
	cr_expect_not(e.guest.balloon);
	fl_experiment_release(&e);
}

Test(steps, every_error_names_its_line)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{ "a = baloon 5m\n", ": step a = baloon 5m: unknown action; one of balloon, " },
		{ "a = balloon\n", ": step a = balloon: expected balloon SIZE" },
		{ "a = balloon 5x\n", ": step a = balloon 5x: expected" },
		{ "a = balloon 4k\n", ": step a = balloon 4k: expected" },
		{ "a = balloon 1025m\n",
		  ": step a = balloon 1025m: the guest has only memory = 1g" },
		{ "a = settle\n", ": step a = settle: expected settle TIME" },
		{ "a = settle 5\n", ": step a = settle 5: expected settle TIME" },
		{ "a = sample now\n", ": step a = sample now: expected sample" },
		{ "a = wait-output\n", ": step a = wait-output: expected" },
		{ "a = wait-output \"\"\n", ": step a = wait-output \"\": expected" },
		{ "a = run\n", ": step a = run: expected run COMMAND" },
		{ "a = run sh -c 'x\n", ": step a = run sh -c 'x: expected" },
		{ "a = run usemem @latency@\n", "@latency@ is the workload's" },
		{ "a = kill b\n", ": step a = kill b: \"workload\", or the name of a run step" },
		{ "a = wait-exit a\n", ": step a = wait-exit a: \"workload\"" },
		{ "a = dimm-add 100m\n", ": step a = dimm-add 100m: expected dimm-add" },
		{ "a = dimm-add 128m node=1\n", "the guest has only numa = 1" },
		{ "a = dimm-add 128m twice\n", ": expected dimm-add" },
		{ "a = dimm-del b\n", ": step a = dimm-del b: the name of a dimm-add step" },
		{ "a = qmp balloon [1]\n", ": expected qmp COMMAND" },
		{ "a = qmp balloon {\"value\"\n", ": expected qmp COMMAND" },
		{ "a = write drop_caches 3\n", ": expected write /PATH VALUE" },
		{ "a = write /proc/x\n", ": expected write /PATH VALUE" },
		{ "timeout = 5\n", ": timeout = 5: a time with its unit" },
		{ "timeout = 0s\n", ": timeout = 0s: a time" },
		{ "A = sample\n", ": step A: a name is a letter" },
		{ "a-b = sample\n", ": step a-b: a name is a letter" },
		{ "workload = sample\n", ": step workload: a name" },
		{ "abcdefghijklmnopqrstuvwxy = sample\n", ": a name is a letter" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_experiment e;
		struct fl_error err = { 0 };
		char text[512];

		snprintf(text, sizeof(text), HEAD "[steps]\n%s", bad[i].text);
		cr_expect_eq(load(&e, text, false, &err), -1, "%s", bad[i].text);
		cr_expect_eq(err.kind, FL_USAGE);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s\ngives: %s", bad[i].text,
				   err.text);
		cr_expect_not_null(strstr(err.text, ".ini:" FIRST ":"), "%s", err.text);
		fl_experiment_release(&e);
	}
}

Test(steps, what_is_wrong_with_the_whole)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{ HEAD "[steps]\na = sample\na = sample\n", ":11: step a is given twice" },
		{ HEAD "[steps nobody]\na = sample\n", ":10: [steps nobody]: no workload" },
		{ HEAD "[guest]\nclock = instructions\n[steps]\na = sample\n",
		  ":12: step a: steps need clock = real" },
		{ HEAD "[guest]\nclock = instructions\nballoon = on\n",
		  ": a balloon needs clock = real" },
		{ HEAD "[guest]\nballoon = maybe\n", ":10: balloon = maybe: one of off, on" },
		{ HEAD "[guest]\nmachine = microvm\n[steps]\na = dimm-add 128m\n",
		  ":12: step a = dimm-add 128m: a microvm has no memory hot-plug" },
		{ HEAD "[quick steps]\na = sample\n[steps]\nb = sample\n",
		  ":12: [quick steps] sections come after" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_experiment e;
		struct fl_error err = { 0 };

		cr_expect_eq(load(&e, bad[i].text, i == 6, &err), -1, "%s", bad[i].text);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s\ngives: %s", bad[i].text,
				   err.text);
		fl_experiment_release(&e);
	}
}

Test(steps, the_command_line_may_not_take_the_clock_away)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e, HEAD "[steps]\na = sample\n", false, &err), 0, "%s", err.text);
	e.guest.clock = FL_CLOCK_INSTRUCTIONS;
	cr_expect_eq(fl_experiment_check_steps(&e, &err), -1);
	cr_expect_not_null(strstr(err.text, ":10: step a"), "%s", err.text);
	fl_experiment_release(&e);
}

Test(steps, no_more_programs_than_the_agent_has_room_for)
{
	char text[2048] = HEAD "[steps]\n";
	struct fl_experiment e;
	struct fl_error err = { 0 };

	for (int i = 0; i <= FL_STEP_RUNS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "r%d = run memhog 1m\n",
			 i);
	cr_expect_eq(load(&e, text, false, &err), -1);
	cr_expect_not_null(strstr(err.text, "at most 15 run steps"), "%s", err.text);
	fl_experiment_release(&e);
}
