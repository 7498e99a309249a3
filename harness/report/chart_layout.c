/* SPDX-License-Identifier: GPL-2.0 */
/* Positions of panels and of all text except labels of points (chart_labels.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/chart_parts.h"

#define WIDTH 1000.0
#define NARROW 380.0
#define EDGE 16.0
#define GAP 26.0
#define PLOT_LEAST 70.0
#define TIC_MOST 220.0 /* width of a text at the left of a plot */
#define TIC_MOST_NARROW 120.0
#define ROW_NAME_MOST 112.0
#define NAME_MOST 190.0
#define PAD 14.0 /* between an end of the axis and the first point */

struct layout {
	struct fl_chart *c;
	unsigned int rows, columns;
	double names;          /* width of the rows' names */
	double *left, *right;  /* of each column, around its plots */
	double *above, *below; /* of each row */
	double plot;           /* width of a plot */
};

static double tic_most(const struct fl_chart *c)
{
	return c->narrow ? TIC_MOST_NARROW : TIC_MOST;
}

void fl_chart_text(struct fl_chart *c, const char *text, double x, double y, int side, double size,
		   bool bold, bool soft)
{
	c->texts = fl_realloc(c->texts, (c->n_texts + 1) * sizeof(*c->texts));
	c->texts[c->n_texts++] = (struct fl_chart_text){
		x, y, size, bold, soft, (signed char)side, fl_strdup(text)
	};
}

/* Lines below one another, the first at y; returns the height. */
static double lines(struct fl_chart *c, const char *text, double x, double y, int side, double most,
		    unsigned int n, double size, bool bold, bool soft)
{
	cleanup_free char *wrapped = text ? fl_letters_wrap(text, size, bold, most, n) : NULL;
	double height = 0;

	for (char *save = NULL, *line = wrapped ? strtok_r(wrapped, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save), height += size * 1.4)
		fl_chart_text(c, line, x, y + height, side, size, bold, soft);
	return height;
}

double fl_chart_px(const struct fl_chart_axis *a, double v, double from, double to)
{
	double low = a->log ? log10(a->low) : a->low, high = a->log ? log10(a->high) : a->high;
	double at = a->log ? log10(v > 0 ? v : a->low) : v;

	return from + (at - low) / (high - low) * (to - from);
}

static bool has_boxes(const struct fl_chart_panel *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].draw == FL_DRAW_BOXES || p->v[i].draw == FL_DRAW_SPANS)
			return true;
	return false;
}

static double widest_tic(const struct fl_chart_axis *a)
{
	double most = 0;

	for (size_t i = 0; i < a->n; i++)
		most = fmax(most, fl_letters(a->tics[i].text, FL_TIC_SIZE, false));
	return most;
}

/* Is there no panel left of it in its row, or below it in its column? */
static bool is_outer(const struct fl_chart *c, const struct fl_chart_panel *p, bool below)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_chart_panel *o = &c->panels[i];

		if (below ? o->column == p->column && o->row > p->row
			  : o->row == p->row && o->column < p->column)
			return false;
	}
	return true;
}

static void measure_panel(struct layout *l, struct fl_chart_panel *p)
{
	double *left = &l->left[p->column], *right = &l->right[p->column];
	double *above = &l->above[p->row], *below = &l->below[p->row];

	p->x_tics = p->x.n && (!l->c->share_x || is_outer(l->c, p, true));
	p->y_tics = p->y.n && (!l->c->share_y || is_outer(l->c, p, false));
	if (p->y_tics)
		*left = fmax(*left, fmin(widest_tic(&p->y), tic_most(l->c)) + 10);
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].named && p->v[i].n)
			*right = fmax(*right, fmin(fl_letters(p->v[i].name, FL_LABEL_SIZE, false),
						   NAME_MOST) +
						      14);
	*above = fmax(*above, (p->title ? 20 : 0) + (p->sub ? 16 : 0) +
				      (p->y.label && p->y_tics ? 18 : 0) + 8);
	*below = fmax(*below, (p->x_tics ? 20 : 0) + (p->x.label && p->x_tics ? 17 : 0) +
				      (p->verdict ? 40 : 0) + 8);
}

