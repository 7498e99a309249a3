/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/plan.h"
#include "harness/experiment/setting.h"
#include "harness/wire/frame.h"

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

#define GOOD                                                                                  \
	"[experiment]\nname = t ; a comment\nrepeat = 2\n# another\n[guest]\nmemory = 512m\n" \
	"[settings]\nthp.enabled = always, never\n[workload w]\nrun = memhog\n  -r2 64m\n"

Test(experiment, a_good_file)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_assert_eq(load(&e, GOOD, false, &err), 0, "%s", err.text);
	cr_expect_str_eq(e.name, "t");
	cr_expect_eq(e.repeat, 2);
	cr_expect_eq(e.guest.memory, 512u << 20);
	cr_expect_eq(e.axes[0].values.n, 2);
	cr_expect_str_eq(e.workloads[0].run, "memhog -r2 64m");
	cr_expect_str_eq(e.kernels.v[0], "stock");
	fl_experiment_release(&e);
}

Test(experiment, every_error_names_its_line)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{ "[experiment]\nname = t\nrepaet = 2\n",
		  ":3: unknown key repaet in [experiment]" },
		{ "[experiment]\nname = t\n[gest]\nmemory = 1g\n", ":4: unknown section [gest]" },
		{ "[experiment]\nname = t\n[guest]\nmemory = 1gb\n", ":4: memory = 1gb" },
		{ "[experiment]\nname = t\ntimeout = 5\n",
		  ":3: timeout = 5: a time with its unit" },
		{ "[experiment]\nname = t\nname = u\n", ":3: name is given twice" },
		{ "[settings]\nthp.enabeld = always\n", ":2: unknown setting thp.enabeld" },
		{ "[settings]\nthp.enabled = sometimes\n",
		  ":2: thp.enabled = sometimes: one of always" },
		{ "[settings]\nthp.promotion_threshold = 513\n",
		  ":2: thp.promotion_threshold = 513: a whole number from 1 to 512" },
		{ "[settings]\nmemcg.limit = big\n", ":2: memcg.limit = big: a size" },
		{ "[settings]\nthp.enabled = always,,never\n", ":2: thp.enabled" },
		{ "[workload]\nrun = memhog 1m\n", ":2: [workload] needs a name" },
		{ "[workload w]\nrun = sh -c 'x\n", ":2: run = sh -c 'x: a command" },
		{ "[workload w]\nrum = x\n", ":2: unknown key rum" },
		{ "[workload w]\ntrace = sched\n", ":2: [workload w]: run comes before trace" },
		{ "[workload w]\nrun = x\ntrace = ../a\n", ":3: trace = ../a: SYSTEM or SYSTEM:" },
		{ "[workload w]\nrun = x\ntrace = a:b:c\n", ":3: trace = a:b:c: SYSTEM or" },
		{ "[workload w]\nrun = x\ntrace = a\ntrace = b\n",
		  ":4: trace is given twice in [workload w]" },
		{ "[crossing c]\nhue = x\n", ":2: unknown key hue in [crossing c]" },
		{ "[quick setings]\nthp.enabled = never\n", ":2: unknown section [quick setings]" },
		{ "[experiment]\nname\n", ":2: neither [section] nor key = value" },
		{ "[experiment]\nname =\n", ":2: name has no value" },
		{ "[experiment]\nname = t\n", "no [workload NAME] section" },
		{ "[workload w]\nrun = memhog 1m\n", "[experiment] needs name" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fl_experiment e;
		struct fl_error err = { 0 };

		cr_expect_eq(load(&e, bad[i].text, false, &err), -1, "%s", bad[i].text);
		cr_expect_eq(err.kind, FL_USAGE);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s\ngives: %s", bad[i].text,
				   err.text);
		cr_expect_null(strchr(err.text, '\n'), "one line: %s", err.text);
		fl_experiment_release(&e);
	}
}

/* "PREFIX xxx... (n bytes with its NUL)SUFFIX" */
static char *with_word(const char *prefix, size_t n, const char *suffix)
{
	size_t head = strlen(prefix);
	char *text = fl_alloc(head + n + strlen(suffix) + 1);

	memcpy(text, prefix, head);
	memset(text + head, 'x', n - 1);
	strcpy(text + head + n - 1, suffix);
	return text;
}

