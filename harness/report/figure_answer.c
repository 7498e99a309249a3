/* SPDX-License-Identifier: GPL-2.0 */
/* The experiment's [summary] as bars: a column a metric, a row a workload, a bar a setting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/claims.h"
#include "harness/judge/crossing.h"
#include "harness/report/columns.h"
#include "harness/report/figures.h"

#define ACROSS 4
#define WORKLOADS_MAX 24
#define BAR 19.0
#define UNEVEN 8

struct group {
	char name[48];
	const char *metric, *unit;
	char readable[24];
	double divisor;
};

struct picture {
	const struct fl_summary *s;
	struct fl_answer answer;
	struct fl_judged_claims claims;
	struct group groups[ACROSS];
	size_t n;
	bool one_scale; /* all groups have one unit */
	struct fl_strv workloads;
};

struct bar {
	const struct fl_row *row;
	const char *name;
	char *own; /* of a row without a column */
};

static size_t group_of(struct picture *p, const char *metric, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->groups[i].metric, metric) && !strcmp(p->groups[i].name, name))
			return i;
	if (p->n == ACROSS)
		return ACROSS;
	p->groups[p->n] = (struct group){ .metric = metric };
	snprintf(p->groups[p->n].name, sizeof(p->groups[0].name), "%s", name);
	return p->n++;
}

/* Without a [summary]: the first columns of the table. */
static void groups_of_table(struct picture *p, struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t n = p->s->workloads.n ? fl_columns_of(p->s, p->s->workloads.v[0], columns) : 0;

	for (size_t i = 0; i < n && p->n < 3; i++)
		if (p->s->columns.n || i < 3)
			group_of(p, columns[i].metric, columns[i].head);
}

/* The rows of a workload in one group, each once. */
static size_t bars_of(const struct picture *p, size_t group, const char *workload,
		      struct bar out[FL_FIGURE_ROWS])
{
	size_t n = 0;

	for (size_t i = 0; i < p->answer.n && p->answer.given; i++) {
		char name[48];
		const char *setting = fl_figure_setting(&p->answer, i, name);

		if (strcmp(fl_figure_column_metric(&p->answer, i), p->groups[group].metric) != 0 ||
		    strcmp(name, p->groups[group].name) != 0)
			continue;
		for (size_t r = 0; r < p->s->n_rows && n < FL_FIGURE_ROWS; r++) {
			const struct fl_row *row = &p->s->rows[r];

			if (!row->n_ok || strcmp(row->workload_name, workload) ||
			    !fl_summary_takes(p->s, row, &p->answer.columns[i].of))
				continue;
			out[n++] = (struct bar){ row, setting, NULL };
			break;
		}
	}
	for (size_t r = 0; r < p->s->n_rows && n < FL_FIGURE_ROWS && !p->answer.given; r++)
		if (p->s->rows[r].n_ok && !strcmp(p->s->rows[r].workload_name, workload)) {
			out[n] = (struct bar){ &p->s->rows[r], NULL,
					       fl_figure_label(p->s, &p->s->rows[r]) };
			out[n].name = out[n].own;
			n++;
		}
	return n;
}

static struct fl_spread value_of(const struct picture *p, size_t group, const struct fl_row *row,
				 const char **unit)
{
	return fl_summary_metric(p->s, row, p->groups[group].metric, unit);
}

/* The row that a setting is held against, where it is not itself. */
static double reference_of(const struct picture *p, size_t group, const struct fl_row *row)
{
	const struct fl_row *r =
		p->answer.has_against ? fl_summary_reference(p->s, row, &p->answer.against) : NULL;
	struct fl_spread v = { 0 };

	if (r && r != row)
		v = value_of(p, group, r, NULL);
	return v.n ? v.median : NAN;
}

static char *text_of(const struct picture *p, size_t group, const struct fl_row *row, double value)
{
	char number[24], change[24] = "";
	double reference = reference_of(p, group, row);

	fl_chart_number(value / p->groups[group].divisor, number);
	if (isfinite(reference))
		fl_figure_change(value, reference, change);
	return *change ? fl_asprintf("%s  %s", number, change) : fl_strdup(number);
}

