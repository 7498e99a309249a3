/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/metric.h"
#include "harness/report/figures_compare.h"

#define PANELS_MAX 16
#define RUNS_MIN 2

static const struct fl_figure history = {
	.name = "history",
	.title = "Night by night",
	.caption =
		"Medians of each run; a line stands where the level changed. Series that changed "
		"come first.",
};

enum rank { DECIDES_AND_CHANGED, PULSE, CHANGED, RANKS };

/* What decides is drawn where its level changed; of a row that changed in nothing, its time. */
static enum rank rank_of(const struct fl_history_series *s)
{
	const struct fl_metric *m = fl_metric_find(s->metric);

	if (m && m->headline && s->n_changes)
		return DECIDES_AND_CHANGED;
	if (!strcmp(s->metric, "workload_time"))
		return PULSE;
	return s->n_changes ? CHANGED : RANKS;
}

static size_t known(const struct fl_history *h, const struct fl_history_series *s)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_runs; i++)
		n += !isnan(s->values[i]);
	return n;
}

static void print_panel(FILE *out, const struct fl_history *h, const struct fl_history_series *s,
			struct fl_figure_args *a)
{
	cleanup_free char *name = fl_asprintf("%s: %s", s->row, s->metric);
	double most = 0, divisor;
	char unit[24];

	for (size_t i = 0; i < h->n_runs; i++)
		most = fmax(most, isnan(s->values[i]) ? 0 : fabs(s->values[i]));
	divisor = fl_readable(s->unit, most, unit, sizeof(unit));
	for (size_t i = 0; i < h->n_runs; i++) {
		bool change = false;

		for (size_t k = 0; k < s->n_changes; k++)
			change |= s->changes[k] == i;
		if (!isnan(s->values[i]))
			fprintf(out, "%zu %.9g %d %d\n", i + 1, s->values[i] / divisor, change,
				!strcmp(h->runs[i].gate, "regressed"));
	}
	fputs("\n\n", out);
	fl_figure_add(&a->names, name);
	fl_figure_add(&a->labels, unit);
	a->panels++;
}

static int data(FILE *out, void *arg, struct fl_figure_args *a, struct fl_error *err)
{
	const struct fl_history *h = arg;

	(void)err;
	for (enum rank rank = 0; rank < RANKS && h->n_runs >= RUNS_MIN; rank++)
		for (size_t i = 0; i < h->n && a->panels < PANELS_MAX; i++)
			if (rank_of(&h->series[i]) == rank && known(h, &h->series[i]) >= RUNS_MIN)
				print_panel(out, h, &h->series[i], a);
	return 0;
}

int fl_figures_history(struct fl_drawings *d, const struct fl_history *h,
		       const struct fl_summary *s, struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(s, err);
	cleanup_free char *machine = fl_summary_machine(s);

	if (!dir)
		return -1;
	return fl_figure_make(d, &history, fl_asprintf("%s/history", dir),
			      fl_asprintf("%s (%s)", history.title, s->run.experiment), machine,
			      data, (void *)h, err);
}