Test(experiment, a_command_is_as_long_as_execve_takes_a_word)
{
	static const char head[] = "[experiment]\nname = t\n[workload w]\nrun = a ";
	static const char too_long[] = ": a command of 131073 bytes, and the limit is 131072: put "
				       "it into a script";
	static const struct {
		const char *head, *wanted;
	} bad[] = {
		{ head, ":4: run = a xxxxx" },
		{ "[workload w]\nrun = b\n[pressure]\n# no\nrun = a ", ":5: run = a xxxxx" },
		{ "[workload w]\nrun = b\n[steps]\n# no\ns = run a ", ":5: step s: run = a xxxxx" },
	};
	struct fl_experiment e;
	struct fl_error err = { 0 };
	char *text = with_word(head, FL_COMMAND_MAX - 2, "\nrepeat = 2\n");

	cr_assert_eq(load(&e, text, false, &err), 0, "%s", err.text);
	cr_expect_eq(strlen(e.workloads[0].run), FL_COMMAND_MAX - 1);
	cr_expect_eq(e.workloads[0].repeat, 2);
	fl_experiment_release(&e);
	free(text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		text = with_word(bad[i].head, FL_COMMAND_MAX - 1, "\n");
		cr_expect_eq(load(&e, text, false, &err), -1);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s", err.text);
		cr_expect_not_null(strstr(err.text, too_long), "%s", err.text);
		fl_experiment_release(&e);
		free(text);
	}
}

Test(experiment, a_long_command_with_an_open_quote_is_shown_by_its_beginning)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	char *text = with_word("[workload w]\nrun = a '", 5000, "\n");

	cr_expect_eq(load(&e, text, false, &err), -1);
	cr_expect_not_null(strstr(err.text, "xxx...: a command, its quotes closed"), "%s",
			   err.text);
	fl_experiment_release(&e);
	free(text);
}

/* Whether --quick is given or not: else the file works until somebody gives it. */
Test(experiment, the_order_of_sections_is_checked_always)
{
	static const char *const texts[] = {
		"[quick workload q]\nrun = memhog 8m\n[workload late]\nrun = memhog 8m\n",
		"[quick steps]\na = sample\n[steps]\nb = sample\n",
	};
	static const char *const wanted[] = {
		": [quick workload] sections come after the others",
		": [quick steps] sections come after the others",
	};

	for (int i = 0; i < 4; i++) {
		char *text = fl_asprintf("%s%s", GOOD, texts[i / 2]);
		struct fl_experiment e;
		struct fl_error err = { 0 };

		cr_expect_eq(load(&e, text, i % 2, &err), -1, "%s", text);
		cr_expect_not_null(strstr(err.text, wanted[i / 2]), "%s", err.text);
		fl_experiment_release(&e);
		free(text);
	}
}

/* A point's spec borrows the experiment's texts: setting one would free them. */
Test(experiment, a_point_has_no_texts_of_its_own)
{
	struct fl_guest_spec spec = { .cpu_model = fl_strdup("max"), .cpus = 1 };
	struct fl_error err = { 0 };
	char *model = spec.cpu_model;

	cr_expect_eq(fl_key_set_guest(&spec, "cpu", "host", &err), -1);
	cr_expect_not_null(strstr(err.text, "cpu is the same for all points"), "%s", err.text);
	cr_expect_eq(fl_key_set_guest(&spec, "programs", "a b", &err), -1);
	cr_expect_eq(spec.cpu_model, model);
	cr_expect_str_eq(model, "max");
	cr_expect_eq(fl_key_set_guest(&spec, "cpus", "2", &err), 0);
	cr_expect_eq(spec.cpus, 2);
	free(model);
}

Test(experiment, quick_is_laid_over_the_rest_and_checked_always)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	const char *text = GOOD "[quick]\nrepeat = 1\n[quick settings]\nthp.enabled = never\n"
				"[quick workload q]\nrun = memhog 8m\n";

	cr_assert_eq(load(&e, text, false, &err), 0, "%s", err.text);
	cr_expect_eq(e.repeat, 2);
	cr_expect_str_eq(e.workloads[0].name, "w");
	fl_experiment_release(&e);
	cr_assert_eq(load(&e, text, true, &err), 0, "%s", err.text);
	cr_expect_eq(e.repeat, 1);
	cr_expect_eq(e.axes[0].values.n, 1);
	cr_expect_eq(e.n_workloads, 1);
	cr_expect_str_eq(e.workloads[0].name, "q");
	fl_experiment_release(&e);
	cr_expect_eq(load(&e, GOOD "[quick]\nrepeat = none\n", false, &err), -1);
	fl_experiment_release(&e);
}