/* What others published for that row, as a hollow mark. */
static void published(struct fl_chart_series *s, const struct picture *p, size_t group,
		      const struct fl_row *row, double y)
{
	for (size_t i = 0; i < p->claims.claims.n_published; i++) {
		const struct fl_judged_published *q = &p->claims.published[i];
		struct fl_chart_point *at;

		if (q->row != row || strcmp(q->published->metric, p->groups[group].metric) != 0)
			continue;
		at = fl_chart_point(s, q->published->value / p->groups[group].divisor, y);
		at->hollow = true;
		at->tip = fl_asprintf("published: %g %s", at->x, p->groups[group].readable);
	}
}

static void fill_panel(struct fl_chart *c, const struct picture *p, size_t w, size_t g)
{
	struct bar bars[FL_FIGURE_ROWS];
	size_t n = bars_of(p, g, p->workloads.v[w], bars);
	struct fl_chart_panel *panel = fl_chart_panel(c, (unsigned int)w, (unsigned int)g);
	struct fl_chart_series *s, *ring;

	panel->y.low = n ? (double)n - 0.5 : 0.5;
	panel->y.high = -0.5;
	s = fl_chart_series(panel, "measured, median over boots", FL_DRAW_BOXES, FL_INK_BLUE);
	ring = fl_chart_series(panel, "published by others", FL_DRAW_MARKS, FL_INK_TEXT);
	for (size_t i = 0; i < n; i++) {
		struct fl_spread v = value_of(p, g, bars[i].row, NULL);
		struct fl_chart_point *at;

		fl_chart_tic(&panel->y, (double)i, bars[i].name);
		if (v.n) {
			at = fl_chart_point(s, v.median / p->groups[g].divisor, (double)i);
			at->label = text_of(p, g, bars[i].row, v.median);
			at->tip = fl_asprintf("%s, %s: %s %s", p->workloads.v[w], bars[i].name,
					      at->label, p->groups[g].readable);
			published(ring, p, g, bars[i].row, (double)i);
		} else {
			at = fl_chart_point(s, 0, (double)i);
			at->label = fl_strdup("not measured");
		}
		free(bars[i].own);
	}
	if (!w) {
		const char *name = p->groups[g].name;

		panel->title =
			*name ? fl_strdup(name) : fl_figure_metric_about(p->s, p->groups[g].metric);
		panel->sub = fl_asprintf("%s%s%s", *name ? p->groups[g].metric : "",
					 *name && *p->groups[g].readable ? ", " : "",
					 p->groups[g].readable);
	}
}

static void find_units(struct picture *p)
{
	p->one_scale = true;
	for (size_t g = 0; g < p->n; g++) {
		const char *unit = NULL;
		double most = 0;

		for (size_t i = 0; i < p->s->n_rows; i++) {
			struct fl_spread v = value_of(p, g, &p->s->rows[i], &unit);

			most = v.n ? fmax(most, fabs(v.most)) : most;
		}
		for (size_t i = 0; i < p->claims.claims.n_published; i++) {
			const struct fl_published *q = p->claims.published[i].published;

			if (!strcmp(q->metric, p->groups[g].metric))
				most = fmax(most, q->value);
		}
		p->groups[g].unit = unit ? unit : "";
		p->groups[g].divisor = fl_readable(p->groups[g].unit, most, p->groups[g].readable,
						   sizeof(p->groups[g].readable));
		if (!strcmp(p->groups[g].readable, "count"))
			*p->groups[g].readable = '\0';
		p->one_scale &= !strcmp(p->groups[g].readable, p->groups[0].readable);
	}
}

/* A group and a workload of which nothing was measured are left out. */
static void gather(struct picture *p)
{
	size_t kept = 0;

	for (size_t g = 0; g < p->n; g++) {
		bool any = false;

		for (size_t i = 0; i < p->s->n_rows; i++)
			any |= value_of(p, g, &p->s->rows[i], NULL).n > 0;
		if (any)
			p->groups[kept++] = p->groups[g];
	}
	p->n = kept;
	for (size_t w = 0; w < p->s->workloads.n && p->workloads.n < WORKLOADS_MAX; w++) {
		bool any = false;

		for (size_t g = 0; g < p->n; g++)
			for (size_t i = 0; i < p->s->n_rows; i++)
				any |= !strcmp(p->s->rows[i].workload_name, p->s->workloads.v[w]) &&
				       value_of(p, g, &p->s->rows[i], NULL).n > 0;
		if (any && fl_figure_shows(&p->answer, p->s->workloads.v[w]))
			fl_strv_push(&p->workloads, p->s->workloads.v[w]);
	}
}

