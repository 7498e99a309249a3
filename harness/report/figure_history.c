/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/metric.h"
#include "harness/report/figures_compare.h"

#define ACROSS 3
#define PANELS_MAX 15
#define RUNS_MIN 2

static const struct fl_figure history = {
	.name = "history",
	.title = "Which numbers changed over the last runs?",
	.caption =
		"Medians of each run; what is judged and changed its level comes first. A dotted "
		"line: the level changed there. Hollow: the gate refused the run.",
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

static void add_changes(struct fl_chart_panel *p, const struct fl_history_series *s, double low,
			double high)
{
	for (size_t k = 0; k < s->n_changes && p->n < FL_CHART_SERIES; k++) {
		struct fl_chart_series *v =
			fl_chart_series(p, "level changed", FL_DRAW_REFERENCE, FL_INK_TEXT);

		fl_chart_point(v, (double)s->changes[k] + 0.5, low);
		fl_chart_point(v, (double)s->changes[k] + 0.5, high);
	}
}

static void fill_panel(struct fl_chart *c, const struct fl_history *h,
		       const struct fl_history_series *s)
{
	struct fl_chart_panel *p =
		fl_chart_panel(c, (unsigned int)(c->n / ACROSS), (unsigned int)(c->n % ACROSS));
	struct fl_chart_series *v =
		fl_chart_series(p, "median of a run", FL_DRAW_LINE, FL_INK_BLUE);
	double low = INFINITY, high = -INFINITY, most = 0, divisor, room;
	char unit[24], text[24];

	for (size_t i = 0; i < h->n_runs; i++)
		most = fmax(most, isnan(s->values[i]) ? 0 : fabs(s->values[i]));
	divisor = fl_readable(s->unit, most, unit, sizeof(unit));
	for (size_t i = 0; i < h->n_runs; i++) {
		struct fl_chart_point *at;

		if (isnan(s->values[i]))
			continue;
		at = fl_chart_point(v, (double)i + 1, s->values[i] / divisor);
		at->hollow = !strcmp(h->runs[i].gate, "regressed");
		at->tip = fl_asprintf("%s: %s %s%s", h->runs[i].name, fl_chart_number(at->y, text),
				      unit, at->hollow ? ", refused by the gate" : "");
		low = fmin(low, at->y);
		high = fmax(high, at->y);
	}
	for (size_t i = 0; i < v->n; i++)
		if (!i || i + 1 == v->n || v->v[i].y != v->v[i - 1].y)
			v->v[i].label = fl_strdup(fl_chart_number(v->v[i].y, text));
	room = high > low ? 0.35 * (high - low) : high != 0 ? 0.02 * fabs(high) : 1;
	add_changes(p, s, low - room, high + room);
	p->title = fl_strdup(s->row);
	p->sub = fl_asprintf("%s%s%s", s->metric, *unit ? ", " : "", unit);
	p->x.label = fl_strdup("run");
	p->x.low = 1;
	p->x.high = (double)h->n_runs;
	for (size_t i = 1; i <= h->n_runs; i += h->n_runs > 12 ? h->n_runs / 6 : 1) {
		snprintf(text, sizeof(text), "%zu", i);
		fl_chart_tic(&p->x, (double)i, text);
	}
	p->y.low = low - room;
	p->y.high = high + room;
}

int fl_figures_history(struct fl_drawings *d, const struct fl_history *h,
		       const struct fl_summary *s, struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(s, err);
	struct fl_chart c = { 0 };

	if (!dir)
		return -1;
	for (enum rank rank = 0; rank < RANKS && h->n_runs >= RUNS_MIN; rank++)
		for (size_t i = 0; i < h->n && c.n < PANELS_MAX; i++)
			if (rank_of(&h->series[i]) == rank && known(h, &h->series[i]) >= RUNS_MIN)
				fill_panel(&c, h, &h->series[i]);
	c.title = fl_strdup(history.title);
	c.sub = fl_strdup("What is judged and changed its level comes first; then the time of each "
			  "row.  Hollow: the gate refused the run.  Each panel has its own scale.");
	c.foot = fl_figure_foot(s);
	c.key = true;
	c.plot_height = 120;
	return fl_figure_make(d, &history, fl_asprintf("%s/history", dir), &c, err);
}
