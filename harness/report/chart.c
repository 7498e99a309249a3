/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

#define TICS 4 /* wanted on a linear axis */

struct fl_chart_panel *fl_chart_panel(struct fl_chart *c, unsigned int row, unsigned int column)
{
	c->panels = fl_realloc(c->panels, (c->n + 1) * sizeof(*c->panels));
	c->panels[c->n] = (struct fl_chart_panel){ .row = row, .column = column };
	return &c->panels[c->n++];
}

struct fl_chart_series *fl_chart_series(struct fl_chart_panel *p, const char *name,
					enum fl_draw draw, enum fl_ink ink)
{
	struct fl_chart_series *s = &p->v[p->n++];

	*s = (struct fl_chart_series){ .name = fl_strdup(name), .draw = draw, .ink = ink };
	return s;
}

struct fl_chart_point *fl_chart_point(struct fl_chart_series *s, double x, double y)
{
	s->v = fl_realloc(s->v, (s->n + 1) * sizeof(*s->v));
	s->v[s->n] = (struct fl_chart_point){ .x = x, .y = y };
	return &s->v[s->n++];
}

void fl_chart_tic(struct fl_chart_axis *a, double at, const char *text)
{
	a->tics = fl_realloc(a->tics, (a->n + 1) * sizeof(*a->tics));
	a->tics[a->n++] = (struct fl_chart_tic){ at, fl_strdup(text) };
}

void fl_chart_row_name(struct fl_chart *c, const char *name)
{
	c->row_names = fl_realloc(c->row_names, (c->n_row_names + 1) * sizeof(*c->row_names));
	c->row_names[c->n_row_names++] = fl_strdup(name);
}

const char *fl_chart_number(double value, char out[24])
{
	static const char *const suffixes[] = { "p", "n", "u", "m", "", " k", " M", " G", " T" };
	int at = 4;
	double v = value;

	while (at < 8 && fabs(v) >= (at == 4 ? 9999.5 : 999.5))
		v /= 1000, at++;
	while (at > 0 && v != 0 && fabs(v) < 0.001)
		v *= 1000, at--;
	if (!isfinite(v) || fabs(v) >= 99999)
		snprintf(out, 24, "%.3g", value);
	else if (fabs(v) >= 99.95)
		snprintf(out, 24, "%.0f%s", v, suffixes[at]);
	else
		snprintf(out, 24, "%.3g%s%s", v, at < 4 ? " " : "", suffixes[at]);
	return out;
}

static void drop_tics(struct fl_chart_axis *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->tics[i].text);
	free(a->tics);
	a->tics = NULL;
	a->n = 0;
}

/* 1, 2 or 5 of a power of ten. */
static double round_step(double span)
{
	double raw = span / TICS, power = pow(10, floor(log10(raw))), first = raw / power;

	return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
}

static void linear(struct fl_chart_axis *a, double low, double high)
{
	double step, first;
	char text[24];

	if (high <= low)
		high = low + (low != 0 ? fabs(low) * 0.1 : 1);
	step = round_step(high - low);
	first = ceil(low / step - 1e-9) * step;
	a->low = low;
	a->high = high;
	for (int i = 0; first + i * step <= high * (1 + 1e-9) + 1e-300 && i < 12; i++) {
		double at = first + i * step;

		fl_chart_tic(a, fabs(at) < step * 1e-6 ? 0 : at,
			     fl_chart_number(fabs(at) < step * 1e-6 ? 0 : at, text));
	}
}

/* Whole decades, so many apart that five stand there. */
static void decades(struct fl_chart_axis *a, double low, double high)
{
	double first = floor(log10(low) + 1e-9), last = ceil(log10(high) - 1e-9);
	double step = fmax(1, ceil((last - first) / 6));
	char text[24];

	a->low = pow(10, first);
	a->high = pow(10, fmax(last, first + 1));
	for (double e = first; e <= last; e += step)
		fl_chart_tic(a, pow(10, e), fl_chart_number(pow(10, e), text));
}

struct span {
	double low, high;
	bool any;
};

static void widen(struct span *s, double v, bool log)
{
	if (!isfinite(v) || (log && v <= 0))
		return;
	s->low = s->any ? fmin(s->low, v) : v;
	s->high = s->any ? fmax(s->high, v) : v;
	s->any = true;
}

static void widen_by(struct span *s, const struct fl_chart_series *v, bool x, bool log)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct fl_chart_point *p = &v->v[i];

		widen(s, x ? p->x : p->y, log);
		if (x && (v->draw == FL_DRAW_BOXES || v->draw == FL_DRAW_SPANS))
			widen(s, p->from, log);
		if (x && v->draw == FL_DRAW_SPANS)
			widen(s, p->to, log);
	}
}

static void scale(struct fl_chart *c, int group, bool x, bool zero)
{
	struct span s = { 0 };
	bool log = false;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < c->n; i++) {
			struct fl_chart_panel *p = &c->panels[i];
			struct fl_chart_axis *a = x ? &p->x : &p->y;

			if (group >= 0 && (x ? p->column : p->row) != (unsigned int)group)
				continue;
			log = a->log;
			for (size_t k = 0; !pass && k < p->n; k++)
				widen_by(&s, &p->v[k], x, log);
			if (!pass)
				continue;
			drop_tics(a);
			if (log)
				decades(a, s.any ? s.low : 1, s.any ? s.high : 10);
			else
				linear(a, zero ? fmin(0, s.low) : s.low, s.any ? s.high : 1);
		}
}

void fl_chart_scale_to(struct fl_chart *c, double low, double high)
{
	for (size_t i = 0; i < c->n; i++) {
		drop_tics(&c->panels[i].y);
		linear(&c->panels[i].y, low, high);
	}
}

void fl_chart_scale_y(struct fl_chart *c, int row, bool zero)
{
	scale(c, row, false, zero);
}

void fl_chart_scale_x(struct fl_chart *c, int column, bool zero)
{
	scale(c, column, true, zero);
}

static void release_axis(struct fl_chart_axis *a)
{
	drop_tics(a);
	free(a->label);
}

static void release_panel(struct fl_chart_panel *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->v[i].n; k++) {
			free(p->v[i].v[k].label);
			free(p->v[i].v[k].tip);
		}
		free(p->v[i].v);
		free(p->v[i].name);
	}
	release_axis(&p->x);
	release_axis(&p->y);
	free(p->title);
	free(p->sub);
	free(p->verdict);
}

void fl_chart_drop(struct fl_chart *c)
{
	release_panel(&c->panels[--c->n]);
}

void fl_chart_release(struct fl_chart *c)
{
	for (size_t i = 0; i < c->n; i++)
		release_panel(&c->panels[i]);
	for (size_t i = 0; i < c->n_row_names; i++)
		free(c->row_names[i]);
	for (size_t i = 0; i < c->n_texts; i++)
		free(c->texts[i].text);
	free(c->panels);
	free(c->row_names);
	free(c->row_heights);
	free(c->texts);
	free(c->marks);
	free(c->title);
	free(c->sub);
	free(c->foot);
	memset(c, 0, sizeof(*c));
}
