/* SPDX-License-Identifier: GPL-2.0 */
/* The slowest faults: how long the slowest 1 in N takes, a line a setting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/touches.h"
#include "harness/report/figures.h"
#include "harness/report/figures_compare.h"

#define ACROSS 2
#define PANELS_MAX 8
#define PLACES 6 /* a decade of N */

static double slowest(const struct fl_touches *t, double n)
{
	return fl_quantile(t->v, t->n, n > 1 ? 1 - 1 / n : 0.5);
}

/* From 1 in 2 to the slowest one. */
int fl_tail_line(struct fl_chart_panel *p, const char *name, enum fl_ink ink,
		 const struct fl_summary *s, const struct fl_row *row, struct fl_store *store,
		 struct fl_error *err)
{
	struct fl_touches t;
	struct fl_chart_series *v;
	double most;

	if (fl_touches_read(&t, s, row, store, err)) {
		free(t.v);
		return -1;
	}
	most = t.total;
	if (most >= 2 && p->n < FL_CHART_SERIES) {
		v = fl_chart_series(p, name, FL_DRAW_COURSE, ink);
		v->named = true;
		for (int i = 0; pow(10, (double)i / PLACES) * 2 < most; i++) {
			double n = pow(10, (double)i / PLACES) * 2, value = slowest(&t, n);
			char text[24];

			if (!(value > 0))
				continue;
			fl_chart_point(v, n, value)->tip =
				fl_asprintf("%s: the slowest 1 in %.0f takes %s and more", name, n,
					    fl_chart_number(value, text));
		}
	}
	free(t.v);
	return 0;
}

void fl_tail_axes(struct fl_chart *c)
{
	double most = 10;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->panels[i].n; k++)
			for (size_t j = 0; j < c->panels[i].v[k].n; j++)
				most = fmax(most, c->panels[i].v[k].v[j].x);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_axis *x = &c->panels[i].x;

		x->log = c->panels[i].y.log = true;
		x->low = 2;
		x->high = most;
		fl_chart_tic(x, 2, "1/2");
		for (double n = 10; n <= most * 1.001 && x->n < 9; n *= 10) {
			cleanup_free char *text = NULL;
			char number[24];

			text = fl_asprintf("1/%s", fl_chart_number(n, number));
			fl_chart_tic(x, n, text);
		}
		x->label = fl_strdup("the slowest 1 in N of the faults");
	}
	fl_chart_scale_y(c, -1, false);
	c->share_y = true;
	c->plot_height = 230;
}

/* At most as many as a panel holds: the reference, the first and the last ones. */
static bool is_spare(size_t i, size_t n)
{
	return n > FL_CHART_SERIES && i >= 2 && i < 2 + n - FL_CHART_SERIES;
}

static int fill_panel(struct fl_chart *c, const struct fl_summary *s, const struct fl_answer *a,
		      struct fl_strv *seen, struct fl_store *store, const char *workload,
		      struct fl_error *err)
{
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t n = fl_figure_rows(s, a, workload, rows), at = c->n;
	struct fl_chart_panel *p =
		fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));
	int bad = 0;

	for (size_t i = 0; i < n && !bad; i++)
		if (!is_spare(i, n))
			bad = fl_tail_line(p, rows[i].name, fl_figure_ink(seen, rows[i].name), s,
					   rows[i].row, store, err);
	fl_figure_rows_release(rows, n);
	if (!p->n) {
		fl_chart_drop(c);
		return bad;
	}
	p->title = fl_strdup(workload);
	p->y.label = fl_asprintf("time of a fault, %s", fl_summary_time(s));
	return bad;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_answer answer = { 0 };
	struct fl_strv seen = { 0 };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err);

	for (size_t w = 0; w < s->workloads.n && !bad && c->n < PANELS_MAX; w++)
		if (fl_figure_shows(&answer, s->workloads.v[w]))
			bad = fill_panel(c, s, &answer, &seen, store, s->workloads.v[w], err);
	fl_tail_axes(c);
	c->sub = fl_strdup("First touches that faulted, all boots of a setting together; each line "
			   "ends at the slowest one.  Low is better.");
	fl_strv_release(&seen);
	fl_answer_release(&answer);
	return bad;
}

const struct fl_figure fl_figure_tail = {
	.name = "tail",
	.title = "How long do the slowest faults take?",
	.caption = "Quantiles of all first touches that faulted, the tail stretched: the slowest 1 "
		   "in 10, in 100 and so on.",
	.fill = fill,
};
