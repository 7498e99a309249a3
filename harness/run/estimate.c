/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/estimate.h"

#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/store/store.h"

#define GUESS_S 6.0 /* boot, a short workload, end: what a point takes under TCG on two cores */

/* Mean wall time of a workload's points in the latest run of the experiment; 0: none. */
struct past {
	struct fl_stored_point *points;
	size_t n;
};

static void load_past(struct past *past, const char *experiment)
{
	cleanup_free char *name = fl_asprintf("latest:%s", experiment);
	struct fl_store *store = NULL;
	struct fl_error ignored;
	int64_t run;

	memset(past, 0, sizeof(*past));
	if (fl_store_open(&store, true, &ignored))
		return;
	if (!fl_store_find_run(store, name, &run, &ignored) &&
	    fl_store_points(store, run, &past->points, &past->n, &ignored))
		past->n = 0;
	fl_store_close(store);
}

static double past_seconds(const struct past *past, const struct fl_workload *w)
{
	double sum = 0;
	unsigned int n = 0;

	for (size_t i = 0; i < past->n; i++) {
		if (strcmp(past->points[i].workload, w->run) || past->points[i].wall_s <= 0)
			continue;
		sum += past->points[i].wall_s;
		n++;
	}
	return n ? sum / n : 0;
}

static void print_point(FILE *out, const struct fl_point *p)
{
	fprintf(out, "%5u  %s  repeat %u  %s ", p->number, p->kernel, p->repeat, p->workload->name);
	for (size_t i = 0; i < p->n_settings; i++)
		fprintf(out, " %s=%s", p->settings[i].name, p->settings[i].value);
	fputc('\n', out);
}

int fl_estimate_print(FILE *out, const struct fl_experiment *e, const struct fl_plan *plan,
		      uint64_t seed, unsigned int jobs, struct fl_error *err)
{
	cleanup_free double *seconds = fl_calloc(e->n_workloads, sizeof(*seconds));
	struct past past;
	double total = 0;
	size_t guessed = 0;
	char text[64];

	(void)err;
	load_past(&past, e->name);
	for (size_t i = 0; i < e->n_workloads; i++)
		seconds[i] = past_seconds(&past, &e->workloads[i]);
	for (size_t i = 0; i < plan->n; i++) {
		const struct fl_point *p = &plan->points[plan->order[i]];
		double s = seconds[p->workload - e->workloads];

		print_point(out, p);
		guessed += s <= 0;
		total += s > 0 ? s : GUESS_S;
	}
	fl_format_duration((uint64_t)(total / jobs * 1e9), text, sizeof(text));
	fprintf(out,
		"%s: %zu points, %u at once, about %s "
		"(%zu from earlier runs, %zu guessed at %.0f s), --seed %llu\n",
		e->name, plan->n, jobs, text, plan->n - guessed, guessed, GUESS_S,
		(unsigned long long)seed);
	fl_stored_points_free(past.points, past.n);
	return 0;
}