Test(experiment, command_line_axes_replace)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_strv w = { 0 };

	cr_assert_eq(load(&e, GOOD, false, &err), 0, "%s", err.text);
	cr_expect_eq(fl_experiment_set_axis(&e, "thp.enabled=madvise", &err), 0);
	cr_expect_eq(e.axes[0].values.n, 1);
	cr_expect_eq(fl_experiment_set_axis(&e, "vm.swappiness=0,60", &err), 0);
	cr_expect_eq(e.n_axes, 2);
	cr_expect_eq(fl_experiment_set_axis(&e, "thp.enabled=maybe", &err), -1);
	cr_expect_eq(fl_experiment_set_axis(&e, "novalue", &err), -1);
	fl_strv_push(&w, "memhog 1m");
	fl_strv_push(&w, "memhog 2m");
	cr_expect_eq(fl_experiment_set_workloads(&e, &w, &err), 0);
	cr_expect_str_eq(e.workloads[1].name, "memhog-2");
	fl_strv_release(&w);
	fl_experiment_release(&e);
}

Test(plan, product_of_axes_groups_and_repeats)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p, q;
	bool seen[64] = { 0 };

	cr_assert_eq(load(&e,
			  GOOD
			  "[settings a]\nkhugepaged.max_ptes_none = 0, 64, 511\n"
			  "[settings b]\nthp.enabled = always\nthp.promotion_threshold = 1, 64\n",
			  false, &err),
		     0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 42, &err), 0);
	cr_expect_eq(p.n, (2 * 3 + 1 * 2) * 2, "%zu", p.n);
	for (size_t i = 0; i < p.n; i++) {
		cr_expect_eq(p.points[i].number, i + 1);
		seen[p.order[i]] = true;
		cr_expect_eq(p.points[p.order[i]].repeat, i < p.n / 2 ? 1 : 2, "blocks of repeats");
	}
	for (size_t i = 0; i < p.n; i++)
		cr_expect(seen[i], "point %zu is run", i + 1);
	cr_assert_eq(fl_plan_make(&q, &e, 42, &err), 0);
	cr_expect_eq(memcmp(p.order, q.order, p.n * sizeof(*p.order)), 0, "one seed, one order");
	fl_plan_release(&q);
	cr_assert_eq(fl_plan_make(&q, &e, 43, &err), 0);
	cr_expect_neq(memcmp(p.order, q.order, p.n * sizeof(*p.order)), 0, "another seed");
	fl_plan_release(&q);
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

/* As -s thp.enabled=always makes of them: the third has one of its own left. */
Test(plan, groups_that_became_alike_are_measured_once)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_plan p;

	cr_assert_eq(load(&e,
			  "[experiment]\nname = t\nrepeat = 2\nkernel = stock\n"
			  "[workload w]\nrun = memhog 8m\n"
			  "[settings a]\nthp.enabled = always\n"
			  "[settings b]\nthp.enabled = always\n"
			  "[settings c]\nthp.enabled = always, never\n",
			  false, &err),
		     0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0);
	cr_assert_eq(p.n, 4, "%zu", p.n);
	cr_expect_str_eq(p.points[0].group, "a");
	cr_expect_str_eq(p.points[2].group, "c");
	cr_expect_str_eq(p.points[2].settings[0].value, "never");
	cr_expect_eq(p.points[3].number, 4);
	fl_plan_release(&p);
	fl_experiment_release(&e);
}

#define TWO                                                                \
	"[experiment]\nname = t\nrepeat = 2\nkernel = stock, patched\n"    \
	"[workload w]\nrun = memhog 8m\n[workload own]\nrun = memhog 8m\n" \
	"kernel = planted-behind, patched\nrepeat = 3\n"

