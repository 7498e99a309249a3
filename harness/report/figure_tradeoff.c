/* SPDX-License-Identifier: GPL-2.0 */
/* Cost of a touch over the memory that the process holds: a panel a workload, a path for each
 * crossing, a mark for what else the summary shows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/crossing.h"
#include "harness/report/figures.h"

#define ACROSS 3
#define PANELS_MAX 9
#define COST "touch_latency_mean"
#define MIB 1024.0

/* What the process itself holds, never what a control group is charged: the first that the
 * workload has, one for all of its rows. */
static const char *const held[] = { "held_rss", "snapshot_rss_during", "workload_maxrss" };

static const char *words_of(const char *memory)
{
	if (!strcmp(memory, held[0]))
		return "RSS while the memory is held";
	return !strcmp(memory, held[1]) ? "RSS while the child lives" : "largest RSS";
}

struct place {
	double mib, cost;
	const char *unit;
};

static const char *held_by(const struct fl_summary *s, const char *workload)
{
	for (size_t k = 0; k < sizeof(held) / sizeof(held[0]); k++)
		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, workload) &&
			    fl_summary_metric(s, &s->rows[i], held[k], NULL).n)
				return held[k];
	return NULL;
}

static bool place_of(const struct fl_summary *s, const struct fl_row *row, const char *memory,
		     struct place *p)
{
	struct fl_spread m = fl_summary_metric(s, row, memory, NULL);
	struct fl_spread c = fl_summary_metric(s, row, COST, &p->unit);

	p->mib = m.median / MIB;
	p->cost = c.median;
	return m.n && c.n;
}

static struct fl_chart_point *add(struct fl_chart_series *s, const struct place *p,
				  const char *label, const char *workload)
{
	struct fl_chart_point *at = fl_chart_point(s, p->mib, p->cost);
	char cost[24], mib[24];

	at->label = fl_strdup(label);
	at->tip = fl_asprintf("%s, %s: %s %s a touch, %s MiB", workload, label,
			      fl_chart_number(p->cost, cost), p->unit ? p->unit : "",
			      fl_chart_number(p->mib, mib));
	return at;
}

/* Steps that lie on one another share a label: "T=128 to 512". */
static void join_labels(struct fl_chart_series *s, const struct fl_crossing_curve *c)
{
	for (size_t i = 0; i < s->n;) {
		size_t end = i + 1;

		while (end < s->n && fabs(s->v[end].x - s->v[i].x) <= 0.02 * s->v[i].x &&
		       fabs(s->v[end].y - s->v[i].y) <= 0.02 * s->v[i].y)
			end++;
		if (end - i > 1) {
			free(s->v[i].label);
			s->v[i].label =
				fl_asprintf("T=%g%s%g", c->steps[i].at,
					    end - i == 2 ? ", " : " to ", c->steps[end - 1].at);
		}
		for (size_t k = i + 1; k < end; k++) {
			free(s->v[k].label);
			s->v[k].label = NULL;
		}
		i = end;
	}
}

static void add_path(struct fl_chart_panel *panel, const struct fl_summary *s,
		     const struct fl_crossing_curve *c, const char *memory, enum fl_ink ink)
{
	const char *about = c->crossing->about ? c->crossing->about : c->crossing->name;
	cleanup_free char *name = strndup(about, strcspn(about, "(;"));
	struct fl_chart_series *v = fl_chart_series(panel, name, FL_DRAW_LINE, ink);

	for (size_t i = 0; i < c->n; i++) {
		struct place p = { 0 };
		char label[32];

		snprintf(label, sizeof(label), "T=%g", c->steps[i].at);
		if (place_of(s, c->steps[i].row, memory, &p))
			add(v, &p, label, c->workload)->hollow = !c->steps[i].happened;
	}
	if (v->n == c->n)
		join_labels(v, c);
}

static bool on_curve(const struct fl_judged_crossings *j, const struct fl_row *row)
{
	for (size_t i = 0; i < j->n; i++)
		for (size_t k = 0; k < j->curves[i].n; k++)
			if (j->curves[i].steps[k].row == row)
				return true;
	return false;
}