/* Workloads that differ so much that on one scale the bars of one are none. */
static bool is_uneven(const struct fl_chart *c, const struct picture *p)
{
	for (size_t g = 0; g < p->n; g++) {
		double least = INFINITY, most = 0;

		for (size_t i = g; i < c->n; i += p->n) {
			const struct fl_chart_series *s = &c->panels[i].v[0];
			double mine = 0;

			for (size_t k = 0; k < s->n; k++)
				mine = fmax(mine, fabs(s->v[k].x));
			least = mine > 0 ? fmin(least, mine) : least;
			most = fmax(most, mine);
		}
		if (most > UNEVEN * least)
			return true;
	}
	return false;
}

static void draw(struct fl_chart *c, struct picture *p)
{
	c->row_heights = fl_calloc(p->workloads.n + 1, sizeof(double));
	for (size_t w = 0; w < p->workloads.n; w++) {
		for (size_t g = 0; g < p->n; g++) {
			double height;

			fill_panel(c, p, w, g);
			height = BAR * (double)c->panels[c->n - 1].y.n;
			c->row_heights[w] = fmax(c->row_heights[w], fmax(height, BAR));
		}
		fl_chart_row_name(c, p->workloads.v[w]);
	}
	c->share_x = !is_uneven(c, p);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart row = { .panels = &c->panels[i / p->n * p->n], .n = p->n };

		fl_chart_scale_x(c->share_x ? c : &row,
				 p->one_scale ? -1 : (int)c->panels[i].column, true);
	}
	c->share_y = true;
}

/* Bars of nothing are no picture. */
static bool any_measured(const struct picture *p)
{
	for (size_t w = 0; w < p->workloads.n; w++)
		for (size_t g = 0; g < p->n; g++) {
			struct bar bars[FL_FIGURE_ROWS];
			size_t n = bars_of(p, g, p->workloads.v[w], bars);
			bool any = false;

			for (size_t i = 0; i < n; i++) {
				any |= value_of(p, g, bars[i].row, NULL).n > 0;
				free(bars[i].own);
			}
			if (any)
				return true;
		}
	return false;
}

static bool any_published(const struct fl_chart *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->panels[i].v[1].n)
			return true;
	return false;
}

/* A picture over the axis of a crossing answers more. */
static int has_curve(const struct fl_summary *s, bool *any, struct fl_error *err)
{
	struct fl_judged_crossings j;

	*any = false;
	if (fl_judge_crossings(&j, s, err))
		return -1;
	for (size_t i = 0; i < j.n; i++)
		*any |= j.curves[i].n > 0;
	fl_judged_crossings_release(&j);
	return 0;
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct fl_column columns[FL_COLUMNS_MAX];
	struct picture p = { .s = s };
	bool crossed;
	int bad = has_curve(s, &crossed, err) ||
		  fl_answer_parse(&p.answer, s->run.experiment_text, err) ||
		  fl_judge_claims(&p.claims, s, err);

	(void)store;
	for (size_t i = 0; i < p.answer.n && !bad; i++) {
		char name[48];

		fl_figure_setting(&p.answer, i, name);
		group_of(&p, fl_figure_column_metric(&p.answer, i), name);
	}
	if (!bad && !p.answer.given)
		groups_of_table(&p, columns);
	if (!bad && !crossed)
		gather(&p);
	if (!bad && !crossed && any_measured(&p)) {
		find_units(&p);
		draw(c, &p);
		c->title = s->run.about && *s->run.about ? fl_strdup(s->run.about) : NULL;
		c->key = any_published(c);
		c->sub = p.answer.about ? fl_strdup(p.answer.about) : NULL;
	}
	fl_strv_release(&p.workloads);
	fl_answer_release(&p.answer);
	fl_judged_claims_release(&p.claims);
	return bad ? -1 : 0;
}

const struct fl_figure fl_figure_answer = {
	.name = "answer",
	.title = "What was measured",
	.caption = "The numbers of the experiment's summary as bars, all from zero; "
		   "medians over boots, the change against the reference beside them.",
	.fill = fill,
};
