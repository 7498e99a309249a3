/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/compare.h"
#include "harness/report/figures_compare.h"

#define LINES_MAX 30
#define LINE 19.0

static const struct fl_figure changes = {
	.name = "compare-changes",
	.title = "What changed from A to B?",
	.caption = "Change from A to B with its interval; a mark without one is exact. Grey lies "
		   "within the noise or below what counts; hollow: inconclusive.",
};

static const struct fl_figure distributions = {
	.name = "compare-tail",
	.title = "Did the slowest faults change?",
	.caption = "The slowest 1 in N of all first touches that faulted, on both sides.",
};

static const struct {
	const char *name;
	enum fl_ink ink;
} verdicts[] = {
	[FL_SAME] = { "same", FL_INK_SOFT },
	[FL_BETTER] = { "better", FL_INK_GREEN },
	[FL_WORSE] = { "worse", FL_INK_RED },
	[FL_DIFFERS] = { "differs", FL_INK_BLUE },
	[FL_INCONCLUSIVE] = { "inconclusive", FL_INK_TEXT },
};
#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))

static double percent(double x)
{
	return 100 * fmax(fmin(x, 9.99), -9.99);
}

static void add_line(struct fl_chart_panel *p, const struct fl_pair *pair,
		     const struct fl_judged *j)
{
	cleanup_free char *label = fl_asprintf("%s  %s", pair->label, j->metric);
	struct fl_chart_point *at;

	if ((size_t)j->verdict >= VERDICTS)
		return;
	at = fl_chart_point(&p->v[j->verdict], percent(j->change), (double)p->y.n);
	at->from = percent(isfinite(j->interval.low) ? j->interval.low : j->change);
	at->to = percent(isfinite(j->interval.high) ? j->interval.high : j->change);
	at->hollow = j->verdict == FL_INCONCLUSIVE;
	at->label = fl_asprintf("%+.3g%%", percent(j->change));
	at->tip = fl_asprintf("%s: %+.3g%%, %s", label, percent(j->change),
			      verdicts[j->verdict].name);
	fl_chart_tic(&p->y, (double)p->y.n, label);
}

/* Those that changed; where there are none, the headline of a few rows: that is an answer too. */
static void fill_changes(struct fl_chart *c, const struct fl_comparison *x)
{
	bool any = x->counts[FL_WORSE] + x->counts[FL_BETTER] + x->counts[FL_DIFFERS] > 0;
	struct fl_chart_panel *p = fl_chart_panel(c, 0, 0);

	for (size_t k = 0; k < VERDICTS; k++)
		fl_chart_series(p, verdicts[k].name, FL_DRAW_SPANS, verdicts[k].ink);
	for (size_t i = 0; i < x->n; i++) {
		const struct fl_pair *pair = &x->pairs[i];
		cleanup_free const struct fl_judged **shown =
			fl_calloc(pair->n + 1, sizeof(*shown));
		size_t n = fl_compare_shown(pair, false, shown);

		for (size_t k = 0; k < n && p->y.n < LINES_MAX; k++)
			if (((!any && x->n <= FL_COMPARE_FEW) || fl_compare_is_change(shown[k])) &&
			    isfinite(shown[k]->change))
				add_line(p, pair, shown[k]);
	}
	p->y.low = (double)p->y.n - 0.5;
	p->y.high = -0.5;
	p->x.label = fl_strdup("change from A to B, %");
	if (!p->y.n) {
		fl_chart_drop(c);
		return;
	}
	fl_chart_scale_x(c, -1, true);
	c->plot_height = LINE * (double)p->y.n;
}

/* The pair of each workload of which most changed; both sides. */
static int fill_tails(struct fl_chart *c, const struct fl_comparison *x, struct fl_store *store,
		      struct fl_error *err)
{
	struct fl_strv told = { 0 };
	int bad = 0;

	for (size_t i = 0; i < x->n && c->n < 8 && !bad; i++) {
		const struct fl_pair *pair = &x->pairs[i];
		struct fl_chart_panel *p;

		if ((x->n > FL_COMPARE_FEW && !fl_compare_changed(pair)) ||
		    !fl_strv_add(&told, pair->b->workload_name))
			continue;
		p = fl_chart_panel(c, (unsigned int)(c->n / 2), (unsigned int)(c->n % 2));
		p->title = fl_strdup(pair->label);
		p->y.label = fl_asprintf("time of a fault, %s", fl_summary_time(&x->b));
		bad = fl_tail_line(p, "A", FL_INK_TEXT, &x->a, pair->a, store, err) ||
		      fl_tail_line(p, "B", FL_INK_RED, &x->b, pair->b, store, err);
		if (!p->n)
			fl_chart_drop(c);
	}
	fl_tail_axes(c);
	fl_strv_release(&told);
	return bad ? -1 : 0;
}

int fl_figures_compare(struct fl_drawings *d, const struct fl_comparison *x, struct fl_store *store,
		       struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(&x->b, err);
	cleanup_free char *sides = fl_asprintf("A %s, B %s", x->side_a, x->side_b);
	struct fl_chart c = { 0 }, tails = { 0 };

	if (!dir)
		return -1;
	fill_changes(&c, x);
	c.title = fl_strdup(changes.title);
	c.sub = fl_strdup(sides);
	c.foot = fl_figure_foot(&x->b);
	c.key = true;
	if (fl_figure_make(d, &changes, fl_asprintf("%s/compare-changes", dir), &c, err))
		return -1;
	if (fill_tails(&tails, x, store, err)) {
		fl_chart_release(&tails);
		return -1;
	}
	tails.title = fl_strdup(distributions.title);
	tails.sub = fl_strdup(sides);
	tails.foot = fl_figure_foot(&x->b);
	return fl_figure_make(d, &distributions, fl_asprintf("%s/compare-tail", dir), &tails, err);
}
