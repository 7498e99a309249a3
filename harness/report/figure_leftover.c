/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define ACROSS 2
#define PANELS_MAX 8

struct ticks {
	struct fl_chart_series *v;
	uint64_t first_ns;
	double all; /* KiB that were freed */
};

/* Time from the first look after the freeing. */
static int add_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;

	if (!t->v->n)
		t->first_ns = t_ns;
	fl_chart_point(t->v, (double)(t_ns - t->first_ns) / 1e9, 100 * value / t->all);
	return 0;
}

/* The first boot of the row that was followed. */
static int add_line(struct fl_chart_panel *p, const struct fl_summary *s, const struct fl_row *row,
		    struct fl_strv *seen, struct fl_store *store, struct fl_error *err)
{
	cleanup_free char *label = fl_figure_label(s, row);
	struct ticks t = { .all = fl_summary_metric(s, row, "guest_freed", NULL).median };

	if (!(t.all > 0) || p->n == FL_CHART_SERIES)
		return 0;
	t.v = fl_chart_series(p, label, FL_DRAW_COURSE, fl_figure_ink(seen, label));
	t.v->named = true;
	for (size_t j = 0; j < row->n && !t.v->n; j++)
		if (fl_store_each_tick(store, s->points[row->points[j]].id, "host_leftover",
				       add_tick, &t, err))
			return -1;
	if (t.v->n) {
		struct fl_chart_point *last = &t.v->v[t.v->n - 1];

		last->tip = fl_asprintf("%s: %.1f %% after %.1f s", label, last->y, last->x);
	}
	return 0;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_strv seen = { 0 };
	int bad = 0;

	for (size_t w = 0; w < s->workloads.n && !bad && c->n < PANELS_MAX; w++) {
		size_t at = c->n, points = 0;
		struct fl_chart_panel *p =
			fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));

		for (size_t i = 0; i < s->n_rows && !bad; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				bad = add_line(p, s, &s->rows[i], &seen, store, err);
		for (size_t i = 0; i < p->n; i++)
			points += p->v[i].n;
		p->title = fl_strdup(s->workloads.v[w]);
		p->x.label = fl_strdup("time since the guest freed it, s");
		if (!points)
			fl_chart_drop(c);
	}
	fl_chart_scale_x(c, -1, true);
	fl_chart_scale_y(c, -1, true);
	if (c->n)
		fl_chart_scale_to(c, 0, fmax(c->panels[0].y.high, 100) * 1.05);
	c->sub = fl_strdup(
		"Up: what the host still uses of what the guest has freed, percent.  Zero: "
		"all of it is back.  One boot of each setting.");
	c->share_y = true;
	fl_strv_release(&seen);
	return bad;
}

const struct fl_figure fl_figure_leftover = {
	.name = "leftover",
	.title = "How soon does the host get back what the guest freed?",
	.caption = "What the host still uses of what the guest has freed, from the moment it was "
		   "freed; a panel a workload, one boot of each setting.",
	.fill = fill,
};
