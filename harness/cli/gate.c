/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/cli/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/history.h"

/* The newest run of the same kind that the gate let through; NULL: none. */
static char *last_good(struct fl_store *store, const struct fl_stored_run *of, struct fl_error *err)
{
	struct fl_stored_run *runs;
	char *name = NULL;
	size_t n;

	if (fl_store_runs(store, &runs, &n, err))
		return NULL;
	for (size_t i = n; i-- > 0 && !name;)
		if (runs[i].id != of->id && runs[i].gate && strcmp(runs[i].gate, "regressed") &&
		    !strcmp(runs[i].experiment, of->experiment) &&
		    !strcmp(runs[i].timebase, of->timebase))
			name = fl_strdup(runs[i].name);
	fl_stored_runs_free(runs, n);
	return name;
}

static double band(void *arg, const struct fl_row *row, const char *metric)
{
	cleanup_free char *name = fl_summary_row_name(row);

	return fl_history_band(arg, name, metric);
}

static int compare(struct fl_gate *g, struct fl_store *store, const struct fl_stored_run *run,
		   struct fl_error *err)
{
	cleanup_free char *found = g->baseline ? NULL : last_good(store, run, err);
	const char *baseline = g->baseline ? g->baseline : found;
	struct fl_history history;
	int bad;

	if (!baseline)
		return 0;
	fl_comparison_release(&g->comparison);
	bad = fl_history_read(&history, store, run->experiment, run->timebase, FL_HISTORY_NIGHTS,
			      err) ||
	      fl_compare(&g->comparison, store, baseline, run->name, &g->rules, band, &history,
			 err);
	fl_history_release(&history);
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

/* Is all that got worse of the noisy kind? */
static size_t only_noisy(const struct fl_comparison *c)
{
	size_t n = 0;

	if (c->lost || c->missing.n)
		return 0;
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++) {
			if (c->pairs[i].judged[j].verdict != FL_WORSE)
				continue;
			if (c->pairs[i].judged[j].exact)
				return 0;
			n++;
		}
	return n;
}

int fl_gate_run(struct fl_gate *g, struct fl_error *err)
{
	size_t alarms;

	if (measure(g, err) || g->interrupted)
		return g->interrupted ? 0 : -1;
	alarms = g->compared ? only_noisy(&g->comparison) : 0;
	if (alarms) {
		fprintf(stderr,
			"faultline: %zu noisy metrics got worse: measured again from fresh boots\n",
			alarms);
		if (measure(g, err) || g->interrupted)
			return g->interrupted ? 0 : -1;
		g->unconfirmed = fl_comparison_worse(&g->comparison) ? 0 : alarms;
	}
	g->worse = g->bad || (g->compared && fl_comparison_worse(&g->comparison));
	return 0;
}

void fl_gate_release(struct fl_gate *g)
{
	fl_comparison_release(&g->comparison);
}
