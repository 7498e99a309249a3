/* SPDX-License-Identifier: GPL-2.0 */
/* Several guests on one host: what all of them use together over time, a line a setting. */
#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/units.h"
#include "harness/report/figures.h"

#define MIB 1024.0

static int add_tick(void *arg, uint64_t t_ns, double value)
{
	fl_chart_point(arg, (double)t_ns / 1e9, value / MIB);
	return 0;
}

static int add_line(struct fl_chart_panel *p, const struct fl_summary *s, const struct fl_row *row,
		    struct fl_strv *seen, struct fl_store *store, double *limit,
		    struct fl_error *err)
{
	const struct fl_stored_point *point = fl_summary_good_boot(s, row);
	struct fl_spread fit = fl_summary_metric(s, row, "guests_fit", NULL);
	const char *given = point ? fl_summary_setting(point, "host.memory_limit") : NULL;
	cleanup_free char *label = fl_figure_label(s, row);
	cleanup_free char *name = fl_asprintf("%s: %g fit", label, fit.median);
	struct fl_chart_series *v;
	uint64_t bytes;

	if (!point || !fit.n || p->n == FL_CHART_SERIES)
		return 0;
	v = fl_chart_series(p, name, FL_DRAW_COURSE, fl_figure_ink(seen, label));
	v->named = true;
	if (given && !fl_parse_size(given, &bytes))
		*limit = (double)bytes / (1 << 20);
	return fl_store_each_tick(store, point->id, "stack_rss", add_tick, v, err);
}

static void add_limit(struct fl_chart_panel *p, double limit)
{
	struct fl_chart_series *v;
	double last = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].n)
			last = fmax(last, p->v[i].v[p->v[i].n - 1].x);
	v = fl_chart_series(p, "limit of all", FL_DRAW_REFERENCE, FL_INK_TEXT);
	v->named = true;
	fl_chart_point(v, 0, limit);
	fl_chart_point(v, last, limit)->tip = fl_asprintf("limit: %.0f MiB", limit);
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_strv seen = { 0 };
	int bad = 0;

	for (size_t w = 0; w < s->workloads.n && !bad; w++) {
		struct fl_chart_panel *p = fl_chart_panel(c, (unsigned int)c->n, 0);
		double limit = 0;
		size_t points = 0;

		for (size_t i = 0; i < s->n_rows && !bad; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				bad = add_line(p, s, &s->rows[i], &seen, store, &limit, err);
		for (size_t i = 0; i < p->n; i++)
			points += p->v[i].n;
		if (limit > 0 && points)
			add_limit(p, limit);
		p->title = fl_strdup(s->workloads.v[w]);
		p->x.label = fl_strdup("time since the first round, s");
		p->y.label = fl_strdup("RSS of all guests on the host, MiB");
		if (!points)
			fl_chart_drop(c);
	}
	fl_chart_scale_x(c, -1, true);
	fl_chart_scale_y(c, -1, true);
	c->sub = fl_strdup(
		"Beside each line: the setting and how many guests fit.  A guest that the "
		"limit kills did not fit.  One boot of each setting.");
	c->plot_height = 260;
	fl_strv_release(&seen);
	return bad;
}

const struct fl_figure fl_figure_stack = {
	.name = "stack",
	.title = "What do all guests together use of the host?",
	.caption = "RSS of all guests' memory on the host over the rounds, and the limit of all "
		   "together; one boot of each setting.",
	.fill = fill,
};