static void measure(struct layout *l)
{
	struct fl_chart *c = l->c;
	double width = c->narrow ? NARROW : WIDTH, room;

	for (size_t i = 0; i < c->n; i++) {
		l->rows = c->panels[i].row >= l->rows ? c->panels[i].row + 1 : l->rows;
		l->columns =
			c->panels[i].column >= l->columns ? c->panels[i].column + 1 : l->columns;
	}
	l->left = fl_calloc(l->columns + 1, sizeof(double));
	l->right = fl_calloc(l->columns + 1, sizeof(double));
	l->above = fl_calloc(l->rows + 1, sizeof(double));
	l->below = fl_calloc(l->rows + 1, sizeof(double));
	for (size_t i = 0; i < c->n; i++)
		measure_panel(l, &c->panels[i]);
	for (size_t i = 0; i < c->n_row_names; i++)
		l->names = fmax(
			l->names,
			fmin(fl_letters(c->row_names[i], FL_TITLE_SIZE, true), ROW_NAME_MOST) + 14);
	room = width - 2 * EDGE - l->names - GAP * (l->columns ? l->columns - 1 : 0);
	for (unsigned int i = 0; i < l->columns; i++)
		room -= l->left[i] + l->right[i];
	l->plot = fmax(room / (l->columns ? l->columns : 1), PLOT_LEAST);
	c->width = width + (l->plot * l->columns > room ? l->plot * l->columns - room : 0);
}

static double row_height(const struct layout *l, unsigned int row)
{
	if (l->c->row_heights)
		return l->c->row_heights[row];
	return l->c->plot_height > 0 ? l->c->plot_height : 200;
}

/* Labels of bars stand beyond their ends. */
static double labels_of_boxes(const struct fl_chart *c)
{
	double most = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->panels[i].n; k++) {
			const struct fl_chart_series *s = &c->panels[i].v[k];

			for (size_t j = 0; j < s->n; j++)
				if (s->draw == FL_DRAW_BOXES || s->draw == FL_DRAW_SPANS)
					most = fmax(most, fl_letters(s->v[j].label, FL_LABEL_SIZE,
								     false));
		}
	return most;
}

static void widen_axis(struct fl_chart_axis *a, double before, double after)
{
	double low = a->log ? log10(a->low) : a->low, high = a->log ? log10(a->high) : a->high;
	double span = high - low;

	low -= span * before;
	high += span * after;
	a->low = a->log ? pow(10, low) : low;
	a->high = a->log ? pow(10, high) : high;
}

static void place_panels(struct layout *l, double top)
{
	struct fl_chart *c = l->c;
	double room = fmin(labels_of_boxes(c) + 24, l->plot * 0.7);

	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_panel *p = &c->panels[i];
		double x = EDGE + l->names, y = top;

		p->x_low = p->x.low;
		p->x_high = p->x.high;
		for (unsigned int k = 0; k < p->column; k++)
			x += l->left[k] + l->plot + l->right[k] + GAP;
		for (unsigned int k = 0; k < p->row; k++)
			y += l->above[k] + row_height(l, k) + l->below[k];
		p->left = x + l->left[p->column];
		p->right = p->left + l->plot;
		p->top = y + l->above[p->row];
		p->bottom = p->top + row_height(l, p->row);
		if (has_boxes(p))
			widen_axis(&p->x, p->x.low < 0 && !p->x.log ? 0.04 : 0,
				   room / (l->plot - room));
		else
			widen_axis(&p->x, PAD / (l->plot - 2 * PAD), PAD / (l->plot - 2 * PAD));
	}
}

static void x_texts(struct fl_chart *c, struct fl_chart_panel *p)
{
	double last = -1e9;

	for (size_t i = 0; i < p->x.n && p->x_tics; i++) {
		double x = fl_chart_px(&p->x, p->x.tics[i].at, p->left, p->right);
		double half = fl_letters(p->x.tics[i].text, FL_TIC_SIZE, false) / 2;

		if (x - half < last + 6 || x > p->right + 1 || x < p->left - 1)
			continue;
		fl_chart_text(c, p->x.tics[i].text, x, p->bottom + 12, 0, FL_TIC_SIZE, false, true);
		last = x + half;
	}
	if (p->x.label && p->x_tics) {
		cleanup_free char *cut = fl_letters_cut(p->x.label, FL_TIC_SIZE, false,
							p->right - p->left + GAP - 8);

		fl_chart_text(c, cut, (p->left + p->right) / 2, p->bottom + 28, 0, FL_TIC_SIZE,
			      false, false);
	}
}

static void y_texts(struct fl_chart *c, struct fl_chart_panel *p)
{
	double last = 1e9;

	for (size_t i = 0; i < p->y.n && p->y_tics; i++) {
		bool down = p->y.low > p->y.high;
		size_t at = down ? p->y.n - 1 - i : i;
		double y = fl_chart_px(&p->y, p->y.tics[at].at, p->bottom, p->top);
		cleanup_free char *cut =
			fl_letters_cut(p->y.tics[at].text, FL_TIC_SIZE, false, tic_most(c));

		if (y > last - FL_TIC_SIZE * 1.25 || y < p->top - 1)
			continue;
		fl_chart_text(c, cut, p->left - 8, y, -1, FL_TIC_SIZE, false, !down);
		last = y;
	}
}

