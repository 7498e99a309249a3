/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/units.h"
#include "harness/judge/history.h"

/* "6.12" of "6.12.95-debug": what a kernel's line goes on from. */
static int base_len(const char *release)
{
	size_t major = strcspn(release, ".");
	size_t minor = release[major] ? strspn(release + major + 1, "0123456789") + 1 : 0;

	return (int)(major + minor);
}

char *fl_gate_line(struct fl_store *store, int64_t run, struct fl_error *err)
{
	struct fl_stored_point *points;
	struct fl_strv kernels = { 0 };
	char *line;
	size_t n;

	if (fl_store_points(store, run, &points, &n, err))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const char *release = points[i].kernel_release;
		cleanup_free char *kernel = NULL;

		if (!release)
			continue;
		kernel = fl_asprintf("%s@%.*s%s", points[i].kernel, base_len(release), release,
				     points[i].image ? "" : " (older version)");
		fl_strv_add(&kernels, kernel);
	}
	fl_strv_sort(&kernels);
	line = fl_strv_join(&kernels, " ");
	fl_strv_release(&kernels);
	fl_stored_points_free(points, n);
	return line;
}

int fl_gate_last_good(char **name, struct fl_store *store, const struct fl_stored_run *of,
		      const char *line, struct fl_error *err)
{
	struct fl_stored_run *runs;
	int bad = 0;
	size_t n;

	*name = NULL;
	if (fl_store_runs(store, &runs, &n, err))
		return -1;
	for (size_t i = n; i-- > 0 && !*name && !bad;) {
		cleanup_free char *other = NULL;

		if (runs[i].id == of->id || !runs[i].gate || !strcmp(runs[i].gate, "regressed") ||
		    strcmp(runs[i].experiment, of->experiment) != 0 ||
		    strcmp(runs[i].timebase, of->timebase) != 0)
			continue;
		other = fl_gate_line(store, runs[i].id, err);
		bad = other ? 0 : -1;
		if (other && !strcmp(other, line))
			*name = fl_strdup(runs[i].name);
	}
	fl_stored_runs_free(runs, n);
	return bad;
}

struct nights {
	struct fl_history history;
	const struct fl_comparison *c;
};

/* Of A's row: the nights before are its. */
static double band(void *arg, const struct fl_row *row, const char *metric)
{
	const struct nights *n = arg;
	cleanup_free char *key = fl_history_key(&n->c->a, row);

	return fl_history_band(&n->history, key, metric);
}

static int compare(struct fl_gate *g, struct fl_store *store, const struct fl_stored_run *run,
		   struct fl_error *err)
{
	struct nights nights = { .c = &g->comparison };
	cleanup_free char *found = NULL;
	const char *baseline = g->named;
	int bad;

	free(g->line);
	g->line = fl_gate_line(store, run->id, err);
	if (!g->line || (!baseline && fl_gate_last_good(&found, store, run, g->line, err)))
		return -1;
	baseline = baseline ? baseline : found;
	if (!baseline)
		return 0;
	fl_comparison_release(&g->comparison);
	bad = fl_history_read(&nights.history, store, run->experiment, run->timebase,
			      FL_HISTORY_NIGHTS, err) ||
	      fl_compare(&g->comparison, store, baseline, run->name, &g->rules, band, &nights, err);
	fl_history_release(&nights.history);
	g->compared = !bad;
	return bad ? -1 : 0;
}

int fl_gate_measure(struct fl_gate *g, struct fl_error *err)
{
	struct fl_run_result result = { 0 };

	if (fl_run(&g->options, &result, err))
		return -1;
	g->interrupted = result.interrupted;
	g->bad = result.bad;
	snprintf(g->name, sizeof(g->name), "%s", result.name);
	return 0;
}

static int measure(struct fl_gate *g, struct fl_error *err)
{
	struct fl_stored_run run = { 0 };
	struct fl_store *store;
	int bad;

	if (fl_gate_measure(g, err))
		return -1;
	if (g->interrupted)
		return 0;
	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, g->name, &g->run, err) ||
	      fl_store_run(store, g->run, &run, err) || compare(g, store, &run, err);
	fl_stored_run_release(&run);
	fl_store_close(store);
	return bad ? -1 : 0;
}

