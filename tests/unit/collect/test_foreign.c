/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers of real programs; tests/data/foreign holds what they printed. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/foreign.h"
#include "harness/experiment/experiment.h"

static char *read_data(const char *name)
{
	cleanup_free char *path = fl_asprintf("tests/data/foreign/%s", name);
	FILE *f = fopen(path, "re");
	char *text = fl_calloc(1, 65536);

	cr_assert_not_null(f, "%s", path);
	text[fread(text, 1, 65535, f)] = '\0';
	fclose(f);
	return text;
}

/* The keys as in [metric m]; NAN: there is no value. */
static double find_in(const char *text, const char *keys, char *why, size_t room)
{
	cleanup_free char *ini = fl_asprintf("[metric m]\nabout = a\nbetter = more\n%s\n", keys);
	struct fl_own_metrics own;
	struct fl_error err = { 0 };
	double value;

	cr_assert_eq(fl_own_metrics_parse(&own, ini, &err), 0, "%s", err.text);
	cr_assert_eq(fl_own_metrics_check(&own, "f", &err), 0, "%s", err.text);
	if (fl_foreign_value(&own.v[0], text, strlen(text), &value, why, room))
		value = NAN;
	fl_own_metrics_release(&own);
	return value;
}

static void expect_value(const char *text, const char *keys, double wanted)
{
	char why[256] = "";
	double value = find_in(text, keys, why, sizeof(why));

	cr_expect(fabs(value - wanted) < 1e-9 * (1 + fabs(wanted)), "%s\ngives %g (%s), not %g",
		  keys, value, why, wanted);
}

static void expect_none(const char *text, const char *keys, const char *wanted)
{
	char why[256] = "";
	double value = find_in(text, keys, why, sizeof(why));

	cr_expect(isnan(value), "%s\ngives %g", keys, value);
	cr_expect_str_eq(why, wanted);
}

Test(foreign, stress_ng_metrics)
{
	cleanup_free char *text = read_data("stress-ng.stderr");

	expect_value(text, "unit = count\nafter = \"] vm \"", 10624);
	expect_value(text, "unit = ops/s\nafter = \"] vm \"\nnth = 5", 10531.73);
	expect_value(text, "unit = KB\nafter = \"] vm \"\nnth = 8", 34824);
	expect_none(text, "unit = KB\nafter = \"] vm \"\nnth = 9\nfrom = stderr",
		    "no number after \"] vm \" in stderr");
}

Test(foreign, redis_benchmark_csv)
{
	cleanup_free char *text = read_data("redis-benchmark.csv");

	expect_value(text, "unit = 1/s\ncsv = SET, rps", 41666.67);
	expect_value(text, "unit = ms\ncsv = \"LRANGE_100 (first 100 elements)\", p99_latency_ms",
		     2.823);
	expect_value(text, "unit = ms\ncsv = GET, 8", 5.135);
	expect_none(text, "unit = 1/s\ncsv = INCR, rps",
		    "no number in row \"INCR\", column \"rps\" of stdout");
	expect_none(text, "unit = 1/s\ncsv = GET, tps",
		    "no number in row \"GET\", column \"tps\" of stdout");
	expect_none(text, "unit = 1/s\ncsv = test, rps",
		    "no number in row \"test\", column \"rps\" of stdout");
}

Test(foreign, perf_bench)
{
	cleanup_free char *memcpy_text = read_data("perf-memcpy.txt");
	cleanup_free char *simple = read_data("perf-memcpy-simple.txt");
	cleanup_free char *pipe = read_data("perf-pipe.txt");

	expect_value(memcpy_text, "unit = GB/sec\nbefore = GB/sec", 10.067655);
	expect_value(memcpy_text, "unit = GB/sec\nbefore = GB/sec\npick = max", 10.388963);
	expect_value(memcpy_text, "unit = GB/sec\nbefore = GB/sec\npick = min", 7.128193);
	expect_value(simple, "unit = B/s\nafter = \"\"", 126593746.227212);
	expect_value(simple, "unit = B/s\nafter = \"\"\npick = first", 4211148594.377511);
	expect_value(pipe, "unit = usecs/op\nbefore = usecs/op", 42.381);
	expect_value(pipe, "unit = s\nafter = Total time:", 0.042);
}

