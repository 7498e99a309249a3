/* SPDX-License-Identifier: GPL-2.0 */
/* How ranges became huge: a panel a workload, a line a setting, a square and its number for each
 * way. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/crossing.h"
#include "harness/report/figures.h"

#define ACROSS 7
#define PANELS_MAX 21
#define LINE 20.0

static const struct {
	const char *metric, *name;
	enum fl_ink ink;
} ways[] = {
	{ "thp_fault_alloc", "allocated at the fault", FL_INK_SOFT },
	{ "promotions_in_place_total", "promoted in place", FL_INK_BLUE },
	{ "promotions_copy", "collapsed by khugepaged: copied", FL_INK_RED },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Steps of crossings that the summary leaves out: "mainline T=64". */
static size_t add_steps(struct fl_figure_row rows[FL_FIGURE_ROWS], size_t n,
			const struct fl_judged_crossings *j, const char *workload)
{
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = 0; j->curves[i].crossing != j->crossings.v && k < j->curves[i].n &&
				   n < FL_FIGURE_ROWS;
		     k++) {
			const struct fl_crossing_step *s = &j->curves[i].steps[k];
			bool known = strcmp(j->curves[i].workload, workload) != 0;

			for (size_t m = 0; m < n; m++)
				known |= rows[m].row == s->row;
			if (!known)
				rows[n++] = (struct fl_figure_row){
					s->row,
					fl_asprintf("%s T=%g", j->curves[i].crossing->name, s->at),
					false
				};
		}
	return n;
}

static bool fill_panel(struct fl_chart *c, const struct fl_summary *s, const struct fl_answer *a,
		       const struct fl_judged_crossings *j, const char *workload,
		       struct fl_strv *names)
{
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t at = c->n;
	size_t n = add_steps(rows, fl_figure_rows(s, a, workload, rows), j, workload);
	struct fl_chart_panel *p =
		fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));
	bool any = false;

	for (size_t k = 0; k < WAYS; k++)
		fl_chart_series(p, ways[k].name, FL_DRAW_MARKS, ways[k].ink);
	for (size_t i = 0; i < n; i++) {
		size_t y;

		fl_strv_add(names, rows[i].name);
		y = fl_strv_find(names, rows[i].name);
		for (size_t k = 0; k < WAYS; k++) {
			struct fl_spread v =
				fl_summary_metric(s, rows[i].row, ways[k].metric, NULL);
			struct fl_chart_point *q;
			char text[24];

			if (!v.n || v.median <= 0)
				continue;
			any = true;
			q = fl_chart_point(&p->v[k], (double)k, (double)y);
			q->label = fl_strdup(fl_chart_number(v.median, text));
			q->tip = fl_asprintf("%s, %s: %s ranges %s", workload, rows[i].name,
					     q->label, ways[k].name);
		}
	}
	p->beside = true;
	p->x.low = -0.3;
	p->x.high = 2.7;
	p->title = fl_strdup(workload);
	fl_figure_rows_release(rows, n);
	return any;
}

/* A setting has its line in all panels. */
static void set_rows(struct fl_chart_axis *y, const struct fl_strv *names)
{
	for (size_t k = 0; k < names->n; k++)
		fl_chart_tic(y, (double)k, names->v[k]);
	y->low = (double)names->n - 0.5;
	y->high = -0.5;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_answer answer = { 0 };
	struct fl_judged_crossings j = { 0 };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err) ||
		  fl_judge_crossings(&j, s, err);
	struct fl_strv names = { 0 };
	bool any = false;

	(void)store;
	for (size_t w = 0; w < s->workloads.n && !bad && c->n < PANELS_MAX; w++)
		if (fl_figure_shows(&answer, s->workloads.v[w]))
			any |= fill_panel(c, s, &answer, &j, s->workloads.v[w], &names);
	for (size_t i = 0; i < c->n; i++)
		set_rows(&c->panels[i].y, &names);
	c->plot_height = LINE * (double)(names.n ? names.n : 1);
	c->share_y = true;
	c->sub =
		fl_strdup("Number of ranges of a huge page's size, by setting and workload, median "
			  "over boots.  Nothing: none.");
	c->key = true;
	if (!any || bad)
		fl_chart_release(c);
	fl_strv_release(&names);
	fl_answer_release(&answer);
	fl_judged_crossings_release(&j);
	return bad ? -1 : 0;
}

const struct fl_figure fl_figure_promotions = {
	.name = "promotions",
	.title = "How did ranges become huge pages?",
	.caption = "Huge pages by the way they came: allocated by the fault, promoted in place, or "
		   "copied by khugepaged.",
	.fill = fill,
};
