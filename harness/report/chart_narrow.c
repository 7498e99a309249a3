/* SPDX-License-Identifier: GPL-2.0 */
/* The same chart for a phone: one panel below the other, each with its own tics and whole title. */
#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/chart.h"

static void take_back(struct fl_chart *c)
{
	for (size_t i = 0; i < c->n_texts; i++)
		free(c->texts[i].text);
	free(c->texts);
	free(c->marks);
	c->texts = NULL;
	c->marks = NULL;
	c->n_texts = c->n_marks = 0;
	for (size_t i = 0; i < c->n; i++) {
		c->panels[i].x.low = c->panels[i].x_low;
		c->panels[i].x.high = c->panels[i].x_high;
	}
}

/* Panels whose rows have names belong together by columns, others are read line by line. */
static bool comes_before(const struct fl_chart *c, const struct fl_chart_panel *a,
			 const struct fl_chart_panel *b)
{
	if (c->n_row_names)
		return a->column != b->column ? a->column < b->column : a->row < b->row;
	return a->row != b->row ? a->row < b->row : a->column < b->column;
}

/* The title that stands above the column of a panel without one. */
static const char *title_of(const struct fl_chart *c, const struct fl_chart_panel *p)
{
	const struct fl_chart_panel *top = p;

	for (size_t i = 0; i < c->n && !p->title; i++)
		if (c->panels[i].column == p->column && c->panels[i].row < top->row)
			top = &c->panels[i];
	return top->title;
}

/* "sparse-64: cost of a touched page" */
static char *whole_title(const struct fl_chart *c, const struct fl_chart_panel *p)
{
	const char *title = title_of(c, p);
	const char *row = p->row < c->n_row_names ? c->row_names[p->row] : NULL;

	if (!row)
		return title ? fl_strdup(title) : NULL;
	return title ? fl_asprintf("%s: %s", title, row) : fl_strdup(row);
}

void fl_chart_narrow(struct fl_chart *c)
{
	cleanup_free char **titles = fl_calloc(c->n + 1, sizeof(*titles));
	cleanup_free unsigned int *places = fl_calloc(c->n + 1, sizeof(*places));
	double *heights = c->row_heights ? fl_calloc(c->n + 1, sizeof(*heights)) : NULL;

	take_back(c);
	for (size_t i = 0; i < c->n; i++) {
		titles[i] = whole_title(c, &c->panels[i]);
		for (size_t k = 0; k < c->n; k++)
			places[i] += comes_before(c, &c->panels[k], &c->panels[i]);
		if (heights)
			heights[places[i]] = c->row_heights[c->panels[i].row];
	}
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_panel *p = &c->panels[i];

		free(p->title);
		p->title = titles[i];
		p->row = places[i];
		p->column = 0;
	}
	for (size_t i = 0; i < c->n_row_names; i++)
		free(c->row_names[i]);
	c->n_row_names = 0;
	free(c->row_heights);
	c->row_heights = heights;
	c->share_x = c->share_y = false;
	c->narrow = true;
}