Test(foreign, fio_json)
{
	cleanup_free char *text = read_data("fio.json");
	cleanup_free char *noisy = fl_asprintf("fio: [1] {note}\n%s\nbye {\n", text);
	cleanup_free char *twice =
		fl_asprintf("%s{\"jobs\":[{\"read\":{\"iops\":\"2.5\"}}]}\n{\"jobs\":[]}", text);

	expect_value(text, "unit = 1/s\njson = jobs[0].read.iops", 12564.417178);
	expect_value(text, "unit = ns\njson = jobs[0].read.clat_ns.percentile.99.000000", 366592);
	expect_value(text, "unit = ns\njson = jobs[0].read.clat_ns.percentile[\"99.000000\"]",
		     366592);
	expect_value(noisy, "unit = 1/s\njson = jobs[0].read.iops", 12564.417178);
	expect_value(twice, "unit = 1/s\njson = jobs[0].read.iops", 2.5);
	expect_value(twice, "unit = 1/s\njson = jobs[0].read.iops\npick = first", 12564.417178);
	expect_none(text, "unit = 1/s\njson = jobs[1].read.iops",
		    "no number at jobs[1].read.iops in JSON of stdout");
	expect_none(text, "unit = 1/s\njson = jobs[0].read",
		    "an object (no number) at jobs[0].read in JSON of stdout");
	text[strlen(text) / 2] = '\0';
	expect_none(text, "unit = 1/s\njson = jobs[0].read.iops",
		    "not JSON at byte 3192, no number at jobs[0].read.iops in JSON of stdout");
}

/* What fio prints for people has another unit from run to run: 950, 1260k. */
Test(foreign, a_number_of_another_unit_is_no_value)
{
	cleanup_free char *text = read_data("fio.txt");

	expect_none(text, "unit = 1/s\nafter = IOPS=",
		    "1260k (of another unit) after \"IOPS=\" in stdout");
	expect_value(text, "unit = MiB/s\nafter = BW=", 4923);
	expect_none(text, "unit = us\nafter = run=",
		    "13-13 (one number or two?) after \"run=\" in stdout");
	expect_value(text, "unit = us\nbefore = \"msec\"", 13000);
	expect_none(text, "unit = KiB/s\nafter = BW=",
		    "4923MiB/s (of another unit) after \"BW=\" in stdout");
	expect_value("IOPS=12k\nIOPS=950\n", "unit = 1/s\nafter = IOPS=", 950);
	expect_none("IOPS=950\nIOPS=12k\n",
		    "unit = 1/s\nafter = IOPS=", "12k (of another unit) after \"IOPS=\" in stdout");
	expect_value("IOPS=950\nIOPS=12k\n", "unit = 1/s\nafter = IOPS=\npick = first", 950);
	expect_none("IOPS=950\nIOPS=12k\n", "unit = 1/s\nafter = IOPS=\npick = sum",
		    "12k (of another unit) after \"IOPS=\" in stdout");
	expect_none("n 1,234,567 x\n", "unit = count\nafter = n",
		    "1,234 (one number or two?) after \"n\" in stdout");
	expect_none("2026-11-20\n", "unit = count\nafter = \"\"",
		    "2026-11 (one number or two?) after \"\" in stdout");
}

Test(foreign, glued_units)
{
	expect_value("t=1500ns\n", "unit = us\nafter = t=", 1.5);
	expect_value("t=2ms\n", "unit = us\nafter = t=", 2000);
	expect_value("t=3\xc2\xb5s\n", "unit = ns\nafter = t=", 3000);
	expect_value("a 12% b\n", "unit = %\nafter = a", 12);
	expect_value("a 12/s b\n", "unit = ops/s\nafter = a", 12);
	expect_value("12ops\n", "unit = count\nbefore = ops", 12);
	expect_none("12kops\n", "unit = count\nbefore = ops",
		    "12k (of another unit) before \"ops\" in stdout");
}

Test(foreign, a_unit_behind_a_blank)
{
	expect_value("t 5 ms\n", "unit = us\nafter = t", 5000);
	expect_value("t 5 ms, max 7\n", "unit = us\nafter = t", 5000);
	expect_value("t 5 ms\n", "unit = us\nbefore = ms", 5000);
	expect_value("t 3 seconds\n", "unit = ms\nafter = t", 3000);
	expect_value("t 0.042 [sec]\n", "unit = ms\nafter = t", 42);
	expect_value("t 5 us\n", "unit = us\nafter = t", 5);
	expect_value("t 5 msgs\n", "unit = us\nafter = t", 5);
	expect_value("t 5 ms\n", "unit = count\nafter = t", 5);
}

