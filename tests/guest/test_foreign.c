/* SPDX-License-Identifier: GPL-2.0 */
/* [metric NAME]: programs that are not ours say their numbers in a guest. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/guest/guest_fixture.h"

#define HEAD(clock)                                                                   \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 2\ntimeout = 60s\n"      \
	"[guest]\nmemory = 512m\nclock = " clock "\n"                                 \
	"[workload vm]\nrun = stress-ng --vm 1 --vm-bytes 16m --vm-ops 4 --metrics\n" \
	"[metric vm_ops]\nabout = a\nunit = ops\nbetter = neither\nfrom = stderr\n"   \
	"after = \"] vm \"\n"                                                         \
	"[metric vm_time]\nabout = b\nunit = secs\nbetter = less\nfrom = stderr\n"    \
	"after = \"] vm \"\nnth = 2\n"

static void expect_unit(const struct fixture *f, size_t point, const char *name, const char *unit)
{
	const struct fl_result *r = &f->outcomes[point].result;

	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			cr_expect_str_eq(r->values[i].own_unit, unit);
}

/* Of the guest's clock, whatever it counts: at least what stress-ng's digits show. */
Test(foreign, stress_ng_has_the_guests_clock, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f, HEAD("instructions"));
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		double billions = fixture_metric(&f, i, "workload_time") / 1e9;

		cr_expect_geq(fixture_metric(&f, i, "vm_ops"), 4);
		cr_expect_gt(fixture_metric(&f, i, "vm_time"), 0);
		cr_expect_leq(fixture_metric(&f, i, "vm_time"), billions + 0.01);
		expect_unit(&f, i, "vm_time", "Ginsn");
		expect_unit(&f, i, "vm_ops", "ops");
		cr_expect_str_eq(f.outcomes[i].reason, "");
	}
	cr_expect_eq(fixture_metric(&f, 0, "vm_ops"), fixture_metric(&f, 1, "vm_ops"));
	fixture_release(&f);
}

#define STEPS                                                                        \
	"[experiment]\nname = test\nkernel = stock\nrepeat = 1\n"                    \
	"[guest]\nmemory = 512m\n"                                                   \
	"[workload w]\nrun = busybox sh -c 'echo rate 5; sleep 600'\n"               \
	"[steps]\nup = wait-output rate\n"                                           \
	"other = run busybox sh -c 'echo rate 7; echo rate 8 >&2'\n"                 \
	"gone = wait-exit other\nstop = kill\n"                                      \
	"[metric rate]\nabout = a\nunit = 1/s\nbetter = more\nafter = rate\n"        \
	"[metric other_rate]\nabout = b\nunit = 1/s\nbetter = more\nafter = rate\n"  \
	"from = other\npick = sum\n"                                                 \
	"[metric absent]\nabout = c\nunit = count\nbetter = more\nafter = no such\n" \
	"[metric silent]\nabout = d\nunit = count\nbetter = more\nafter = rate\n"    \
	"from = stderr\n"                                                            \
	"[workload v]\nrun = busybox true\n"                                         \
	"[steps v]\ndone = wait-exit\n"                                              \
	"[metric of_v]\nabout = e\nunit = count\nbetter = more\nafter = rate\nworkload = v\n"

Test(foreign, each_program_and_what_is_not_there, .timeout = 180)
{
	struct fixture f;

	fixture_run(&f, STEPS);
	fixture_expect_ok(&f);
	for (size_t i = 0; i < f.plan.n; i++) {
		bool w = !strcmp(f.plan.points[i].workload->name, "w");

		cr_expect_eq(fixture_has(&f, i, "rate"), w);
		cr_expect_eq(fixture_has(&f, i, "other_rate"), w);
		cr_expect_not(fixture_has(&f, i, "absent"));
		cr_expect_str_eq(f.outcomes[i].reason,
				 w ? "absent: no number after \"no such\" in stdout; "
				     "silent: nothing in stderr"
				   : "rate: nothing in stdout; other_rate: nothing in other; "
				     "absent: nothing in stdout; silent: nothing in stderr; "
				     "of_v: nothing in stdout");
		if (!w)
			continue;
		cr_expect_eq(fixture_metric(&f, i, "rate"), 5);
		cr_expect_eq(fixture_metric(&f, i, "other_rate"), 15);
	}
	fixture_release(&f);
}