Test(plan, a_workload_may_have_kernels_and_repeats_of_its_own)
{
	struct fl_strv k = { 0 };
	struct fl_error err = { 0 };
	struct fl_experiment e;
	struct fl_plan p;

	cr_assert_eq(load(&e, TWO, false, &err), 0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0);
	cr_assert_eq(p.n, 2 * 2 + 2 * 3);
	cr_expect_str_eq(p.points[3].kernel, "patched");
	cr_expect_str_eq(p.points[4].kernel, "planted-behind");
	cr_expect_eq(p.points[6].repeat, 3);
	cr_expect_eq(p.points[p.order[p.n - 1]].repeat, 3, "the last block is its own");
	fl_plan_release(&p);

	fl_strv_push(&k, "patched,stock");
	cr_assert_eq(fl_experiment_set_kernels(&e, &k, &err), 0);
	fl_experiment_set_repeat(&e, 1);
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0);
	cr_assert_eq(p.n, 3);
	cr_expect_str_eq(p.points[2].kernel, "patched", "of those that it names");
	fl_plan_release(&p);
	fl_strv_release(&k);

	fl_strv_push(&k, "stock");
	cr_assert_eq(fl_experiment_set_kernels(&e, &k, &err), 0);
	cr_expect_eq(e.n_workloads, 1, "it is not for this kernel");
	fl_strv_release(&k);
	fl_experiment_release(&e);
}

Test(experiment, pressure_may_be_for_some_workloads)
{
	struct fl_error err = { 0 };
	struct fl_experiment e;

	cr_assert_eq(load(&e, TWO "[pressure]\nrun = stress-ng --vm 1\n", false, &err), 0);
	cr_expect_str_eq(fl_experiment_pressure(&e, "w"), "stress-ng --vm 1");
	fl_experiment_release(&e);
	cr_assert_eq(
		load(&e, TWO "[pressure]\nrun = stress-ng --vm 1\nworkload = own\n", false, &err),
		0, "%s", err.text);
	cr_expect_null(fl_experiment_pressure(&e, "w"));
	cr_expect_not_null(fl_experiment_pressure(&e, "own"));
	fl_experiment_release(&e);
	cr_expect_eq(load(&e, TWO "[pressure]\nrun = x\nworkload = none\n", false, &err), -1);
	cr_expect_not_null(strstr(err.text, "[pressure]: workload = none: no workload"), "%s",
			   err.text);
	fl_experiment_release(&e);
}