static void panel_texts(struct layout *l, struct fl_chart_panel *p)
{
	struct fl_chart *c = l->c;
	double y = p->top - l->above[p->row] + 10;
	double most = p->right - p->left + l->right[p->column] + GAP - 8;
	struct {
		const char *text;
		double size;
		bool bold, soft;
	} above[] = {
		{ p->title, FL_TITLE_SIZE, true, false },
		{ p->sub, FL_TIC_SIZE, false, true },
		{ p->y.label && p->y_tics ? p->y.label : NULL, FL_TIC_SIZE, false, true },
	};

	for (size_t i = 0; i < 3; i++) {
		cleanup_free char *cut =
			above[i].text
				? fl_letters_cut(above[i].text, above[i].size, above[i].bold, most)
				: NULL;

		if (!cut)
			continue;
		fl_chart_text(c, cut, p->left, y, 1, above[i].size, above[i].bold, above[i].soft);
		y += 17;
	}
	x_texts(c, p);
	y_texts(c, p);
	lines(c, p->verdict, (p->left + p->right) / 2,
	      p->bottom + (p->x_tics ? 20 : 0) + (p->x.label && p->x_tics ? 17 : 0) + 12, 0,
	      p->right - p->left + GAP - 10, 2, FL_LABEL_SIZE, true, false);
}

static void row_names(struct layout *l)
{
	struct fl_chart *c = l->c;

	for (size_t r = 0; r < c->n_row_names; r++)
		for (size_t i = 0; i < c->n; i++)
			if (c->panels[i].row == r) {
				lines(c, c->row_names[r], EDGE, c->panels[i].top + 10, 1,
				      l->names - 14, 3, FL_TITLE_SIZE, true, false);
				break;
			}
}

/* A series is in the key once, and not at all if its name stands beside it. */
static bool in_key(const struct fl_chart *c, size_t panel, size_t series)
{
	const struct fl_chart_series *s = &c->panels[panel].v[series];

	if (s->named || !s->n || !*s->name)
		return false;
	for (size_t i = 0; i <= panel; i++)
		for (size_t k = 0; k < c->panels[i].n; k++) {
			const struct fl_chart_series *o = &c->panels[i].v[k];

			if ((i < panel || k < series) && o->n && !strcmp(o->name, s->name))
				return false;
		}
	return true;
}

static bool all_hollow(const struct fl_chart_series *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i].hollow)
			return false;
	return true;
}

static double key(struct fl_chart *c, double y)
{
	double x = EDGE, from = y;

	for (size_t i = 0; i < c->n && c->key; i++)
		for (size_t k = 0; k < c->panels[i].n; k++) {
			const struct fl_chart_series *s = &c->panels[i].v[k];
			double wide =
				fmin(fl_letters(s->name, FL_KEY_SIZE, false), c->width - 80) + 34;

			if (!in_key(c, i, k))
				continue;
			if (x > EDGE && x + wide > c->width - EDGE) {
				x = EDGE;
				y += 20;
			}
			c->marks = fl_realloc(c->marks, (c->n_marks + 1) * sizeof(*c->marks));
			c->marks[c->n_marks++] =
				(struct fl_chart_mark){ x + 10, y, s->ink, s->draw, all_hollow(s) };
			y += lines(c, s->name, x + 26, y, 1, c->width - 80, 2, FL_KEY_SIZE, false,
				   false) -
			     FL_KEY_SIZE * 1.4;
			x += wide + 14;
		}
	return c->n_marks ? y - from + 26 : 0;
}

void fl_chart_lay_out(struct fl_chart *c)
{
	struct layout l = { .c = c };
	double y = 26;

	measure(&l);
	y += lines(c, c->title, EDGE, y, 1, c->width - 2 * EDGE, c->narrow ? 5 : 2, 17, true,
		   false);
	y += lines(c, c->sub, EDGE, y, 1, c->width - 2 * EDGE, c->narrow ? 12 : 4, FL_KEY_SIZE,
		   false, true);
	y += 6;
	y += key(c, y);
	place_panels(&l, y - 4);
	y -= 4;
	for (unsigned int r = 0; r < l.rows; r++)
		y += l.above[r] + row_height(&l, r) + l.below[r];
	for (size_t i = 0; i < c->n; i++)
		panel_texts(&l, &c->panels[i]);
	row_names(&l);
	y += 14;
	y += lines(c, c->foot, EDGE, y, 1, c->width - 2 * EDGE, c->narrow ? 8 : 3, FL_TIC_SIZE,
		   false, true);
	c->height = ceil(y + 2);
	fl_chart_labels(c);
	free(l.left);
	free(l.right);
	free(l.above);
	free(l.below);
}
