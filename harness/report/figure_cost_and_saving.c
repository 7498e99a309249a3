/* SPDX-License-Identifier: GPL-2.0 */
/* A column a workload; below one another what a touch costs and what is saved, over the axis of
 * the experiment's crossings, as shares of the reference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/crossing.h"
#include "harness/report/figures.h"

#define ACROSS 7 /* panels beside each other; more workloads go below */
#define WORKLOADS_MAX 21
#define EXTRA_MAX 2

struct picture {
	const struct fl_summary *s;
	struct fl_answer answer;
	struct fl_judged_crossings j;
	struct fl_strv workloads, savings; /* savings: distinct lists of what is saved */
	struct fl_strv inks;
};

static const struct fl_crossing_curve *curve_of(const struct picture *p, size_t crossing,
						const char *workload)
{
	for (size_t i = 0; i < p->j.n; i++)
		if (p->j.curves[i].crossing == &p->j.crossings.v[crossing] &&
		    !strcmp(p->j.curves[i].workload, workload) && p->j.curves[i].n)
			return &p->j.curves[i];
	return NULL;
}

/* A crossing that differs from one before only in what is saved has the same price. */
static bool is_told(const struct picture *p, size_t crossing, const char *workload)
{
	const struct fl_crossing_curve *mine = curve_of(p, crossing, workload);

	for (size_t i = 0; i < crossing; i++) {
		const struct fl_crossing_curve *c = curve_of(p, i, workload);

		if (c && c->n == mine->n && c->steps[0].row == mine->steps[0].row)
			return true;
	}
	return false;
}

/* What it is, without what is said of it in brackets; of a second one over the same axis, that of
 * the first. */
static char *name_of(const struct picture *p, size_t crossing)
{
	const struct fl_crossing *x = &p->j.crossings.v[crossing];
	const char *about;

	for (size_t i = crossing; i-- > 0;)
		if (!strcmp(p->j.crossings.v[i].axis, x->axis))
			x = &p->j.crossings.v[i];
	about = x->about ? x->about : x->name;
	return strndup(about, strcspn(about, "(;"));
}

/* One crossing over the same rows as another has its colour. */
static enum fl_ink ink_of(const struct picture *p, size_t crossing)
{
	static const enum fl_ink inks[] = { FL_INK_BLUE, FL_INK_RED, FL_INK_GREEN, FL_INK_PINK };
	size_t at = 0;

	for (size_t i = 0; i < crossing; i++) {
		if (!strcmp(p->j.crossings.v[i].axis, p->j.crossings.v[crossing].axis))
			return ink_of(p, i);
		at++;
	}
	return inks[at % 4];
}

static void tip(struct fl_chart_point *at, const struct fl_crossing_curve *c,
		const struct fl_crossing_step *s)
{
	char price[24], cost[24], saving[24], saved[24];

	fl_figure_change(s->price, c->price.median, cost);
	fl_figure_change(s->saving, c->saving.median, saved);
	at->tip = fl_asprintf(
		"%s, %s at %g: %s %s (%s), %s %s %s (%s)%s", c->workload, c->crossing->name, s->at,
		fl_chart_number(s->price, price), c->price_unit ? c->price_unit : "", cost,
		c->saving_name ? c->saving_name : "", fl_chart_number(s->saving, saving),
		c->saving_unit ? c->saving_unit : "", saved,
		s->happened ? "" : "; nothing was promoted");
}

/* Steps stand at even distances. */
static double place_of(const struct fl_chart_panel *p, double at)
{
	char text[24];

	snprintf(text, sizeof(text), "%g", at);
	for (size_t i = 0; i < p->x.n; i++)
		if (!strcmp(p->x.tics[i].text, text))
			return (double)i;
	return 0;
}

static void add_curve(struct fl_chart_panel *panel, const struct picture *p, size_t crossing,
		      const struct fl_crossing_curve *c, bool price)
{
	cleanup_free char *name = name_of(p, crossing);
	struct fl_chart_series *s = fl_chart_series(panel, name, FL_DRAW_LINE, ink_of(p, crossing));
	double base = price ? c->price.median : c->saving.median;
	char last[24] = "0%", text[24];

	for (size_t i = 0; i < c->n; i++) {
		const struct fl_crossing_step *step = &c->steps[i];
		double value = price ? step->price : step->saving;
		struct fl_chart_point *at;

		if (!(step->at > 0) || !(base > 0))
			continue;
		at = fl_chart_point(s, place_of(panel, step->at), 100 * value / base);
		at->hollow = !step->happened;
		fl_figure_change(value, base, text);
		if (strcmp(text, last) != 0 || (i + 1 == c->n && crossing == 0))
			at->label = fl_strdup(text);
		snprintf(last, sizeof(last), "%s", text);
		tip(at, c, step);
	}
}

