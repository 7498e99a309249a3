/* SPDX-License-Identifier: GPL-2.0 */
/* A label takes the first free place beside its point; without one it is dropped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/chart_parts.h"

#define NAME_STEP 15.0
#define MARK 5.0

struct box {
	double left, right, top, bottom;
};

struct taken {
	struct box *v;
	size_t n;
};

static void take(struct taken *t, struct box b)
{
	t->v = fl_realloc(t->v, (t->n + 1) * sizeof(*t->v));
	t->v[t->n++] = b;
}

static bool meet(const struct box *a, const struct box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

static struct box text_box(double x, double y, double width, double size, int side)
{
	double left = side > 0 ? x : side < 0 ? x - width : x - width / 2;

	return (struct box){ left - 1, left + width + 1, y - size * 0.6, y + size * 0.6 };
}

static void take_texts(struct taken *t, const struct fl_chart *c)
{
	for (size_t i = 0; i < c->n_texts; i++) {
		const struct fl_chart_text *x = &c->texts[i];

		take(t,
		     text_box(x->x, x->y, fl_letters(x->text, x->size, x->bold), x->size, x->side));
	}
}

static double px(const struct fl_chart_panel *p, const struct fl_chart_point *at)
{
	return fl_chart_px(&p->x, at->x, p->left, p->right);
}

static double py(const struct fl_chart_panel *p, const struct fl_chart_point *at)
{
	return fl_chart_px(&p->y, at->y, p->bottom, p->top);
}

/* Does the line from a to b cross the box?  By halving: it is a picture. */
static bool crosses(const struct box *b, double x0, double y0, double x1, double y1)
{
	for (int i = 0; i <= 32; i++) {
		double x = x0 + (x1 - x0) * i / 32, y = y0 + (y1 - y0) * i / 32;

		if (x > b->left && x < b->right && y > b->top && y < b->bottom)
			return true;
	}
	return false;
}

static bool is_joined(enum fl_draw d)
{
	return d == FL_DRAW_LINE || d == FL_DRAW_COURSE || d == FL_DRAW_REFERENCE ||
	       d == FL_DRAW_STAIR;
}

static bool has_marks(enum fl_draw d)
{
	return d == FL_DRAW_LINE || d == FL_DRAW_MARKS;
}

/* Lines and marks that a label there would cover. */
static unsigned int covered(const struct fl_chart_panel *p, const struct box *b)
{
	unsigned int n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct fl_chart_series *s = &p->v[i];

		for (size_t k = 0; k < s->n; k++) {
			double x = px(p, &s->v[k]), y = py(p, &s->v[k]);
			struct box mark = { x - MARK, x + MARK, y - MARK, y + MARK };

			n += 2 * (has_marks(s->draw) && meet(b, &mark));
			n += k && is_joined(s->draw) &&
			     crosses(b, px(p, &s->v[k - 1]), py(p, &s->v[k - 1]), x, y);
		}
	}
	return n;
}

static bool is_free(const struct taken *t, const struct fl_chart *c, const struct fl_chart_panel *p,
		    const struct box *b)
{
	if (b->left < fmax(2, p->left - 8) || b->right > fmin(c->width - 2, p->right + 10) ||
	    b->top < p->top - 6 || b->bottom > p->bottom + 2)
		return false;
	for (size_t i = 0; i < t->n; i++)
		if (meet(b, &t->v[i]))
			return false;
	return true;
}

static void place(struct taken *t, const struct fl_chart *c, const struct fl_chart_panel *p,
		  const struct fl_chart_series *s, struct fl_chart_point *at)
{
	static const struct {
		double dx, dy;
		signed char side;
	} places[] = {
		{ 0, -12, 0 },  { 0, 13, 0 },  { 8, 0, 1 },     { 20, 0, 1 },
		{ -8, 0, -1 },  { 5, -11, 1 }, { -5, -11, -1 }, { 5, 12, 1 },
		{ -5, 12, -1 }, { 0, -24, 0 }, { 0, 26, 0 },
	};
	bool beside = p->beside || s->draw == FL_DRAW_BOXES || s->draw == FL_DRAW_SPANS;
	double x = px(p, at), y = py(p, at), width = fl_letters(at->label, FL_LABEL_SIZE, false);
	unsigned int least = 1000;
	struct box best = { 0 };

	if (s->draw == FL_DRAW_SPANS)
		x = fmax(x, fl_chart_px(&p->x, at->to, p->left, p->right));
	for (size_t i = beside ? 2 : 0; i < (beside ? 4 : sizeof(places) / sizeof(places[0]));
	     i++) {
		struct box b = text_box(x + places[i].dx, y + places[i].dy, width, FL_LABEL_SIZE,
					places[i].side);
		unsigned int n = is_free(t, c, p, &b) ? covered(p, &b) : 1000;

		if (n >= least)
			continue;
		least = n;
		best = b;
		at->dx = x + places[i].dx - px(p, at);
		at->dy = places[i].dy;
		at->side = places[i].side;
	}
	if (least < 1000) {
		take(t, best);
		return;
	}
	free(at->label);
	at->label = NULL;
}

static int by_y(const void *a, const void *b)
{
	const struct fl_chart_series *x = *(struct fl_chart_series *const *)a,
				     *y = *(struct fl_chart_series *const *)b;

	return (x->name_y > y->name_y) - (x->name_y < y->name_y);
}

/* Below one another at the right, each as close as possible to the end of its line. */
static void names(struct fl_chart *c, struct fl_chart_panel *p)
{
	struct fl_chart_series *order[FL_CHART_SERIES + 3];
	size_t n = 0;
	double last = p->top - NAME_STEP, room = p->bottom + 4;

	for (size_t i = 0; i < p->n; i++) {
		if (!p->v[i].named || !p->v[i].n)
			continue;
		p->v[i].name_y = fmin(fmax(py(p, &p->v[i].v[p->v[i].n - 1]), p->top), p->bottom);
		order[n++] = &p->v[i];
	}
	qsort(order, n, sizeof(order[0]), by_y);
	for (size_t i = 0; i < n; i++)
		last = order[i]->name_y = fmax(order[i]->name_y, last + NAME_STEP);
	for (size_t i = n; i-- > 0;) {
		order[i]->name_y = fmin(order[i]->name_y, room);
		room = order[i]->name_y - NAME_STEP;
	}
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *cut = fl_letters_cut(order[i]->name, FL_LABEL_SIZE, false, 190);

		fl_chart_text(c, cut, p->right + 10, order[i]->name_y, 1, FL_LABEL_SIZE, false,
			      false);
	}
}

void fl_chart_labels(struct fl_chart *c)
{
	struct taken t = { 0 };

	for (size_t i = 0; i < c->n; i++)
		names(c, &c->panels[i]);
	take_texts(&t, c);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_chart_panel *p = &c->panels[i];

		for (size_t k = 0; k < p->n; k++)
			for (size_t j = 0; j < p->v[k].n; j++)
				if (p->v[k].v[j].label)
					place(&t, c, p, &p->v[k], &p->v[k].v[j]);
	}
	free(t.v);
}