/* Not the number behind it, nor the one before it. */
Test(foreign, no_number_where_one_is_due)
{
	expect_none("rate nan 8\n", "unit = 1/s\nafter = rate",
		    "nan (no finite number) after \"rate\" in stdout");
	expect_none("r1: -NaN (7 samples)\n",
		    "unit = 1/s\nafter = r1:", "-NaN (no finite number) after \"r1:\" in stdout");
	expect_none("r N/A 7\n", "unit = 1/s\nafter = r",
		    "N/A (no finite number) after \"r\" in stdout");
	expect_none("r=nanms 7\n",
		    "unit = us\nafter = r=", "nan (no finite number) after \"r=\" in stdout");
	expect_none("3 inf ops\n", "unit = 1/s\nbefore = ops",
		    "inf (no finite number) before \"ops\" in stdout");
	expect_none("r 10\nr inf\n", "unit = 1/s\nafter = r",
		    "inf (no finite number) after \"r\" in stdout");
	expect_none("r 10\nr inf\n", "unit = 1/s\nafter = r\npick = max",
		    "inf (no finite number) after \"r\" in stdout");
	expect_none("r nan\nr 1k\nr 10\n", "unit = 1/s\nafter = r\npick = first",
		    "nan (no finite number) after \"r\" in stdout");
	expect_value("r nan\nr 10\n", "unit = 1/s\nafter = r", 10);
	expect_value("r 10\nr inf\n", "unit = 1/s\nafter = r\npick = first", 10);
	expect_value("r info nano banana 8\n", "unit = 1/s\nafter = r", 8);
	expect_none("t,rps\nSET,10\nSET,NaN\n", "unit = 1/s\ncsv = SET, rps",
		    "nan (no finite number) in row \"SET\", column \"rps\" of stdout");
	expect_none("t,rps\nSET,10\nSET,12ms\n", "unit = 1/s\ncsv = SET, rps",
		    "12ms (no number) in row \"SET\", column \"rps\" of stdout");
	expect_none("t,rps\nSET,10\nSET,\n", "unit = 1/s\ncsv = SET, rps",
		    "an empty field in row \"SET\", column \"rps\" of stdout");
	expect_none("t,rps\nSET,10\nSET\n", "unit = 1/s\ncsv = SET, rps",
		    "no such field in row \"SET\", column \"rps\" of stdout");
	expect_none("{\"r\":10}{\"r\":null}", "unit = 1/s\njson = r",
		    "null (no number) at r in JSON of stdout");
	expect_none("{\"r\":10}{\"r\":\"nan\"}", "unit = 1/s\njson = r",
		    "nan (no finite number) at r in JSON of stdout");
}

