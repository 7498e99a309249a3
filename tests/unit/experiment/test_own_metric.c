/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/experiment.h"

#define HEAD "[experiment]\nname = t\n[workload w]\nrun = a\n[steps]\ns = run b\nz = sample\n"

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

Test(own_metric, all_its_keys)
{
	static const char text[] =
		HEAD "[metric set_rate]\nabout = SET, each second\nunit = ops/s\n"
		     "better = more\ncsv = \"MSET (10 keys, all)\" , rps\n"
		     "pick = mean\nfrom = s\nworkload = w\nclass = exact\n"
		     "[metric lat]\nabout = b\nunit = us\nbetter = less\n"
		     "after = \"lat \" ; blank\nnth = 3\n";
	struct fl_experiment e;
	struct fl_error err = { 0 };
	const struct fl_own_metric *m;

	cr_assert_eq(load(&e, text, false, &err), 0, "%s", err.text);
	cr_assert_eq(e.metrics.n, 2);
	m = fl_own_metrics_find(&e.metrics, "set_rate");
	cr_assert_not_null(m);
	cr_expect_eq(m->find, FL_FIND_CSV);
	cr_expect_str_eq(m->text, "MSET (10 keys, all)");
	cr_expect_str_eq(m->column, "rps");
	cr_expect_str_eq(m->unit, "ops/s");
	cr_expect_str_eq(m->from, "s");
	cr_expect_eq(m->better, FL_OWN_MORE);
	cr_expect_eq(m->class, FL_OWN_EXACT);
	cr_expect_eq(m->pick, FL_PICK_MEAN);
	cr_expect(fl_own_metric_is_of(m, "w"));
	cr_expect_not(fl_own_metric_is_of(m, "v"));
	m = fl_own_metrics_find(&e.metrics, "lat");
	cr_expect_eq(m->find, FL_FIND_AFTER);
	cr_expect_str_eq(m->text, "lat ");
	cr_expect_eq(m->nth, 3);
	cr_expect_eq(m->class, FL_OWN_NOISY);
	cr_expect_eq(m->pick, FL_PICK_LAST);
	cr_expect_str_eq(m->from, "stdout");
	cr_expect(fl_own_metric_is_of(m, "v"));
	cr_expect_null(fl_own_metrics_find(&e.metrics, "latency"));
	fl_experiment_release(&e);
}

#define GOOD "about = a\nunit = us\nbetter = less\n"