/* Rows of the summary that lie on no curve: the same at any place of the axis. */
static void add_extras(struct fl_chart_panel *panel, const struct picture *p, const char *workload,
		       const char *metric, double base, double from, double to)
{
	static const enum fl_ink inks[] = { FL_INK_PINK, FL_INK_GREEN };
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t n = fl_figure_rows(p->s, &p->answer, workload, rows), extra = 0;

	for (size_t i = 0; i < n && p->answer.given; i++) {
		struct fl_spread v = fl_summary_metric(p->s, rows[i].row, metric, NULL);
		bool on_curve = rows[i].reference || !v.n || !(base > 0);
		struct fl_chart_series *s;
		struct fl_chart_point *at;

		for (size_t k = 0; k < p->j.n && !on_curve; k++)
			for (size_t m = 0; m < p->j.curves[k].n; m++)
				on_curve |= p->j.curves[k].steps[m].row == rows[i].row;
		if (on_curve || extra == EXTRA_MAX)
			continue;
		s = fl_chart_series(panel, rows[i].name, FL_DRAW_REFERENCE, inks[extra++]);
		fl_chart_point(s, from, 100 * v.median / base);
		at = fl_chart_point(s, to, 100 * v.median / base);
		at->tip = fl_asprintf("%s, %s: %.0f %% of the reference's %s", workload,
				      rows[i].name, 100 * v.median / base, metric);
	}
	fl_figure_rows_release(rows, n);
}

static char *verdict_of(const struct fl_crossing_curve *c)
{
	const struct fl_crossing_step *first = &c->steps[c->from];

	if (c->outcome != FL_CROSSING_SAVES)
		return fl_strdup(fl_crossing_outcomes[c->outcome]);
	if (c->crossing->worth > 0 && c->dear <= c->from)
		return fl_asprintf("saves at %.0f %s/%s: too dear (limit %g)", first->rate,
				   c->price_unit, c->saving_unit, c->crossing->worth);
	return fl_asprintf("%s from T=%g", first->rate > 0 ? "saves" : "PAYS", first->at);
}

