/* SPDX-License-Identifier: GPL-2.0 */
/* Which touches the mean touch consists of: a bar a setting, split by what the touch met. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define ACROSS 2
#define PANELS_MAX 8
#define BAR 22.0

static const struct {
	const char *cls, *mean, *name;
	enum fl_ink ink;
} parts[] = {
	{ "store", "store_latency_mean", "no fault: mapped already", FL_INK_SOFT },
	{ "base", "fault_latency_mean", "fault of a page", FL_INK_BLUE },
	{ "region", "region_latency_mean", "first fault of a range: huge page, page table",
	  FL_INK_RED },
	{ "interrupted", NULL, "with a timer tick or another task in it", FL_INK_PINK },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

struct sums {
	double count, time;
};

static int take(void *arg, double low, double high, uint64_t count)
{
	struct sums *s = arg;

	s->count += (double)count;
	s->time += (double)count * (low + high) / 2;
	return 0;
}

/* The means were made of each touch, the histogram tells how many there were.  What the mean of all
 * touches has beyond the parts had a tick or another task in it. */
static void make_exact(const struct fl_summary *s, const struct fl_row *row, struct sums out[PARTS],
		       double *touches)
{
	struct fl_spread n = fl_summary_metric(s, row, "touch_count", NULL);
	struct fl_spread mean = fl_summary_metric(s, row, "touch_latency_mean", NULL);
	double rest;

	for (size_t k = 0; k < PARTS; k++) {
		struct fl_spread m = { 0 };

		if (parts[k].mean)
			m = fl_summary_metric(s, row, parts[k].mean, NULL);
		if (m.n)
			out[k].time = m.median * out[k].count;
	}
	if (!n.n || !mean.n)
		return;
	*touches = n.median * (double)row->n_ok;
	rest = mean.median * *touches;
	for (size_t k = 0; k + 1 < PARTS; k++)
		rest -= out[k].time;
	out[PARTS - 1].time = fmax(0, rest);
}

static int sums_of(const struct fl_summary *s, const struct fl_row *row, struct fl_store *store,
		   struct sums out[PARTS], double *touches, struct fl_error *err)
{
	*touches = 0;
	memset(out, 0, PARTS * sizeof(*out));
	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		for (size_t k = 0; k < PARTS && !strcmp(p->status, "ok"); k++)
			if (fl_store_each_bucket(store, p->id, parts[k].cls, take, &out[k], err))
				return -1;
	}
	for (size_t k = 0; k < PARTS; k++)
		*touches += out[k].count;
	if (*touches > 0)
		make_exact(s, row, out, touches);
	return 0;
}

static void add_bar(struct fl_chart_panel *p, const struct fl_figure_row *row, double y,
		    const struct sums sums[PARTS], double touches, const char *workload)
{
	double at = 0;
	struct fl_chart_point *last = NULL;
	char text[24];

	for (size_t k = 0; k < PARTS; k++) {
		double part = sums[k].time / touches;
		struct fl_chart_point *b;

		if (!(part > 0))
			continue;
		b = fl_chart_point(&p->v[k], at + part, y);
		b->from = at;
		b->tip = fl_asprintf("%s, %s: %s: %s of each touch; %.3g %% of touches", workload,
				     row->name, parts[k].name, fl_chart_number(part, text),
				     100 * sums[k].count / touches);
		at += part;
		last = b;
	}
	if (last)
		last->label = fl_strdup(fl_chart_number(at, text));
	fl_chart_tic(&p->y, y, row->name);
}

static int fill_panel(struct fl_chart *c, const struct fl_summary *s, const struct fl_answer *a,
		      struct fl_store *store, const char *workload, struct fl_error *err)
{
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t n = fl_figure_rows(s, a, workload, rows), at = c->n;
	struct fl_chart_panel *p =
		fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));
	double drawn = 0;
	int bad = 0;

	for (size_t k = 0; k < PARTS; k++)
		fl_chart_series(p, parts[k].name, FL_DRAW_BOXES, parts[k].ink);
	for (size_t i = 0; i < n && !bad; i++) {
		struct sums sums[PARTS];
		double touches;

		bad = sums_of(s, rows[i].row, store, sums, &touches, err);
		if (!bad && touches > 0)
			add_bar(p, &rows[i], drawn++, sums, touches, workload);
	}
	fl_figure_rows_release(rows, n);
	p->title = fl_strdup(workload);
	p->sub = fl_asprintf("%s a touched page", fl_summary_time(s));
	p->y.low = drawn - 0.5;
	p->y.high = -0.5;
	if (!drawn)
		fl_chart_drop(c);
	return bad;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_answer answer = { 0 };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err);
	size_t rows = 0;

	for (size_t w = 0; w < s->workloads.n && !bad && c->n < PANELS_MAX; w++)
		if (fl_figure_shows(&answer, s->workloads.v[w]))
			bad = fill_panel(c, s, &answer, store, s->workloads.v[w], err);
	fl_chart_scale_x(c, -1, true);
	for (size_t i = 0; i < c->n; i++)
		rows = c->panels[i].y.n > rows ? c->panels[i].y.n : rows;
	c->plot_height = BAR * (double)(rows ? rows : 1);
	for (size_t i = 0; i < c->n; i++)
		c->panels[i].y.low = (double)rows - 0.5;
	c->sub = fl_strdup("Mean over all first touches of a page, split by what the touch met: "
			   "number x mean of each kind, by touch.");
	c->key = true;
	fl_answer_release(&answer);
	return bad;
}

const struct fl_figure fl_figure_where = {
	.name = "where",
	.title = "Where does the cost of a touched page come from?",
	.caption = "The mean first touch, split by what the touch met; the parts add up to it.",
	.fill = fill,
};
