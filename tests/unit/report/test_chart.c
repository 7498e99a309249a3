/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures: no text lies on another, whatever is drawn. */
#include <criterion/criterion.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/report/figures.h"
#include "harness/report/report.h"
#include "tests/unit/store/store_fixture.h"

TestSuite(chart, .init = fixture_make, .fini = fixture_drop);

/* build/boxes beside this program.  Its exit status. */
static int boxes(const char *files)
{
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	cleanup_free char *command = NULL;

	cr_assert_gt(n, 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	command = fl_asprintf("'%s/boxes' %s", self, files);
	return WEXITSTATUS(system(command));
}

static bool have_gnuplot(void)
{
	return !system("gnuplot --version >/dev/null 2>&1");
}

static const char experiment[] =
	"[experiment]\nname = t\n"
	"[summary]\nabout = what is shown, in a sentence that goes on for longer than a line of a "
	"picture holds, so that it has to be broken, and then goes on\n"
	"metric = touch_latency_mean\nagainst = thp.promotion_threshold=1\n"
	"[summary T=64]\nof = thp.promotion_threshold=64\n"
	"[summary a setting of a very long name indeed]\nof = thp.promotion_threshold=512\n"
	"[summary RSS T=64]\nmetric = held_rss\nof = thp.promotion_threshold=64\n"
	"[summary RSS T=512]\nmetric = held_rss\nof = thp.promotion_threshold=512\n"
	"[summary never]\nmetric = fault_count\nof = thp.promotion_threshold=512\n";
static const char crossing[] = "[crossing place]\nabout = promotion in place\n"
			       "axis = thp.promotion_threshold\nprice = touch_latency_mean\n"
			       "saving = held_rss\nof = kernel=stock\n"
			       "against = thp.promotion_threshold=1\n";

struct shape {
	unsigned int workloads, settings;
	double unit; /* of the values */
	bool crossed, summed, long_names;
};

static int64_t make_run(struct fl_store *s, const struct shape *shape)
{
	static const char *const values[] = { "1", "8", "32", "64", "128", "256", "512" };
	cleanup_free char *text = fl_asprintf("%s%s", shape->summed ? experiment : "[experiment]\n",
					      shape->crossed ? crossing : "");
	struct fl_run_info info = { .name = "t-1",
				    .experiment = "t",
				    .about = "Is this a question?",
				    .created = "2026-11-20T20:15:00Z",
				    .experiment_text = text,
				    .arguments = "run t",
				    .machine_json = "{}",
				    .clock = "instructions",
				    .timebase = "insn" };
	struct fl_bucket buckets[] = { { 0, 100, 101, 500 }, { 0, 3000, 3030, 12 } };
	char classes[1][32] = { "base" }, taken[128];
	struct fl_error err = { 0 };
	int64_t run;

	cr_assert(!fl_store_create_run(s, &info, &run, taken, &err), "%s", err.text);
	for (unsigned int i = 0; i < shape->workloads * shape->settings; i++) {
		unsigned int w = i / shape->settings, t = i % shape->settings;
		struct fl_point_setting set = { "thp.promotion_threshold", values[t % 7] };
		struct fl_point_record p = fixture_point(i + 1, "ok", NULL, &set, 1);
		cleanup_free char *name = fl_asprintf(
			shape->long_names ? "workload-of-a-name-without-a-blank-%u" : "w%u", w);
		struct fl_result r = {
			.buckets = buckets, .n_buckets = 2, .class_names = classes, .n_classes = 1
		};

		p.workload_name = name;
		fl_result_put(&r, "touch_latency_mean", shape->unit * (1 + t * w % 5), FL_UNIT_NS);
		if (w % 3 != 2)
			fl_result_put(&r, "held_rss", shape->unit * (7 - t), FL_UNIT_KIB);
		fl_result_put(&r, "promotions_copy", shape->unit * t, FL_UNIT_COUNT);
		fl_result_put(&r, "fault_count", t == 2 ? 0 : shape->unit, FL_UNIT_COUNT);
		cr_assert(!fl_store_put_point(s, run, &p, &r, &err), "%s", err.text);
		free(r.values);
	}
	return run;
}

static void draw(const struct shape *shape)
{
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(s, shape);
	cleanup_free char *files = fl_asprintf("%s/t-1/plots/*.svg", fixture_folder);
	struct fl_error err = { 0 };
	FILE *out = fopen("/dev/null", "we");

	if (fl_plot(out, s, &run, 1, &err)) {
		cleanup_free char *log = fl_asprintf("cat %s/t-1/plots/*.log", fixture_folder);

		cr_expect_eq(system(log), -1, "%s", err.text);
	}
	fclose(out);
	fl_store_close(s);
	cr_expect_eq(boxes(files), 0);
}

Test(chart, boxes_sees_texts_that_lie_on_each_other)
{
	static const char head[] = "<svg viewBox=\"0 0 100 100\">\n<g transform=\"translate(10,";
	static const char tail[] =
		")\" font-size=\"12\" text-anchor=\"start\">\n<text>abc</text>\n";
	cleanup_free char *path = fl_asprintf("%s/x.svg", fixture_folder);
	struct fl_error err;

	for (int second = 20; second <= 40; second += 20) {
		cleanup_free char *text = fl_asprintf(
			"%s20%s<g transform=\"translate(15,%d%s</svg>", head, tail, second, tail);

		cr_assert(!fl_write_file(path, text, strlen(text), &err));
		cr_expect_eq(boxes(path), second == 20, "%d", second);
	}
	for (int x = 10; x <= 90; x += 80) {
		cleanup_free char *text =
			fl_asprintf("<svg viewBox=\"0 0 100 100\">\n<g transform=\""
				    "translate(%d,20%s</svg>",
				    x, tail);

		cr_assert(!fl_write_file(path, text, strlen(text), &err));
		cr_expect_eq(boxes(path), x == 90, "%d", x);
	}
}

Test(chart, no_text_lies_on_another_with_forty_workloads_of_long_names)
{
	const struct shape many = { 40, 7, 1234, false, true, true };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&many);
}

