/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/sampled.h"
#include "harness/report/figures.h"

#define ACROSS 2
#define PANELS_MAX 8

static const struct {
	const char *series, *name;
	enum fl_ink ink;
} lines[] = {
	{ "guest_rss", "guest: RSS", FL_INK_BLUE },
	{ "guest_anon_huge", "guest: huge pages", FL_INK_GREEN },
	{ "host_rss", "host: RSS", FL_INK_RED },
	{ "host_anon_huge", "host: huge pages", FL_INK_PINK },
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

static int add_tick(void *arg, uint64_t t_ns, double value)
{
	struct fl_chart_point *p = fl_chart_point(arg, (double)t_ns / 1e9, value / 1024);

	(void)p;
	return 0;
}

struct mark {
	double at; /* s */
	char *step;
};

static int by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Steps are numbers on the time line, and words above the panel. */
static void add_steps(struct fl_chart_panel *panel, const struct fl_stored_point *p)
{
	cleanup_free struct mark *marks = fl_calloc(p->n_metrics + 1, sizeof(*marks));
	struct fl_chart_series *v = NULL;
	size_t n = 0;

	for (size_t i = 0; i < p->n_metrics; i++) {
		char *step = fl_step_of_metric(p->metrics[i].name, "step_", "_start");

		if (step)
			marks[n++] = (struct mark){ p->metrics[i].value / 1e9, step };
	}
	qsort(marks, n, sizeof(*marks), by_time);
	if (n)
		v = fl_chart_series(panel, "steps, by number", FL_DRAW_MARKS, FL_INK_TEXT);
	for (size_t i = 0; i < n; i++) {
		struct fl_chart_point *at = fl_chart_point(v, marks[i].at, 0);
		cleanup_free char *old = panel->sub;

		at->label = fl_asprintf("%zu", i + 1);
		at->tip = fl_asprintf("step %zu: %s at %.2f s", i + 1, marks[i].step, marks[i].at);
		panel->sub = fl_asprintf("%s%s%zu %s", old ? old : "", old ? ", " : "", i + 1,
					 marks[i].step);
		free(marks[i].step);
	}
}

static int fill_panel(struct fl_chart *c, const struct fl_summary *s, const struct fl_row *row,
		      struct fl_store *store, struct fl_error *err)
{
	const struct fl_stored_point *p = fl_summary_good_boot(s, row);
	cleanup_free char *label = fl_figure_label(s, row);
	struct fl_chart_panel *panel =
		fl_chart_panel(c, (unsigned int)(c->n / ACROSS), (unsigned int)(c->n % ACROSS));
	size_t points = 0;

	for (size_t i = 0; i < LINES; i++) {
		struct fl_chart_series *v =
			fl_chart_series(panel, lines[i].name, FL_DRAW_COURSE, lines[i].ink);

		if (fl_store_each_tick(store, p->id, lines[i].series, add_tick, v, err))
			return -1;
		v->named = v->n > 0;
		points += v->n;
	}
	add_steps(panel, p);
	panel->title = s->workloads.n > 1 ? fl_asprintf("%s: %s", row->workload_name, label)
					  : fl_strdup(label);
	panel->x.label = fl_strdup("time since the workload's start, s");
	if (!points)
		fl_chart_drop(c);
	return 0;
}

/* More settings than panels: those spread evenly over the sweep, ends included. */
static bool has_panel(size_t i, size_t n)
{
	return n <= PANELS_MAX || !i ||
	       i * (PANELS_MAX - 1) / (n - 1) != (i - 1) * (PANELS_MAX - 1) / (n - 1);
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	size_t all = 0, seen = 0;

	if (!strcmp(s->run.timebase, "insn")) /* two samples are no course */
		return 0;
	for (size_t i = 0; i < s->n_rows; i++)
		all += s->rows[i].n_ok > 0;
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i].n_ok && has_panel(seen++, all) &&
		    fill_panel(c, s, &s->rows[i], store, err))
			return -1;
	fl_chart_scale_x(c, -1, true);
	fl_chart_scale_y(c, -1, true);
	c->sub = fl_strdup(
		"MiB, over the time of the workload; one boot of each setting.  Triangles: "
		"steps begin, named by number above their panel.");
	c->share_y = true;
	return 0;
}

const struct fl_figure fl_figure_memory_time = {
	.name = "memory-time",
	.title = "Memory over time, in the guest and on the host",
	.caption = "Resident and huge memory of the workload in the guest, and of the guest's "
		   "memory on the host, on one time line; one boot of each setting.",
	.fill = fill,
};
