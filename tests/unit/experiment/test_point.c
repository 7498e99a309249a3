/* SPDX-License-Identifier: GPL-2.0 */
/* What a point's settings make of its guest and its steps. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/experiment/plan.h"
#include "harness/experiment/setting.h"

#define HEAD                                                                                 \
	"[experiment]\nname = t\nrepeat = 1\n[guest]\nmemory = 1g\ncpus = 2\n[workload w]\n" \
	"run = busybox sleep 9\n[workload v]\nrun = memhog 8m\n"

static int make(struct fl_experiment *e, struct fl_plan *p, const char *text, struct fl_error *err)
{
	char path[] = "/tmp/faultline-unit-XXXXXX.ini";
	int fd = mkstemps(path, 4), bad;

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	memset(p, 0, sizeof(*p));
	bad = fl_experiment_load(e, path, false, err) || fl_plan_make(p, e, 1, err);
	unlink(path);
	return bad;
}

static void drop(struct fl_experiment *e, struct fl_plan *p)
{
	fl_plan_release(p);
	fl_experiment_release(e);
}

Test(point, steps_say_the_words_of_their_point)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;

	cr_assert_eq(make(&e, &p,
			  HEAD "[settings]\nstep.size = 512m, 8g\nguest.memory = 512m, 2g\n"
			       "step.zone = movable\n"
			       "[steps w]\nadd = dimm-add @step.size@ reserve=off\n"
			       "on = online add @step.zone@\nless = try dimm-del add\n"
			       "[steps v]\nhalf = balloon @guest.memory@\n",
			  &err),
		     0, "%s", err.text);
	cr_assert_eq(p.n, 8);
	cr_expect_eq(p.points[0].guest.memory, 512u << 20);
	cr_expect_eq(p.points[1].guest.memory, 2ull << 30);
	cr_expect_eq(p.points[2].steps->v[0].bytes, 8ull << 30);
	cr_expect(p.points[2].steps->v[0].unreserved);
	cr_expect_str_eq(p.points[2].steps->v[1].with, "movable");
	cr_expect_str_eq(p.points[2].steps->v[1].what, "add");
	cr_expect(p.points[2].steps->v[2].may_fail);
	cr_expect_eq(p.points[2].guest.hotplug_memory, 8ull << 30);
	cr_expect_eq(p.points[2].guest.hotplug_backed, (8ull << 30) / 32, "reserve=off");
	cr_expect_eq(p.points[2].guest.hotplug_slots, 1);
	cr_expect(p.points[5].guest.balloon);
	cr_expect_eq(p.points[5].steps->v[0].bytes, 2ull << 30);
	cr_expect_eq(fl_plan_largest(&p, &e).memory, 2ull << 30);
	drop(&e, &p);
}

Test(point, a_size_is_searched)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;

	cr_assert_eq(make(&e, &p,
			  HEAD "[settings a]\nworkload = w\nstep.size = 1g..4g/1g\n"
			       "[settings b]\nworkload = v\nthp.enabled = never\n"
			       "[steps w]\nadd = dimm-add @step.size@\n",
			  &err),
		     0, "%s", err.text);
	cr_assert_eq(p.n, 2, "a group is for its workloads");
	cr_expect_str_eq(p.points[0].searched, "step.size");
	cr_expect_eq(p.points[0].sizes.low, 1ull << 30);
	cr_expect_eq(p.points[0].guest.hotplug_memory, 4ull << 30);
	cr_expect_null(p.points[1].searched);
	cr_expect_null(p.points[1].steps);
	drop(&e, &p);
}

Test(point, memory_block_by_block)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;

	cr_assert_eq(make(&e, &p,
			  HEAD "[steps w]\ngrow = virtio-mem 1g reserve=off\n"
			       "more = virtio-mem 2g node=0 reserve=off\nless = virtio-mem 0\n",
			  &err),
		     0, "%s", err.text);
	cr_expect_eq(p.points[0].guest.virtio_mem, 2ull << 30);
	cr_expect_eq(p.points[0].guest.hotplug_memory, 0);
	cr_expect_eq(p.points[0].guest.hotplug_backed, (2ull << 30) / 32);
	drop(&e, &p);
}

Test(point, a_guest_takes_what_it_touches_and_what_is_added)
{
	struct fl_guest_spec spec = { .memory = 1ull << 30 };

	cr_expect_eq(fl_guest_takes(&spec), 1ull << 30);
	spec.hotplug_backed = 64 << 20;
	cr_expect_eq(fl_guest_takes(&spec), (1ull << 30) + (64 << 20));
	spec.backed = 256 << 20;
	cr_expect_eq(fl_guest_takes(&spec), 320 << 20, "backed stands for all of memory");
}

Test(point, what_does_not_fit_is_said_before_a_guest_starts)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{ "[steps w]\na = dimm-add @step.size@\n",
		  ":12: step a = dimm-add @step.size@: @step.size@: no such setting" },
		{ "[settings]\nstep.size = 100m\n[steps w]\na = dimm-add @step.size@\n",
		  ":14: step a = dimm-add 100m: expected dimm-add SIZE" },
		{ "[settings]\nstep.size = 100m..356m/128m\n[steps w]\na = dimm-add @step.size@\n",
		  ": step a = dimm-add 100m: expected" },
		{ "[settings]\nstep.size = 1g..4g\n", ": step.size = 1g..4g: a search is LOW" },
		{ "[settings]\nstep.size = 1g..4g/1g\n", "must stand in a step as @step.size@" },
		{ "[settings]\nstep.a = 1g..4g/1g\nstep.b = 1g..4g/1g\n[steps w]\n"
		  "a = dimm-add @step.a@\n",
		  "a point can search only one size, and step.a is one already" },
		{ "[settings]\nguest.memory = 1m\n", "memory = 1m: a size in whole MiB" },
		{ "[settings]\nguest.memory = 64k\n", "memory = 64k: a size in whole MiB" },
		{ "[settings]\nguest.numa = 17\n", ": guest.numa = 17: a whole number" },
		{ "[settings]\nguest.memory = 512m\n[steps w]\na = balloon 1g\n",
		  ": step a = balloon 1g: the guest has only memory = 512m" },
		{ "[settings]\nhotplug.memmap_on_memory = maybe\n", ": one of off, on, force" },
		{ "[settings a]\nworkload = x\nthp.enabled = never\n",
		  "[settings a]: workload = x: no workload of that name" },
		{ "[settings a]\nworkload = w\nworkload = v\n", "workload is given twice" },
		{ "[steps w]\na = virtio-mem 1m\n", ": expected virtio-mem SIZE" },
		{ "[steps w]\na = virtio-mem 2m node=1\n", "the guest has only numa = 1" },
		{ "[steps w]\na = dimm-add 128m reserve=maybe\n", ": expected dimm-add" },
		{ "[steps w]\na = online b movable\n", "the name of a dimm-add step" },
		{ "[steps w]\na = dimm-add 128m\nb = online a high\n", ": expected online STEP" },
		{ "[steps w]\na = try\n", ": unknown action; one of" },
		{ "[steps w]\na = try jump\n", ": unknown action; one of" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_experiment e;
		struct fl_error err = { 0 };
		struct fl_plan p;
		char text[768];

		snprintf(text, sizeof(text), HEAD "%s", bad[i].text);
		cr_expect_neq(make(&e, &p, text, &err), 0, "%s", bad[i].text);
		cr_expect_eq(err.kind, FL_USAGE);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s\ngives: %s", bad[i].text,
				   err.text);
		drop(&e, &p);
	}
}

Test(point, no_more_dimms_than_a_guest_has_slots)
{
	static char text[16384] = HEAD "[steps w]\n";
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;

	for (int i = 0; i <= FL_STEP_DIMMS_MAX; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "d%d = dimm-add 128m\n",
			 i);
	cr_expect_neq(make(&e, &p, text, &err), 0);
	cr_expect_not_null(strstr(err.text, "step d256: at most 256 dimm-add steps"), "%s",
			   err.text);
	drop(&e, &p);
}

Test(point, what_the_command_line_became)
{
	const struct fl_setting *memmap = fl_setting_find("hotplug.memmap_on_memory");
	const struct fl_setting *online = fl_setting_find("hotplug.online");

	cr_assert(memmap && online && fl_setting_shown(memmap) && fl_setting_shown(online));
	cr_expect(fl_setting_took(memmap, "on", "Y\n"));
	cr_expect(fl_setting_took(memmap, "off", "N\n"));
	cr_expect_not(fl_setting_took(memmap, "on", "N\n"));
	cr_expect_not(fl_setting_took(memmap, "on", "force\n"));
	cr_expect(fl_setting_took(memmap, "force", "force\n"));
	cr_expect(fl_setting_took(online, "online", "online\n"));
	cr_expect_not(fl_setting_took(online, "online", "online_movable\n"));
	cr_expect_null(fl_setting_shown(fl_setting_find("boot.quiet")));
	cr_expect_null(fl_setting_shown(fl_setting_find("thp.enabled")));
}

/* A million points; what looked at all of them for each repeat took minutes. */
Test(point, many_repeats_are_planned_block_by_block, .timeout = 60)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;
	char text[1024] = "[experiment]\nname = t\nrepeat = 10000\n[settings]\n"
			  "khugepaged.max_ptes_none = 0",
	     *at = text + strlen(text);
	unsigned char *seen;

	for (int i = 1; i < 100; i++)
		at += sprintf(at, ", %d", i);
	strcpy(at, "\n[workload w]\nrun = memhog 8m\n");
	cr_assert_eq(make(&e, &p, text, &err), 0, "%s", err.text);
	cr_assert_eq(p.n, 1000000);
	seen = calloc(p.n, 1);
	for (size_t i = 0; i < p.n; i++) {
		cr_assert_eq(p.points[p.order[i]].repeat, i / 100 + 1);
		cr_assert_not(seen[p.order[i]]++);
	}
	cr_expect_str_eq(p.points[p.n - 1].settings[0].value, "99");
	free(seen);
	drop(&e, &p);
}