Test(own_metric, every_error_names_its_line)
{
	static const struct {
		const char *text, *wanted;
	} bad[] = {
		{ "[metric]\nunit = us\n", ":9: [metric] needs a name" },
		{ "[metric Rate]\nunit = us\n", ":9: [metric Rate]: a name is a letter" },
		{ "[metric a b]\nunit = us\n", ":9: [metric a b]: a name is a letter" },
		{ "[metric m]\nhue = us\n", ":9: unknown key hue in [metric m]; allowed: about" },
		{ "[metric m]\nunit = us\nunit = ms\n", ":10: unit is given twice in [metric m]" },
		{ "[metric m]\nunit =\n", ":9: unit has no value" },
		{ "[metric m]\nunit = ops per s\n",
		  ":9: unit = ops per s in [metric m]: one word" },
		{ "[metric m]\nbetter = yes\n", ":9: better = yes in [metric m]: one of more" },
		{ "[metric m]\nclass = x\n", ":9: class = x in [metric m]: one of noisy" },
		{ "[metric m]\npick = all\n", ":9: pick = all in [metric m]: one of last" },
		{ "[metric m]\nnth = 0\n", ":9: nth = 0 in [metric m]: a whole number" },
		{ "[metric m]\ncsv = SET\n", ":9: csv = SET in [metric m]: ROW, COLUMN" },
		{ "[metric m]\ncsv = SET,\n", ":9: csv = SET, in [metric m]: ROW, COLUMN" },
		{ "[metric m]\njson = a[\n", ":9: json = a[ in [metric m]: a path" },
		{ "[metric m]\nafter = a\nbefore = b\n",
		  ":10: [metric m]: only one of after, before, json, csv" },
		{ "[metric m]\nunit = us\nbetter = less\nafter = x\n",
		  ":9: [metric m] needs about =" },
		{ "[metric m]\nabout = a\nbetter = less\nafter = x\n",
		  ":9: [metric m] needs unit =" },
		{ "[metric m]\nabout = a\nunit = us\nafter = x\n",
		  ":9: [metric m] needs better =" },
		{ "[metric m]\n" GOOD, ":9: [metric m] needs one of after =, before =, json =" },
		{ "[metric m]\n" GOOD "json = a\nnth = 2\n",
		  ":9: [metric m]: nth goes with after or before" },
		{ "[metric m]\n" GOOD "after = a\nworkload = w, v\n",
		  ":9: [metric m]: workload = v: no workload of that name" },
		{ "[metric m]\n" GOOD "after = a\nfrom = z\n",
		  ":9: [metric m]: from = z: stdout, stderr, or the name of a run step" },
		{ "[metric m]\n" GOOD "after = a\n[metric n]\n" GOOD "after = a\n[metric m]\nnth = "
		  "2\n",
		  ":19: [metric m] is given twice" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cleanup_free char *text = fl_asprintf("%s%s", HEAD, bad[i].text);
		struct fl_experiment e;
		struct fl_error err = { 0 };

		cr_expect_eq(load(&e, text, false, &err), -1, "%s", bad[i].text);
		cr_expect_eq(err.kind, FL_USAGE);
		cr_expect_not_null(strstr(err.text, bad[i].wanted), "%s\ngives: %s", bad[i].text,
				   err.text);
		fl_experiment_release(&e);
	}
}

/* [quick workload] may leave out what a metric is of. */
Test(own_metric, quick_may_leave_its_workload_out)
{
	static const char text[] =
		"[experiment]\nname = t\n[workload w]\nrun = a\n[metric m]\n" GOOD
		"after = a\nworkload = w\n[quick workload q]\nrun = b\n";
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_expect_eq(load(&e, text, true, &err), 0, "%s", err.text);
	fl_experiment_release(&e);
}

Test(own_metric, several_guests_print_nothing_that_is_read)
{
	static const char text[] = "[experiment]\nname = t\n[guest]\ncount = 2\n[workload w]\n"
				   "run = a\n[metric m]\n" GOOD "after = a\n";
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_expect_eq(load(&e, text, false, &err), -1);
	cr_expect_not_null(
		strstr(err.text, ":8: [metric m]: the output of several guests (count = 2)"), "%s",
		err.text);
	fl_experiment_release(&e);
}

/* "key|key|#index|" */
static int steps_of(const char *path, char *out)
{
	struct fl_path_step step;
	int got;

	*out = '\0';
	while ((got = fl_path_next(&path, &step)) > 0) {
		if (step.key)
			sprintf(out + strlen(out), "%.*s|", (int)step.len, step.key);
		else
			sprintf(out + strlen(out), "#%lu|", step.index);
	}
	return got;
}

Test(own_metric, paths)
{
	static const char *const good[][2] = {
		{ "a", "a|" },          { "jobs[0].read.iops", "jobs|#0|read|iops|" },
		{ "[1][2]", "#1|#2|" }, { "a[\"b.c]\"].d", "a|b.c]|d|" },
		{ "a.[3]", "a|#3|" },   { "a b.c-d", "a b|c-d|" },
	};
	static const char *const bad[] = { ".a",
					   "a.",
					   "a..b",
					   "a[",
					   "a[]",
					   "a[x]",
					   "a[0",
					   "a[0]b",
					   "a[\"b]",
					   "a[\"b\"",
					   "a[-1]",
					   "[\"a\"]b",
					   "a[99999999999999999999]" };
	char out[64];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cr_expect_eq(steps_of(good[i][0], out), 0, "%s", good[i][0]);
		cr_expect_str_eq(out, good[i][1]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(steps_of(bad[i], out), -EINVAL, "%s", bad[i]);
}
