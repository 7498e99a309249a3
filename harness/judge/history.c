/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/stats/change_points.h"

#define NIGHTS_MIN 5
#define ALPHA 0.001

char *fl_history_key(const struct fl_summary *s, const struct fl_row *row)
{
	const struct fl_stored_point *p = &s->points[row->points[0]];
	char *key = fl_asprintf("%s\n%s", p->kernel, p->workload_name);

	for (size_t i = 0; i < p->n_settings; i++) {
		cleanup_free char *old = key;

		key = fl_asprintf("%s\n%s=%s", old, p->settings[i].name, p->settings[i].value);
	}
	return key;
}

static struct fl_history_series *find_series(const struct fl_history *h, const char *key,
					     const char *metric)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strcmp(h->series[i].metric, metric) && !strcmp(h->series[i].key, key))
			return &h->series[i];
	return NULL;
}

static struct fl_history_series *series_of(struct fl_history *h, const char *key, const char *row,
					   const struct fl_stored_metric *m)
{
	struct fl_history_series *s = find_series(h, key, m->name);

	if (s)
		return s;
	h->series = fl_realloc(h->series, (h->n + 1) * sizeof(*h->series));
	s = &h->series[h->n++];
	*s = (struct fl_history_series){ .key = fl_strdup(key),
					 .row = fl_strdup(row),
					 .metric = fl_strdup(m->name),
					 .unit = fl_strdup(m->unit),
					 .values = fl_calloc(h->n_runs, sizeof(*s->values)) };
	for (size_t i = 0; i < h->n_runs; i++)
		s->values[i] = NAN;
	return s;
}

static void add_row(struct fl_history *h, size_t run, const struct fl_summary *s,
		    const struct fl_row *row)
{
	cleanup_free char *name = fl_summary_row_name(row), *key = fl_history_key(s, row);

	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		if (strcmp(p->status, "ok"))
			continue;
		for (size_t j = 0; j < p->n_metrics; j++) {
			struct fl_history_series *series = series_of(h, key, name, &p->metrics[j]);

			if (isnan(series->values[run]))
				series->values[run] =
					fl_summary_metric(s, row, p->metrics[j].name, NULL).median;
		}
		return;
	}
}

static int add_run(struct fl_history *h, size_t run, struct fl_store *store, struct fl_error *err)
{
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, h->runs[run].id, err);

	for (size_t i = 0; i < s.n_rows && !bad; i++)
		add_row(h, run, &s, &s.rows[i]);
	fl_summary_release(&s);
	return bad;
}

/* Drops nights without a value, then maps indexes back. */
static void find_changes(struct fl_history *h, struct fl_history_series *s)
{
	cleanup_free double *values = fl_calloc(h->n_runs, sizeof(*values));
	cleanup_free struct fl_change_point *points = fl_calloc(h->n_runs + 1, sizeof(*points));
	cleanup_free size_t *places = fl_calloc(h->n_runs, sizeof(*places));
	size_t n = 0;

	for (size_t i = 0; i < h->n_runs; i++)
		if (!isnan(s->values[i])) {
			values[n] = s->values[i];
			places[n++] = i;
		}
	s->changes = fl_calloc(n + 1, sizeof(*s->changes));
	s->n_changes = fl_change_points(values, n, ALPHA, points, n);
	for (size_t i = 0; i < s->n_changes; i++)
		s->changes[i] = places[points[i].at];
}

/* Keeps the runs that belong to the history and releases the others. */
static void keep_runs(struct fl_history *h, const char *experiment, const char *timebase,
		      size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_runs; i++) {
		struct fl_stored_run *r = &h->runs[i];

		if (r->gate && !strcmp(r->experiment, experiment) &&
		    !strcmp(r->timebase, timebase)) {
			struct fl_stored_run kept = *r;

			memset(r, 0, sizeof(*r));
			h->runs[n++] = kept;
		} else {
			fl_stored_run_release(r);
		}
	}
	for (size_t i = 0; n > most && i < n - most; i++)
		fl_stored_run_release(&h->runs[i]);
	if (n > most) {
		memmove(h->runs, h->runs + (n - most), most * sizeof(*h->runs));
		n = most;
	}
	h->n_runs = n;
}

int fl_history_read(struct fl_history *h, struct fl_store *store, const char *experiment,
		    const char *timebase, size_t most, struct fl_error *err)
{
	memset(h, 0, sizeof(*h));
	if (fl_store_runs(store, &h->runs, &h->n_runs, err))
		return -1;
	keep_runs(h, experiment, timebase, most);
	for (size_t i = 0; i < h->n_runs; i++)
		if (add_run(h, i, store, err))
			return -1;
	for (size_t i = 0; i < h->n; i++)
		find_changes(h, &h->series[i]);
	return 0;
}

void fl_history_release(struct fl_history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->series[i].key);
		free(h->series[i].row);
		free(h->series[i].metric);
		free(h->series[i].unit);
		free(h->series[i].values);
		free(h->series[i].changes);
	}
	free(h->series);
	fl_stored_runs_free(h->runs, h->n_runs);
	memset(h, 0, sizeof(*h));
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double fl_history_band(const struct fl_history *h, const char *key, const char *metric)
{
	const struct fl_history_series *s = find_series(h, key, metric);
	cleanup_free double *steps = fl_calloc(h->n_runs + 1, sizeof(*steps));
	double before = NAN;
	size_t n = 0;

	for (size_t i = 0; s && i < h->n_runs; i++) {
		if (isnan(s->values[i]) || !strcmp(h->runs[i].gate, "regressed"))
			continue;
		if (!isnan(before) && before != 0)
			steps[n++] = fabs(s->values[i] / before - 1);
		before = s->values[i];
	}
	if (n + 1 < NIGHTS_MIN)
		return 0;
	qsort(steps, n, sizeof(*steps), ascending);
	return steps[(n - 1) * 9 / 10];
}