static int by_at(const void *a, const void *b)
{
	const struct fl_chart_tic *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The steps of all curves. */
static void axis(struct fl_chart_panel *panel, const struct picture *p)
{
	for (size_t i = 0; i < p->j.n; i++)
		for (size_t k = 0; k < p->j.curves[i].n; k++) {
			double at = p->j.curves[i].steps[k].at;
			bool known = !(at > 0);
			char text[24];

			for (size_t m = 0; m < panel->x.n; m++)
				known |= panel->x.tics[m].at == at;
			snprintf(text, sizeof(text), "%g", at);
			if (!known)
				fl_chart_tic(&panel->x, at, text);
		}
	if (panel->x.n)
		for (size_t i = 0; i < panel->x.n; i++)
			panel->x.tics[i].at = (double)i;
	panel->x.low = panel->x.n > 1 ? 0 : -1;
	panel->x.high = panel->x.n > 1 ? (double)panel->x.n - 1 : 1;
}

static void add_reference(struct fl_chart_panel *panel, double low, double high)
{
	struct fl_chart_series *s =
		fl_chart_series(panel, "reference = 100 %", FL_DRAW_COURSE, FL_INK_SOFT);

	fl_chart_point(s, low, 100);
	fl_chart_point(s, high, 100);
}

static void say_unmeasured(struct fl_chart_panel *panel, double low, double high)
{
	struct fl_chart_series *s = fl_chart_series(panel, "", FL_DRAW_COURSE, FL_INK_SOFT);

	fl_chart_point(s, (low + high) / 2, 50)->label = fl_strdup("not measured");
}

static void fill_panel(struct fl_chart *c, struct picture *p, size_t w, size_t kind)
{
	size_t kinds = 1 + p->savings.n;
	const char *workload = p->workloads.v[w], *metric = NULL;
	struct fl_chart_panel *panel = fl_chart_panel(c, (unsigned int)(w / ACROSS * kinds + kind),
						      (unsigned int)(w % ACROSS));
	double base = 0, low, high;

	axis(panel, p);
	qsort(panel->x.tics, panel->x.n, sizeof(*panel->x.tics), by_at);
	low = panel->x.low;
	high = panel->x.high;
	for (size_t i = 0; i < p->j.crossings.n; i++) {
		const struct fl_crossing_curve *curve = curve_of(p, i, workload);
		cleanup_free char *key = fl_strv_join(&p->j.crossings.v[i].saving, ", ");

		if (!curve ||
		    (kind ? strcmp(key, p->savings.v[kind - 1]) != 0 : is_told(p, i, workload)) ||
		    panel->n >= FL_CHART_SERIES + 1)
			continue;
		if (!metric)
			add_reference(panel, low, high);
		metric = kind ? curve->saving_name : curve->price_name;
		base = kind ? curve->saving.median : curve->price.median;
		add_curve(panel, p, i, curve, !kind);
		if (!i && curve->outcome == FL_CROSSING_SAVES &&
		    !(curve->crossing->worth > 0 && curve->dear <= curve->from)) {
			panel->shade_from = place_of(panel, curve->steps[curve->from].at) - 0.4;
			panel->shade_to = high + 1;
		}
		if (!i && kind + 1 == kinds)
			panel->verdict = verdict_of(curve);
	}
	if (!metric)
		say_unmeasured(panel, low, high);
	else
		add_extras(panel, p, workload, metric, base, low, high);
	if (!kind)
		panel->title = fl_strdup(workload);
	else if (metric && strncmp(metric, p->savings.v[kind - 1], strlen(metric)) != 0)
		panel->sub = fl_strdup(metric);
	for (size_t i = 0; i < p->j.crossings.n && !panel->verdict && kind + 1 == kinds; i++)
		if (!i && curve_of(p, 0, workload))
			panel->verdict = verdict_of(curve_of(p, 0, workload));
}

static void gather(struct picture *p)
{
	for (size_t i = 0; i < p->j.n; i++) {
		cleanup_free char *key = fl_strv_join(&p->j.curves[i].crossing->saving, ", ");

		if (!p->j.curves[i].n)
			continue;
		fl_strv_add(&p->savings, key);
	}
	for (size_t w = 0; w < p->s->workloads.n; w++)
		for (size_t i = 0; i < p->j.n && p->workloads.n < WORKLOADS_MAX; i++)
			if (p->j.curves[i].n &&
			    !strcmp(p->j.curves[i].workload, p->s->workloads.v[w]))
				fl_strv_add(&p->workloads, p->s->workloads.v[w]);
}

static const char *row_name(const char *saving)
{
	if (!strncmp(saving, "held_rss", 8))
		return "RSS while held";
	return !strncmp(saving, "charge_at_hold", 14) ? "cgroup charge" : saving;
}

static void set_axes(struct fl_chart *c, unsigned int rows, size_t kinds)
{
	c->row_heights = fl_calloc(rows + 1, sizeof(double));
	for (unsigned int r = 0; r < rows; r++) {
		c->row_heights[r] = r % kinds ? 96 : 190;
		fl_chart_scale_y(c, (int)r, true);
	}
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_axis *y = &c->panels[i].y;

		y->high = fmax(y->high, 100) + 0.14 * (fmax(y->high, 100) - y->low);
		for (size_t k = 0; k < y->n; k++) {
			cleanup_free char *old = y->tics[k].text;

			y->tics[k].text = fl_asprintf("%s %%", old);
		}
	}
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct picture p = { .s = s };
	int bad = fl_answer_parse(&p.answer, s->run.experiment_text, err) ||
		  fl_judge_crossings(&p.j, s, err);
	size_t kinds;

	(void)store;
	if (!bad)
		gather(&p);
	kinds = 1 + p.savings.n;
	for (size_t w = 0; w < p.workloads.n; w++)
		for (size_t k = 0; k < kinds; k++)
			fill_panel(c, &p, w, k);
	for (size_t w = 0; w < p.workloads.n; w += ACROSS)
		for (size_t k = 0; k < kinds; k++)
			fl_chart_row_name(c, k ? row_name(p.savings.v[k - 1])
					       : "cost of a touched page");
	if (c->n)
		set_axes(c, (unsigned int)c->n_row_names, kinds);
	c->title = s->run.about && *s->run.about ? fl_strdup(s->run.about) : NULL;
	c->sub = fl_asprintf("%s.  Across: %s.  Up: percent of the reference.  Hollow: nothing was "
			     "promoted there.",
			     p.answer.about ? p.answer.about : "A column a workload",
			     "the threshold T, in pages of a range");
	c->share_x = c->share_y = c->key = true;
	fl_strv_release(&p.workloads);
	fl_strv_release(&p.savings);
	fl_answer_release(&p.answer);
	fl_judged_crossings_release(&p.j);
	return bad ? -1 : 0;
}

const struct fl_figure fl_figure_cost_and_saving = {
	.name = "cost-and-saving",
	.title = "What waiting for T pages costs, and what it saves",
	.caption = "A column a workload, all against the reference; below it the experiment's "
		   "verdict.  Medians over boots.",
	.fill = fill,
};