static bool has_axis(const struct fl_judged_crossings *j, size_t curve)
{
	for (size_t i = 0; i < curve; i++)
		if (!strcmp(j->curves[i].workload, j->curves[curve].workload) &&
		    !strcmp(j->curves[i].crossing->axis, j->curves[curve].crossing->axis))
			return true;
	return false;
}

static void fill_panel(struct fl_chart *c, const struct fl_summary *s, const struct fl_answer *a,
		       const struct fl_judged_crossings *j, const char *workload, size_t at)
{
	static const enum fl_ink inks[] = { FL_INK_BLUE, FL_INK_RED };
	const char *memory = held_by(s, workload), *unit = "";
	struct fl_chart_panel *panel =
		fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t n = fl_figure_rows(s, a, workload, rows), paths = 0;

	for (size_t i = 0; i < j->n && paths < 2; i++)
		if (!strcmp(j->curves[i].workload, workload) && j->curves[i].n && !has_axis(j, i))
			add_path(panel, s, &j->curves[i], memory, inks[paths++]);
	for (size_t i = 0; i < n; i++) {
		struct place p = { 0 };
		bool extra = !on_curve(j, rows[i].row) || rows[i].reference;

		if (!extra || !place_of(s, rows[i].row, memory, &p))
			continue;
		unit = p.unit ? p.unit : unit;
		/* Marks of the reference and of all others are two series: names stand beside. */
		for (size_t k = 0; k <= panel->n; k++) {
			const char *name = rows[i].reference ? "reference" : "other settings";

			if (k == panel->n)
				fl_chart_series(panel, name, FL_DRAW_MARKS,
						rows[i].reference ? FL_INK_TEXT : FL_INK_PINK);
			if (strcmp(panel->v[k].name, name) != 0)
				continue;
			add(&panel->v[k], &p, rows[i].name, workload);
			break;
		}
	}
	panel->title = fl_strdup(workload);
	panel->y.label = fl_asprintf("cost of a touched page, %s", unit);
	panel->x.label = fl_asprintf("%s, MiB", words_of(memory));
	fl_figure_rows_release(rows, n);
}

static bool has_panel(const struct fl_summary *s, const char *workload)
{
	const char *memory = held_by(s, workload);
	struct place p = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < s->n_rows && memory; i++)
		n += !strcmp(s->rows[i].workload_name, workload) &&
		     place_of(s, &s->rows[i], memory, &p);
	return n > 1;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_answer answer = { 0 };
	struct fl_judged_crossings j = { 0 };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err) ||
		  fl_judge_crossings(&j, s, err);
	size_t n = 0;

	(void)store;
	for (size_t w = 0; w < s->workloads.n && !bad && n < PANELS_MAX; w++)
		if (fl_figure_shows(&answer, s->workloads.v[w]) && has_panel(s, s->workloads.v[w]))
			fill_panel(c, s, &answer, &j, s->workloads.v[w], n++);
	fl_chart_scale_x(c, -1, true);
	for (size_t i = 0; i < c->n; i++) {
		fl_chart_scale_y(c, (int)c->panels[i].row, true);
		i += ACROSS - 1;
	}
	for (size_t i = 0; i < c->n; i++) {
		c->panels[i].x.high *= 1.12;
		c->panels[i].y.high *= 1.12;
	}
	c->sub = fl_strdup("Left and low is better.  Right: memory that the process holds.  Up: "
			   "mean cost of a touched page.  Axes are the same within a row.");
	c->share_y = true;
	c->key = true;
	c->plot_height = 240;
	fl_answer_release(&answer);
	fl_judged_crossings_release(&j);
	return bad ? -1 : 0;
}

const struct fl_figure fl_figure_tradeoff = {
	.name = "tradeoff",
	.title = "What a touched page costs against what the process holds",
	.caption = "Mean cost of a touched page over RSS while the memory is held, medians over "
		   "boots. Settings that lie on each other share a label. Left and low is good.",
	.fill = fill,
};