/* A metric of a row, the same in every run. */
static char *alarm_of(const struct fl_comparison *c, const struct fl_pair *p,
		      const struct fl_judged *j)
{
	cleanup_free char *key = fl_history_key(&c->b, p->b);

	return fl_asprintf("%s\n%s", key, j->metric);
}

void fl_gate_alarms(const struct fl_comparison *c, struct fl_strv *alarms)
{
	if (c->lost || c->missing.n)
		return;
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++) {
			const struct fl_judged *judged = &c->pairs[i].judged[j];
			cleanup_free char *alarm = NULL;

			if (judged->verdict != FL_WORSE)
				continue;
			if (judged->exact) {
				fl_strv_release(alarms);
				return;
			}
			alarm = alarm_of(c, &c->pairs[i], judged);
			fl_strv_push(alarms, alarm);
		}
}

size_t fl_gate_confirm(struct fl_comparison *c, const struct fl_strv *alarms)
{
	size_t confirmed = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++) {
			struct fl_judged *judged = &c->pairs[i].judged[j];
			cleanup_free char *alarm = NULL;

			if (judged->verdict != FL_WORSE || judged->exact)
				continue;
			alarm = alarm_of(c, &c->pairs[i], judged);
			if (fl_strv_has(alarms, alarm)) {
				confirmed++;
				continue;
			}
			judged->verdict = FL_INCONCLUSIVE;
			c->counts[FL_WORSE]--;
			c->counts[FL_INCONCLUSIVE]++;
		}
	return confirmed;
}

/* "latest" means the latest before this night, not the night itself. */
static int name_baseline(struct fl_gate *g, struct fl_error *err)
{
	const char *at = g->baseline ? strchr(g->baseline, '@') : NULL;
	struct fl_stored_run run = { 0 };
	cleanup_free char *asked = NULL;
	struct fl_store *store;
	int64_t id;
	int bad;

	if (!g->baseline)
		return 0;
	asked = strndup(g->baseline, at ? (size_t)(at - g->baseline) : strlen(g->baseline));
	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, asked, &id, err) || fl_store_run(store, id, &run, err);
	if (!bad)
		g->named = fl_asprintf("%s%s", run.name, at ? at : "");
	fl_stored_run_release(&run);
	fl_store_close(store);
	return bad ? -1 : 0;
}

int fl_gate_run(struct fl_gate *g, struct fl_error *err)
{
	struct fl_strv alarms = { 0 };
	int bad;

	if (name_baseline(g, err) || measure(g, err) || g->interrupted)
		return g->interrupted ? 0 : -1;
	if (g->compared)
		fl_gate_alarms(&g->comparison, &alarms);
	if (alarms.n) {
		fprintf(stderr,
			"faultline: %zu noisy metrics got worse: measuring again from fresh "
			"boots\n",
			alarms.n);
		bad = measure(g, err);
		if (!bad && !g->interrupted)
			g->unconfirmed = alarms.n - fl_gate_confirm(&g->comparison, &alarms);
		fl_strv_release(&alarms);
		if (bad || g->interrupted)
			return g->interrupted ? 0 : -1;
	}
	g->worse = g->bad || (g->compared && fl_comparison_worse(&g->comparison));
	return 0;
}

int fl_take_jobs(unsigned int *jobs, const char *value, struct fl_error *err)
{
	uint64_t n;

	if (fl_parse_u64(value, 1, 1024, &n))
		return fl_fail(err, FL_USAGE, "--jobs %s: a whole number up to 1024", value);
	*jobs = (unsigned int)n;
	return 0;
}

int fl_take_threshold(struct fl_rules *rules, const char *value, struct fl_error *err)
{
	char *end;
	double percent = strtod(value, &end);

	if (end == value || *end || !(percent >= 0 && percent <= 1000))
		return fl_fail(err, FL_USAGE, "--threshold %s: percent, such as 0.5", value);
	rules->relevant = rules->floor = percent / 100;
	return 0;
}

void fl_gate_release(struct fl_gate *g)
{
	fl_comparison_release(&g->comparison);
	free(g->line);
	free(g->named);
	g->line = g->named = NULL;
}
