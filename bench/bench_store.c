/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A store with a million samples: how long a point takes to land, and how long `show` takes.  The
 * aim is show under a second; exit status 1 when it is missed.  What is stored is made up.
 *   build/bench_store            (make bench)
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/report/report.h"

#define POINTS 200
#define SERIES 10
#define TICKS 500 /* POINTS * SERIES * TICKS: a million */
#define AIM_S 1.0

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const struct fl_error *err)
{
	fprintf(stderr, "bench_store: %s\n", err->text);
	return -1;
}

static void make_result(struct fl_result *r)
{
	*r = (struct fl_result){
		.n_series = SERIES,
		.n_ticks = (size_t)SERIES * TICKS,
		.series_names = calloc(SERIES, sizeof(*r->series_names)),
		.series_units = calloc(SERIES, sizeof(*r->series_units)),
		.ticks = calloc((size_t)SERIES * TICKS, sizeof(*r->ticks)),
	};
	if (!r->series_names || !r->series_units || !r->ticks)
		abort();
	for (uint16_t i = 0; i < SERIES; i++)
		snprintf(r->series_names[i], sizeof(r->series_names[i]), "series_%u", i);
	for (size_t i = 0; i < r->n_ticks; i++)
		r->ticks[i] = (struct fl_tick){ (uint16_t)(i % SERIES), i / SERIES * 10000000,
						(double)i };
	for (const struct fl_metric *m = fl_workload_metrics(); m->name; m++)
		fl_result_put(r, m->name, 1234.5, m->unit);
}

static int put_points(struct fl_store *s, int64_t run, struct fl_error *err)
{
	struct fl_result r;
	int bad = 0;

	make_result(&r);
	for (unsigned int i = 0; i < POINTS && !bad; i++) {
		char threshold[16];
		struct fl_point_setting setting = { "thp.promotion_threshold", threshold };
		struct fl_point_record p = {
			.number = i + 1,
			.repeat = i % 5 + 1,
			.status = "ok",
			.kernel = "none",
			.workload_name = "made-up",
			.workload = "made-up",
			.settings = &setting,
			.n_settings = 1,
			.created = "2026-11-20T20:15:00Z",
		};

		snprintf(threshold, sizeof(threshold), "%u", i / 5);
		bad = fl_store_put_point(s, run, &p, &r, err);
	}
	fl_result_release(&r);
	return bad;
}

static int fill(int64_t *run, double *took, struct fl_error *err)
{
	struct fl_run_info info = {
		.name = "made-up",
		.experiment = "made-up",
		.created = "2026-11-20T20:15:00Z",
		.experiment_text = "",
		.arguments = "",
		.machine_json = "{}",
		.clock = "real",
		.timebase = "hardware",
		.points = POINTS,
	};
	struct fl_store *s;
	char name[128];
	double from;
	int bad;

	if (fl_store_open(&s, false, err))
		return -1;
	from = now_s();
	bad = fl_store_create_run(s, &info, run, name, err) || put_points(s, *run, err);
	*took = now_s() - from;
	fl_store_close(s);
	return bad;
}

/* Opening is part of it, as for a user. */
static int show(int64_t run, const char *format,
		int (*fn)(FILE *, struct fl_store *, int64_t, unsigned int, struct fl_error *),
		double *took, struct fl_error *err)
{
	FILE *out = fopen("/dev/null", "we");
	double from = now_s();
	struct fl_store *s;
	int bad;

	if (!out)
		abort();
	bad = fl_store_open(&s, true, err);
	if (!bad) {
		bad = fn(out, s, run, 0, err);
		fl_store_close(s);
	}
	fclose(out);
	*took = now_s() - from;
	if (!bad)
		printf("show --format %-5s  %6.3f s   aim: under %.0f s\n", format, *took, AIM_S);
	return bad;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

int main(void)
{
	char folder[] = "/tmp/faultline-bench-XXXXXX";
	struct fl_error err = { 0 };
	double filled, table, csv, json;
	int64_t run;
	int bad;

	if (!mkdtemp(folder) || setenv("FAULTLINE_RESULTS", folder, 1))
		return 3;
	bad = fill(&run, &filled, &err);
	if (!bad)
		printf("store %d samples    %6.3f s   %.1f ms a point\n", POINTS * SERIES * TICKS,
		       filled, 1e3 * filled / POINTS);
	bad = bad || show(run, "table", fl_show_table, &table, &err) ||
	      show(run, "csv", fl_show_csv, &csv, &err) ||
	      show(run, "json", fl_show_json, &json, &err);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (bad)
		return fail(&err) ? (int)err.kind : 0;
	return table < AIM_S && csv < AIM_S && json < AIM_S ? 0 : 1;
}
