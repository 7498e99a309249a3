/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/report/report.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(page, .init = fixture_make, .fini = fixture_drop);

static bool have_gnuplot(void)
{
	return !system("gnuplot --version >/dev/null 2>&1");
}

/* Marks of HTML, of gnuplot's enhanced text, of its strings and of the shell. */
#define ODD "a'b\"c`touch x`_^{@&~<i>\\"

static int64_t odd_run(struct fl_store *s, bool host)
{
	struct fl_tick ticks[] = { { 0, 0, 1024 }, { 0, 1000000000, 4096 }, { 1, 0, 8 } };
	struct fl_bucket buckets[] = { { 0, 100, 101, 500 }, { 0, 3000, 3030, 12 } };
	char series[2][64] = { "guest_rss", "host_rss" }, classes[1][32] = { "base" };
	enum fl_unit units[] = { FL_UNIT_KIB, FL_UNIT_KIB };
	int64_t run = fixture_run(s, "t-20261120-201500", "t");
	struct fl_error err = { 0 };

	for (unsigned int i = 1; i <= 3; i++) {
		struct fl_point_setting setting = { "thp.odd", i == 1 ? ODD : i == 2 ? "1" : "64" };
		struct fl_point_record p = fixture_point(i, "ok", NULL, &setting, 1);
		struct fl_result r = { .ticks = ticks,
				       .n_ticks = host ? 3 : 2,
				       .series_names = series,
				       .series_units = units,
				       .n_series = 2,
				       .buckets = buckets,
				       .n_buckets = 2,
				       .class_names = classes,
				       .n_classes = 1 };

		p.workload_name = "w'\"{o}";
		fl_result_put(&r, "touch_latency_mean", 1000 * i, FL_UNIT_NS);
		fl_result_put(&r, "memcg_charge_mean", 20000 / i, FL_UNIT_KIB);
		fl_result_put(&r, "promotions_copy", i, FL_UNIT_COUNT);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		free(r.values);
	}
	return run;
}

static char *slurp(const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", fixture_folder, name);
	cleanup_file FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	cr_assert(f, "%s", path);
	cr_assert(getdelim(&text, &room, '\0', f) > 0);
	return text;
}

static void check_drawings(const char *list)
{
	cleanup_free char *copy = fl_strdup(list);
	size_t n = 0;

	for (char *save = NULL, *path = strtok_r(copy, "\n", &save); path;
	     path = strtok_r(NULL, "\n", &save), n++) {
		struct stat st;

		cr_assert(!stat(path, &st) && st.st_size > 2000, "%s", path);
	}
	cr_assert_geq(n, 4, "%s", list);
}

static void draw_all(bool host)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = odd_run(s, host);
	struct fl_error err = { 0 };
	cleanup_free char *list = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&list, &len);

	cr_assert(!fl_plot(out, s, &run, 1, &err), "%s", err.text);
	fclose(out);
	check_drawings(list);
	cr_assert(access("x", F_OK), "a backquote in a label was run");
	fl_store_close(s);
}

Test(page, every_figure_is_drawn_whatever_the_labels_hold)
{
	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw_all(true);
}

/* On the target host there are no samples of a host side. */
Test(page, figures_are_drawn_without_a_host_side)
{
	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw_all(false);
}

Test(page, is_one_file_with_all_escaped)
{
	struct fl_store *s = fixture_open(false);
	int64_t runs[2] = { odd_run(s, true), fixture_run(s, "u-1", "u") };
	cleanup_free char *page = NULL;
	struct fl_error err = { 0 };
	FILE *out = fopen("/dev/null", "we");

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	cr_assert(!fl_report(out, s, runs, 2, &err), "%s", err.text);
	page = slurp("t-20261120-201500/report.html");
	cr_assert(strstr(page, "what &lt;a&gt; threshold costs &amp; saves"));
	cr_assert(strstr(page, "name = a&lt;b"));
	cr_assert(strstr(page, "run t -s 'a=1,2' --seed 42"));
	cr_assert(strstr(page, "Emulated time (ns-tcg)"), "emulated time is not marked as such");
	cr_assert(strstr(page, "<svg"));
	cr_assert(!strstr(page, "<i>"));
	cr_assert(!strstr(page, "<script src") && !strstr(page, "src="));
	cr_assert(!strstr(page, "url(http") && !strstr(page, "<link"));
	fclose(out);
	fl_store_close(s);
}

Test(page, says_how_to_get_gnuplot_and_keeps_the_old_page)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = odd_run(s, true);
	cleanup_free char *dir = fl_asprintf("%s/t-20261120-201500", fixture_folder);
	cleanup_free char *old = fl_asprintf("%s/report.html", dir), *page = NULL;
	struct fl_error err = { 0 };
	FILE *out = fopen("/dev/null", "we"), *f;

	cr_assert(!mkdir(dir, 0777));
	f = fopen(old, "we");
	cr_assert(f && fputs("old", f) >= 0);
	fclose(f);
	setenv("PATH", fixture_folder, 1);
	cr_assert_eq(fl_report(out, s, &run, 1, &err), -1);
	cr_assert_eq(err.kind, FL_MACHINE);
	cr_assert(strstr(err.text, "apt install gnuplot-nox"), "%s", err.text);
	page = slurp("t-20261120-201500/report.html");
	cr_assert_str_eq(page, "old");
	fclose(out);
	fl_store_close(s);
}
