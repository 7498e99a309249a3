/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "harness/experiment/plan.h"

#define HEAD "[experiment]\nname = t\nrepeat = 1\n[guest]\nmemory = 1g\n"

static int load(struct fl_experiment *e, const char *text, struct fl_error *err)
{
	char path[] = "/tmp/faultline-unit-XXXXXX.ini";
	int fd = mkstemps(path, 4), bad;

	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	bad = fl_experiment_load(e, path, false, err);
	unlink(path);
	return bad;
}

static void refused(const char *text, const char *why)
{
	struct fl_experiment e;
	struct fl_plan p = { 0 };
	struct fl_error err = { 0 };

	cr_expect(load(&e, text, &err) || fl_plan_make(&p, &e, 1, &err), "%s", text);
	cr_expect_not_null(strstr(err.text, why), "%s", err.text);
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

Test(point_guest, settings_make_its_guest)
{
	struct fl_experiment e;
	struct fl_plan p;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e,
			  HEAD
			  "backed = 512m\n[settings]\nguest.memory = 2g\n"
			  "host.madvise = free\nhost.memory_limit = 900m\n"
			  "guest.free_page_reporting = off, on\n[workload w]\nrun = memhog 1m\n",
			  &err),
		     0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0, "%s", err.text);
	cr_assert_eq(p.n, 2);
	cr_expect_eq(p.points[0].guest.memory, 2ull << 30);
	cr_expect_eq(p.points[0].guest.backed, 512u << 20);
	cr_expect(p.points[0].guest.lazy_discard);
	cr_expect_eq(p.points[0].guest.host_limit, 900u << 20);
	cr_expect(p.points[0].guest.balloon, "all points have one");
	cr_expect(p.points[1].guest.free_page_reporting && p.points[1].guest.balloon);
	cr_expect_eq(e.guest.memory, 1u << 30, "the experiment's stays");
	cr_expect_eq(fl_plan_largest(&p, &e).memory, 1u << 30, "both take what is backed");
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

Test(point_guest, a_workload_has_groups_of_its_own)
{
	struct fl_experiment e;
	struct fl_plan p;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e,
			  HEAD "[settings a]\nthp.enabled = always, never\n[settings b]\n"
			       "thp.enabled = madvise\n[workload w]\nrun = memhog 1m\n"
			       "settings = b\n[workload v]\nrun = memhog 2m\n",
			  &err),
		     0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0, "%s", err.text);
	cr_assert_eq(p.n, 4);
	cr_expect_str_eq(p.points[0].group, "b");
	cr_expect_str_eq(p.points[1].workload->name, "v");
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

Test(point_guest, what_does_not_fit_is_refused)
{
	refused(HEAD "[settings]\nguest.memory = 10000k\n[workload w]\nrun = memhog 1m\n",
		"memory = 10000k: a size in whole MiB");
	refused(HEAD "[settings]\nguest.free_page_reporting = maybe\n[workload w]\n"
		     "run = memhog 1m\n",
		"one of on, off");
	refused(HEAD "[settings a]\nthp.enabled = always\n[workload w]\nrun = memhog 1m\n"
		     "settings = z\n",
		"no section [settings z]");
	refused(HEAD "[workload w]\nsettings = a\nrun = memhog 1m\n", "run comes before settings");
	refused(HEAD "count = 2\n[workload w]\nrun = memhog 1m\n[steps]\na = sample\n",
		"count = 2");
	refused(HEAD "[workload w]\nrun = memhog 1m\n[steps]\nback = wait-freed 3s\n",
		"a sample step above it");
	refused(HEAD "[workload w]\nrun = memhog 1m\n[steps]\na = sample\nback = wait-freed\n",
		"expected wait-freed TIME");
	refused(HEAD "[workload w]\nrun = memhog 1m\n[steps]\na = host-limit lots\n",
		"expected host-limit SIZE");
}

Test(point_guest, a_stall_is_an_axis)
{
	struct fl_experiment e;
	struct fl_plan p;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e,
			  HEAD "cpus = 2\nparallel = yes\n[settings]\n"
			       "guest.stall = none, f:200us, f:1ms+g:1ms:1/8\n"
			       "[workload w]\nrun = memhog 1m\n",
			  &err),
		     0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0, "%s", err.text);
	cr_assert_eq(p.n, 3);
	cr_expect_null(p.points[0].guest.stall);
	cr_expect_str_eq(p.points[1].guest.stall, "f:200us");
	cr_expect_str_eq(p.points[2].guest.stall, "f:1ms+g:1ms:1/8");
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

Test(point_guest, a_stall_wants_cpus_that_run_at_once)
{
#define STALLED "[settings]\nguest.stall = f:200us\n[workload w]\nrun = memhog 1m\n"
	refused(HEAD STALLED, "--cpus 2 --parallel");
	refused(HEAD "cpus = 2\n" STALLED, "CPUs in turn all wait");
	refused(HEAD "cpus = 2\nparallel = yes\ncount = 2\n" STALLED, "of one guest");
	refused(HEAD "cpus = 2\nparallel = yes\n[settings]\nguest.cpus = 1\n"
		     "[workload w]\nrun = memhog 1m\n",
		"one CPU has nothing to run at once with");
	refused(HEAD "[settings]\nguest.stall = f\n",
		".ini:7: guest.stall = f: 'f': FUNCTION:TIME");
}