Test(foreign, one_number_or_two)
{
	static const struct {
		const char *text, *after, *before;
	} all[] = {
		{ "1_000", "1_000", "1_000" },
		{ "1'000", "1'000", "'000" },
		{ "3,75", "3,75", ",75" },
		{ "1:30", "1:30", ":30" },
		{ "1.234.567", "1.234.567", "1.234.567" },
		{ "1,234", "1,234", ",234" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		cleanup_free char *text = fl_asprintf("n %s ops\n", all[i].text);
		cleanup_free char *after =
			fl_asprintf("%s (one number or two?) after \"n\" in stdout", all[i].after);
		cleanup_free char *before = fl_asprintf(
			"%s (one number or two?) before \"ops\" in stdout", all[i].before);

		expect_none(text, "unit = 1/s\nafter = n", after);
		expect_none(text, "unit = 1/s\nbefore = ops", before);
	}
	expect_value("p99:12.5 p50:3\n", "unit = us\nafter = p99:", 12.5);
	expect_value("cpu 1:30 x\n", "unit = us\nafter = cpu 1:", 30);
	expect_value("12:30:01 rate 5\n", "unit = us\nafter = rate", 5);
}

Test(foreign, broken_json_is_not_searched)
{
	expect_none("{\"x\":{\"rate\":5},\"rate\":NaN}", "unit = 1/s\njson = rate",
		    "not JSON at byte 26, no number at rate in JSON of stdout");
	expect_none("[7, NaN, {\"rate\":5}]", "unit = 1/s\njson = rate",
		    "not JSON at byte 7, no number at rate in JSON of stdout");
	expect_none("{\"rate\":5}\n{\"x\":{\"rate\":6},", "unit = 1/s\njson = rate",
		    "not JSON at byte 27, no number at rate in JSON of stdout");
	expect_value("{\"a\":\"}\\\"\", \"rate\":NaN}\n{\"rate\":5}", "unit = 1/s\njson = rate", 5);
	expect_value("[12:30:01] {note} [1/3] {\"rate\":5} [x", "unit = 1/s\njson = rate", 5);
}

Test(foreign, numbers_of_a_line)
{
	const char *line = "p99 of v1.2.3: -4.5e-1, +7 (8) 2026: 11 -20 x12 0.5.\n";
	static const double wanted[] = { -0.45, 7, 8, 2026, 11, -20, 0.5 };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		cleanup_free char *after = fl_asprintf("unit = x\nafter = p99\nnth = %zu", i + 1);
		cleanup_free char *before =
			fl_asprintf("unit = x\nbefore = \"\"\nnth = %zu", 7 - i);

		expect_value(line, after, wanted[i]);
		expect_value(line, before, wanted[i]);
	}
	expect_value(line, "unit = count\nafter = x", 12);
	expect_value(line, "unit = count\nafter = p", 99);
	expect_value(line, "unit = count\nafter = p\nnth = 3", 7);
	expect_none(line, "unit = count\nafter = 0.5", "no number after \"0.5\" in stdout");
	expect_none("n\n5\n", "unit = count\nafter = n", "no number after \"n\" in stdout");
	expect_none("", "unit = count\nafter = n", "no number after \"n\" in stdout");
	expect_none("n 1e999\n", "unit = count\nafter = n",
		    "inf (no finite number) after \"n\" in stdout");
}

Test(foreign, which_of_several)
{
	const char *text = "r 3 r 1\nr 2\n";

	expect_value(text, "unit = count\nafter = r", 2);
	expect_value(text, "unit = count\nafter = r\npick = last", 2);
	expect_value(text, "unit = count\nafter = r\npick = first", 3);
	expect_value(text, "unit = count\nafter = r\npick = sum", 6);
	expect_value(text, "unit = count\nafter = r\npick = mean", 2);
	expect_value(text, "unit = count\nafter = r\npick = max", 3);
	expect_value(text, "unit = count\nafter = r\npick = min", 1);
}

/* The example of docs/reference/experiment-files.md, held against what its programs printed. */
Test(foreign, every_metric_of_the_example_is_found)
{
	static const struct {
		const char *metric, *file;
		double wanted;
	} all[] = {
		{ "copied", "perf-memcpy-simple.txt", 126593746.227212 },
		{ "copied_fastest", "perf-memcpy.txt", 10.388963 },
		{ "get_p99", "redis-benchmark.csv", 4.927 },
		{ "pipe_time", "perf-pipe.txt", 42.381 },
		{ "read_iops", "fio.json", 12564.417178 },
		{ "read_p99", "fio.json", 366592 },
		{ "set_rate", "redis-benchmark.csv", 41666.67 },
		{ "touch_time", "three.txt", 92153.1 },
		{ "vm_rate", "stress-ng.stderr", 10531.73 },
	};
	struct fl_experiment e;
	struct fl_error err = { 0 };

	cr_assert_eq(fl_experiment_load(&e, "tests/data/foreign/foreign.ini", false, &err), 0, "%s",
		     err.text);
	cr_assert_eq(e.metrics.n, sizeof(all) / sizeof(all[0]));
	for (size_t i = 0; i < e.metrics.n; i++) {
		cleanup_free char *text = read_data(all[i].file);
		char why[256] = "";
		double value;

		cr_assert_str_eq(e.metrics.v[i].name, all[i].metric);
		cr_expect_eq(fl_foreign_value(&e.metrics.v[i], text, strlen(text), &value, why,
					      sizeof(why)),
			     0, "%s: %s", all[i].metric, why);
		cr_expect(fabs(value - all[i].wanted) < 1e-6, "%s: %f", all[i].metric, value);
	}
	fl_experiment_release(&e);
}