Test(chart, nor_with_forty_curves)
{
	const struct shape many = { 40, 7, 1234, true, true, true };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&many);
}

Test(chart, nor_with_a_single_point)
{
	const struct shape one = { 1, 1, 1234, true, true, false };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&one);
}

Test(chart, nor_without_a_summary)
{
	const struct shape plain = { 3, 7, 1234, false, false, true };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&plain);
}

Test(chart, nor_with_huge_values)
{
	const struct shape huge = { 3, 5, 1e17, true, true, false };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&huge);
}

Test(chart, nor_with_tiny_ones)
{
	const struct shape tiny = { 3, 5, 1e-12, false, true, false };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&tiny);
}

Test(chart, nor_where_all_is_zero)
{
	const struct shape none = { 3, 5, 0, true, true, false };

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&none);
}

static char *slurp(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	cr_assert(f, "%s", path);
	cr_assert(getdelim(&text, &room, '\0', f) > 0);
	return text;
}

Test(chart, the_script_draws_it_again_by_hand)
{
	const struct shape shape = { 2, 5, 1234, false, true, false };
	cleanup_free char *dir = fl_asprintf("%s/t-1/plots", fixture_folder);
	cleanup_free char *command = fl_asprintf("cd %s && rm answer.svg answer.png && gnuplot "
						 "answer.gp && test -s answer.svg -a -s answer.png",
						 dir);

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&shape);
	cr_expect_eq(system(command), 0);
}

static double part(const char *hex)
{
	char two[3] = { hex[0], hex[1], '\0' };
	double c = (double)strtoul(two, NULL, 16) / 255;

	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(const char *hex)
{
	return 0.2126 * part(hex) + 0.7152 * part(hex + 2) + 0.0722 * part(hex + 4);
}

/* WCAG 2: of each colour of a line or a mark. */
Test(chart, colours_are_seen_on_white_and_on_dark)
{
	const struct shape shape = { 3, 5, 1234, true, true, false };
	cleanup_free char *path = fl_asprintf("%s/t-1/plots/tail.svg", fixture_folder);
	cleanup_free char *gp = fl_asprintf("%s/t-1/plots/tail.gp", fixture_folder);
	cleanup_free char *svg = NULL, *script = NULL;
	size_t seen = 0;

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	draw(&shape);
	svg = slurp(path);
	script = slurp(gp);
	cr_expect(strstr(svg, "currentColor"));
	cr_expect(strstr(svg, "<g class=\"series\" data-series=\"T=64\">"));
	cr_expect(!strstr(svg, "<text></text>"));
	cr_expect(!strstr(svg, "rgb(0,0,0)") && !strstr(svg, "rgb(  0,   0,   0)"));
	for (const char *at = script; (at = strstr(at, " lc rgb '#")); at++) {
		double l = luminance(at + 10);

		if (!strncmp(at + 10, "d8d8d8", 6) || !strncmp(at + 10, "000000", 6) ||
		    !strncmp(at + 10, "5f5f5f", 6)) /* these become the page's own */
			continue;
		seen++;
		cr_expect_geq(1.05 / (l + 0.05), 3, "%.6s on white", at + 10);
		cr_expect_geq((l + 0.05) / (luminance("141414") + 0.05), 3, "%.6s on dark",
			      at + 10);
	}
	cr_expect_gt(seen, 0);
}

Test(chart, numbers_have_three_digits)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = { { 0, "0" },          { 75, "75" },        { 1234, "1234" },
		      { 12345, "12.3 k" }, { 1e6, "1 M" },      { 999.96, "1000" },
		      { 0.25, "0.25" },    { 0.0004, "0.4 m" }, { -5600, "-5600" } };
	char text[24];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(fl_chart_number(cases[i].value, text), cases[i].text);
}

/* "picture" names the first; an unknown one is refused with those that there are. */
Test(chart, an_experiment_names_its_picture)
{
	const struct shape shape = { 2, 5, 1234, false, true, false };
	struct fl_store *s = fixture_open(false);
	int64_t run = make_run(s, &shape);
	struct fl_drawings d = { 0 };
	struct fl_error err = { 0 };
	struct fl_summary sum;

	if (!have_gnuplot())
		cr_skip_test("no gnuplot here");
	cr_assert_eq(fl_summary_read(&sum, s, run, &err), 0, "%s", err.text);
	cr_assert_eq(fl_figures_draw(&d, &sum, s, &err), 0, "%s", err.text);
	cr_expect_str_eq(fl_figures_main(&d)->figure->name, "answer");
	fl_drawings_release(&d);
	sum.picture = fl_strdup("tail");
	cr_assert_eq(fl_figures_draw(&d, &sum, s, &err), 0, "%s", err.text);
	cr_expect_str_eq(fl_figures_main(&d)->figure->name, "tail");
	fl_drawings_release(&d);
	strcpy(sum.picture, "tali");
	cr_expect_eq(fl_figures_draw(&d, &sum, s, &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, "answer, limit"), "%s", err.text);
	fl_summary_release(&sum);
	fl_store_close(s);
}