Test(experiment, what_a_workload_says_wrongly_is_named)
{
	static const struct {
		const char *text, *wants;
	} bad[] = {
		{ "repeat = 0", "a whole number from 1" },
		{ "repeat = 2\nrepeat = 2", "repeat is given twice in [workload own]" },
		{ "kernel = stock,,patched", "names separated by commas" },
		{ "kernel = stock\nkernel = stock", "kernel is given twice" },
		{ "trace = thp_reserve\ntrace = thp_reserve", "trace is given twice" },
		{ "kernels = stock", "allowed: run, entry, kernel" },
		{ "[workload x]\nrepeat = 2", "[workload x]: run comes before repeat" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cleanup_free char *text =
			fl_asprintf("[experiment]\nname = t\n[workload own]\nrun = memhog 8m\n%s\n",
				    bad[i].text);
		struct fl_error err = { 0 };
		struct fl_experiment e;

		cr_expect_eq(load(&e, text, false, &err), -1, "%s", bad[i].text);
		cr_expect_not_null(strstr(err.text, bad[i].wants), "%s", err.text);
		fl_experiment_release(&e);
	}
}

Test(setting, what_reads_back_is_understood)
{
	const struct fl_setting *s = fl_setting_find("thp.enabled");

	cr_expect(fl_setting_took(s, "madvise", "always [madvise] never\n"));
	cr_expect_not(fl_setting_took(s, "always", "always [madvise] never\n"));
	s = fl_setting_find("memcg.limit");
	cr_expect(fl_setting_took(s, "10000", "8192\n"), "rounded to pages");
	cr_expect_not(fl_setting_took(s, "64m", "max\n"));
	s = fl_setting_find("vm.swappiness");
	cr_expect(fl_setting_took(s, "60", "60\n"));
	cr_expect_not(fl_setting_took(s, "6", "60\n"));
}

Test(setting, an_order_may_be_that_of_the_hosts_huge_page)
{
	const struct fl_setting *s = fl_setting_find("balloon.inflate_order");
	struct fl_error err = { 0 };
	char buf[32];

	cr_expect_eq(fl_setting_check("balloon.inflate_order", "host-huge", &err), 0);
	cr_expect_eq(fl_setting_check("balloon.inflate_order", "10", &err), 0);
	cr_expect_eq(fl_setting_check("balloon.inflate_order", "11", &err), -1);
	cr_expect_not_null(strstr(err.text, "from 0 to 10, or host-huge"), "%s", err.text);
	cr_expect_eq(fl_setting_check("balloon.inflate_order", "huge", &err), -1);
	cr_expect_eq(fl_setting_check("vm.swappiness", "host-huge", &err), -1);
	cr_expect_str_eq(fl_setting_text(s, "host-huge", 9, buf), "9");
	cr_expect_str_eq(fl_setting_text(s, "4", 9, buf), "4");
	cr_expect_str_eq(fl_setting_text(fl_setting_find("memcg.limit"), "1m", 9, buf), "1048576");
	cr_expect_str_eq(fl_setting_text(fl_setting_find("vm.swappiness"), "host-huge", 9, buf),
			 "host-huge");
}

Test(plan, settings_of_the_guest_change_it_for_their_point)
{
	struct fl_experiment e;
	struct fl_error err = { 0 };
	struct fl_guest_spec off, on;
	struct fl_plan p;

	cr_assert_eq(load(&e,
			  "[experiment]\nname = t\nrepeat = 1\n[workload w]\nrun = memhog 8m\n"
			  "[settings]\nguest.free_page_reporting = off, on\n"
			  "guest.deflate_on_oom = on\n",
			  false, &err),
		     0, "%s", err.text);
	cr_expect(fl_experiment_sets(&e, FL_SET_GUEST));
	cr_expect_not(fl_experiment_sets(&e, FL_SET_HOST));
	cr_assert_eq(fl_plan_make(&p, &e, 1, &err), 0);
	cr_assert_eq(p.n, 2);
	off = p.points[0].guest;
	on = p.points[1].guest;
	cr_expect(off.balloon, "all points have one");
	cr_expect_not(off.free_page_reporting);
	cr_expect(on.free_page_reporting);
	cr_expect(on.deflate_on_oom);
	cr_expect_eq(on.memory, e.guest.memory);
	cr_expect_not(e.guest.free_page_reporting, "the experiment stays as it is");
	fl_plan_release(&p);
	fl_experiment_release(&e);
	cr_expect_eq(load(&e,
			  "[experiment]\nname = t\n[workload w]\nrun = memhog 8m\n"
			  "[settings]\nguest.free_page_reporting = maybe\n",
			  false, &err),
		     -1);
	fl_experiment_release(&e);
	cr_expect_eq(load(&e,
			  "[experiment]\nname = t\n[guest]\nclock = instructions\n"
			  "[workload w]\nrun = memhog 8m\n"
			  "[settings]\nguest.free_page_reporting = on\n",
			  false, &err),
		     0, "%s", err.text);
	fl_experiment_release(&e);
	cr_expect_eq(load(&e,
			  "[experiment]\nname = t\n[guest]\nclock = instructions\nballoon = on\n"
			  "[workload w]\nrun = memhog 8m\n",
			  false, &err),
		     -1);
	cr_expect_not_null(strstr(err.text, "a balloon needs clock = real"), "%s", err.text);
	fl_experiment_release(&e);
}

Test(setting, names_cannot_leave_their_folder)
{
	char *path;

	cr_expect_null(fl_setting_find("vm.../../etc/passwd"));
	cr_expect_null(fl_setting_find("vm./x"));
	cr_expect_null(fl_setting_find("vm."));
	cr_expect_null(fl_setting_find("vm.*"));
	path = fl_setting_path(fl_setting_find("thp.size-64"), "thp.size-64");
	cr_expect_str_eq(path, "/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled");
	free(path);
}

Test(setting, the_table_is_sorted_and_checks_itself)
{
	for (const struct fl_setting *s = fl_settings(); s[1].name; s++)
		cr_expect_lt(strcmp(s[0].name, s[1].name), 0, "%s before %s", s[0].name, s[1].name);
}