/* Output of nothing but brackets, and a line of nothing but the key, end in seconds. */
Test(foreign, output_that_means_harm)
{
	size_t len = 1 << 20;
	cleanup_free char *text = fl_alloc(len + 1);

	text[len] = '\0';
	memset(text, '[', len);
	expect_none(text, "unit = x\njson = a",
		    "not JSON at byte 2049, no number at a in JSON of stdout");
	for (size_t i = 0; i + 5 <= len; i += 5)
		memcpy(text + i, "{\"a\":", 5);
	expect_none(text, "unit = x\njson = a",
		    "not JSON at byte 10241, no number at a in JSON of stdout");
	for (size_t i = 0; i + 4 <= len; i += 4)
		memcpy(text + i, "a1 ;", 4);
	expect_value(text, "unit = x\nafter = a\npick = sum", (double)len / 4);
	memset(text, '1', len);
	expect_none(text, "unit = x\nafter = \"\"", "no number after \"\" in stdout");
	expect_value(text, "unit = x\nafter = 1\npick = first", 11111111111111111111111111111111.0);
	expect_none(text, "unit = x\nbefore = 1", "no number before \"1\" in stdout");
	memset(text, 'a', len);
	text[len / 2] = '1';
	expect_none(text, "unit = x\nafter = a",
		    "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (of another unit) after \"a\" in stdout");
}

Test(foreign, units_carry_the_clock)
{
	static const char *const units[][4] = {
		{ "us", "us", "us-tcg", "kinsn" },
		{ "usec", "us", "us-tcg", "kinsn" },
		{ "secs", "s", "s-tcg", "Ginsn" },
		{ "ms", "ms", "ms-tcg", "Minsn" },
		{ "ns", "ns", "ns-tcg", "insn" },
		{ "usecs/op", "us/op", "us-tcg/op", "kinsn/op" },
		{ "1/s", "1/s", "1/s-tcg", "1/Ginsn" },
		{ "GB/sec", "GB/s", "GB/s-tcg", "GB/Ginsn" },
		{ "ops/ms", "ops/ms", "ops/ms-tcg", "ops/Minsn" },
		{ "KiB", "KiB", "KiB", "KiB" },
		{ "KiB/op", "KiB/op", "KiB/op", "KiB/op" },
		{ "count", "count", "count", "count" },
	};
	char out[32];

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		for (int base = FL_TIME_HARDWARE; base <= FL_TIME_INSN; base++)
			cr_expect_str_eq(fl_foreign_unit(units[i][0], (enum fl_timebase)base, out,
							 sizeof(out)),
					 units[i][1 + base]);
}

Test(foreign, ours_and_theirs_have_one_word_for_a_unit)
{
	char out[32];

	for (int base = FL_TIME_HARDWARE; base <= FL_TIME_INSN; base++) {
		enum fl_timebase b = (enum fl_timebase)base;

		cr_expect_str_eq(fl_foreign_unit("ns", b, out, sizeof(out)),
				 fl_unit_name(FL_UNIT_NS, b));
		cr_expect_str_eq(fl_foreign_unit("us", b, out, sizeof(out)),
				 fl_unit_name(FL_UNIT_US, b));
		cr_expect_str_eq(fl_foreign_unit("1/s", b, out, sizeof(out)),
				 fl_unit_name(FL_UNIT_PER_S, b));
		cr_expect_str_eq(fl_foreign_unit("ms/GB", b, out, sizeof(out)),
				 fl_unit_name(FL_UNIT_MS_PER_GB, b));
	}
}

Test(foreign, its_meaning_is_what_the_section_says)
{
	struct fl_own_metrics own;
	struct fl_error err = { 0 };
	struct fl_metric m;

	cr_assert_eq(fl_own_metrics_parse(&own,
					  "[metric a]\nabout = b\nunit = us\nbetter = less\n"
					  "class = exact\nafter = x\n",
					  &err),
		     0, "%s", err.text);
	m = fl_foreign_meaning(&own.v[0]);
	cr_expect_str_eq(m.name, "a");
	cr_expect_str_eq(m.about, "b");
	cr_expect_eq(m.better, FL_LESS);
	cr_expect_eq(m.class, FL_EXACT);
	cr_expect_eq(m.owner, FL_OWNER_EXPERIMENT);
	fl_own_metrics_release(&own);
}
