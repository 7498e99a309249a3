/* SPDX-License-Identifier: GPL-2.0 */
/* `show` over a run whose points hold a million samples: aim under 1 s. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/strv.h"
#include "harness/report/report.h"
#include "harness/store/store.h"

#define POINTS 100
#define SAMPLES 10000

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int die(const struct fl_error *err)
{
	fprintf(stderr, "bench_store: %s\n", err->text);
	return 1;
}

static int put_point(struct fl_store *s, int64_t run, unsigned int number, struct fl_error *err)
{
	char value[16];
	struct fl_point_setting setting = { "khugepaged.max_ptes_none", value };
	struct fl_point_record p = {
		.number = number,
		.repeat = 1,
		.status = "ok",
		.kernel = "none",
		.workload_name = "bench",
		.workload = "bench",
		.settings = &setting,
		.n_settings = 1,
		.created = "2026-01-01T00:00:00Z",
	};
	struct fl_result r = { 0 };
	int bad;

	snprintf(value, sizeof(value), "%u", number);
	fl_result_put(&r, "fault_latency_p50", number, FL_UNIT_NS);
	r.n_series = 1;
	r.series_names = fl_calloc(1, sizeof(*r.series_names));
	r.series_units = fl_calloc(1, sizeof(*r.series_units));
	snprintf(r.series_names[0], sizeof(r.series_names[0]), "guest_rss");
	r.ticks = fl_calloc(SAMPLES, sizeof(*r.ticks));
	r.n_ticks = SAMPLES;
	for (unsigned int i = 0; i < SAMPLES; i++)
		r.ticks[i] = (struct fl_tick){ 0, i * 1000000ull, i };
	bad = fl_store_put_point(s, run, &p, &r, err);
	fl_result_release(&r);
	return bad;
}

int main(void)
{
	char dir[] = "/tmp/faultline-bench-XXXXXX", name[128];
	struct fl_run_info info = {
		.name = "bench",
		.experiment = "bench",
		.created = "2026-01-01T00:00:00Z",
		.experiment_text = "",
		.arguments = "run bench",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "hardware",
		.points = POINTS,
	};
	FILE *null = fopen("/dev/null", "w");
	struct fl_error err = { 0 };
	struct fl_store *s;
	double start;
	int64_t run;

	if (!mkdtemp(dir) || setenv("FAULTLINE_RESULTS", dir, 1) || !null)
		return 1;
	if (fl_store_open(&s, false, &err) || fl_store_create_run(s, &info, &run, name, &err))
		return die(&err);
	start = now_s();
	for (unsigned int i = 1; i <= POINTS; i++)
		if (put_point(s, run, i, &err))
			return die(&err);
	printf("store   %d samples in %d points put in %.2f s\n", POINTS * SAMPLES, POINTS,
	       now_s() - start);
	start = now_s();
	if (fl_show_table(null, s, run, 0, &err))
		return die(&err);
	printf("show    %.3f s (aim: under 1 s)\n", now_s() - start);
	fl_store_close(s);
	fclose(null);
	return 0;
}
