/* SPDX-License-Identifier: GPL-2.0 */
/* A panel a metric of the summary, a bar a cell, its value beside it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/html_run.h"

enum { WIDTH = 380, LEFT = 110, RIGHT = 310, BAR = 13, GAP = 9, TOP = 18 };
enum { SERIES_MAX = 6, PANELS_MAX = 16 };

struct panel {
	const struct fl_html_run *r;
	size_t columns[SERIES_MAX]; /* of the answer: those of one metric */
	size_t n;
	double low, high;
};

static const struct fl_answered_column *column(const struct panel *p, size_t i)
{
	return &p->r->answered->columns[p->columns[i]];
}

/* "RSS " of "RSS T=64"; bytes, 0: there is one word. */
static size_t family(const char *name)
{
	const char *last = strrchr(name, ' ');

	return last ? (size_t)(last + 1 - name) : 0;
}

/* Do all columns begin with the same words?  Then the last word is the series. */
static size_t shared(const struct panel *p)
{
	size_t len = family(column(p, 0)->name);

	for (size_t i = 1; i < p->n; i++)
		if (family(column(p, i)->name) != len ||
		    strncmp(column(p, i)->name, column(p, 0)->name, len) != 0)
			return 0;
	return len;
}

/* The same word is the same series in every panel. */
static unsigned int series_of(struct fl_strv *names, const char *name)
{
	fl_strv_add(names, name);
	return (unsigned int)(fl_strv_find(names, name) % SERIES_MAX);
}

/* What is drawn: a change in percent, none where it is said to be none; or the value in the
 * column's unit. */
static double drawn(const struct fl_answered_column *c, const struct fl_answered_cell *cell)
{
	if (!c->change)
		return cell->value / c->per;
	return strcmp(cell->text, "0%") ? 100 * (cell->value / cell->reference - 1) : 0;
}

/* What a column of the panel has in a line. */
static const struct fl_answered_cell *cell_at(const struct panel *p, size_t line, size_t k)
{
	return &p->r->answered->lines[line].cells[p->columns[k]];
}

static double drawn_at(const struct panel *p, size_t line, size_t k)
{
	return drawn(column(p, k), cell_at(p, line, k));
}

/* The panel with the range of some lines. */
static struct panel range_of(const struct panel *all, size_t from, size_t to)
{
	struct panel p = *all;

	p.low = p.high = 0;
	for (size_t i = from; i < to; i++) {
		for (size_t k = 0; k < p.n; k++) {
			double v = drawn_at(&p, i, k);

			if (isfinite(v)) {
				p.low = fmin(p.low, v);
				p.high = fmax(p.high, v);
			}
		}
	}
	return p;
}

/* Has the line a value in it? */
static bool shows(const struct panel *p, size_t line)
{
	for (size_t k = 0; k < p->n; k++)
		if (isfinite(drawn_at(p, line, k)))
			return true;
	return false;
}

#define FAR 8 /* this many times larger: other lines' bars would be invisible */

/* Lines with values of another magnitude get their own scale; changes never do. */
static bool is_apart(const struct panel *p)
{
	double least = INFINITY;

	for (size_t i = 0; i < p->r->answered->n_lines; i++) {
		struct panel one = range_of(p, i, i + 1);

		if (one.high > 0)
			least = fmin(least, one.high);
	}
	return !column(p, 0)->change && p->high > FAR * least;
}

static double x_of(const struct panel *p, double v)
{
	return LEFT + (v - p->low) / (p->high - p->low) * (RIGHT - LEFT);
}

static void print_bar(FILE *out, const struct panel *p, size_t k, size_t line, int y,
		      struct fl_strv *names)
{
	const struct fl_answered_column *c = column(p, k);
	const struct fl_answered_cell *cell = cell_at(p, line, k);
	const char *name = c->name + shared(p), *unit = c->unit;
	double v = drawn(c, cell), from, to;
	unsigned int series = series_of(names, name);

	fprintf(out, "<g class=s%u data-s=%u><text class=n x=%d y=%d text-anchor=end>", series,
		series, LEFT - 5, y + 10);
	fl_html(out, name);
	fputs("</text>", out);
	if (!isfinite(v)) {
		fprintf(out, "<text x=%d y=%d>not measured</text></g>\n", LEFT + 4, y + 10);
		return;
	}
	from = fmin(x_of(p, 0), x_of(p, v));
	to = fmax(x_of(p, 0), x_of(p, v));
	fprintf(out, "<rect class=m x=%.1f y=%d width=%.1f height=%d>", from, y, fmax(to - from, 1),
		BAR);
	fl_html_tip(out, "%s %s: %s %s %s", p->r->answered->lines[line].label, c->name, c->metric,
		    cell->text, unit);
	fprintf(out, "</rect><text class=v x=%.1f y=%d>", to + 4, y + 10);
	fl_html(out, cell->text);
	fputs("</text></g>\n", out);
}

/* What the bars are, after the opening tag of where it stands. */
static void print_head(FILE *out, const struct panel *p, bool apart)
{
	const struct fl_answered_column *c = column(p, 0);
	char head[48];

	fl_html_metric(p->r->s, c->metric, head);
	fputs("<b>", out);
	if (shared(p)) {
		cleanup_free char *name = strndup(c->name, shared(p) - 1);

		fl_html(out, name);
	} else {
		fl_html(out, head);
	}
	fputs("</b> ", out);
	fl_html(out, c->metric);
	fprintf(out, "%s%s", *c->unit ? ", " : "", c->unit);
	fputs(c->change ? ", change against the reference" : "", out);
	fputs(apart ? "; each line on a scale of its own" : "", out);
}

static int height_of(const struct panel *p)
{
	return TOP + (int)p->n * (BAR + 3) + GAP;
}

static void print_lines(FILE *out, const struct panel *p, size_t from, size_t to, bool apart,
			struct fl_strv *names)
{
	const struct fl_answered *a = p->r->answered;
	int each = height_of(p), y = 0;

	for (size_t i = from; i < to; i++) {
		struct panel line = apart ? range_of(p, i, i + 1) : *p;

		if (!shows(p, i))
			continue;
		if (!(line.high > line.low))
			line.high = line.low + 1;
		fprintf(out, "<text class=h x=4 y=%d>", y + 12);
		fl_html(out, a->lines[i].label);
		fprintf(out, "</text><path class=ref d='M%.1f %dV%d'/>\n", x_of(&line, 0),
			y + TOP - 2, y + each - GAP);
		for (size_t k = 0; k < p->n; k++)
			print_bar(out, &line, k, i, y + TOP + (int)k * (BAR + 3), names);
		y += each;
	}
}

static void print_svg(FILE *out, const struct panel *p, size_t from, size_t to, bool apart,
		      struct fl_strv *names)
{
	char head[48];
	int n = 0;

	for (size_t i = from; i < to; i++)
		n += shows(p, i);
	fl_html_metric(p->r->s, column(p, 0)->metric, head);
	fprintf(out, "<svg viewBox='0 0 %d %d' role=img aria-label=\"", WIDTH, n * height_of(p));
	fl_html(out, head);
	fputs("\">\n", out);
	print_lines(out, p, from, to, apart, names);
	fputs("</svg>", out);
}

static void print_panel(FILE *out, const struct panel *p, struct fl_strv *names)
{
	bool apart = is_apart(p);

	fputs("<figure><figcaption>", out);
	print_head(out, p, apart);
	fputs("</figcaption>", out);
	print_svg(out, p, 0, p->r->answered->n_lines, apart, names);
	fputs("</figure>\n", out);
}

/* Of one metric alone the lines stand beside each other. */
static void print_alone(FILE *out, const struct panel *p, struct fl_strv *names)
{
	bool apart = is_apart(p);

	fputs("<p class=soft>", out);
	print_head(out, p, apart);
	fputs("</p>\n<div class=\"panels wide\">\n", out);
	for (size_t i = 0; i < p->r->answered->n_lines; i++) {
		if (!shows(p, i))
			continue;
		fputs("<figure>", out);
		print_svg(out, p, i, i + 1, apart, names);
		fputs("</figure>\n", out);
	}
	fputs("</div>\n", out);
}

/* Do two columns show the same of the same metric? */
static bool together(const struct fl_answered *a, size_t i, size_t k)
{
	return !strcmp(a->columns[i].metric, a->columns[k].metric) &&
	       a->columns[i].change == a->columns[k].change;
}

/* The columns of the metric of `first`; n is 0 where an earlier one has it. */
static struct panel panel_of(const struct fl_html_run *r, size_t first)
{
	const struct fl_answered *a = r->answered;
	struct panel p = { .r = r };

	for (size_t i = 0; i < first; i++)
		if (together(a, i, first))
			return p;
	if (a->columns[first].yes_no)
		return p;
	for (size_t i = first; i < a->n_columns && p.n < SERIES_MAX; i++)
		if (together(a, i, first))
			p.columns[p.n++] = i;
	return range_of(&p, 0, a->n_lines);
}

static void print_keys(const struct fl_html_run *r, struct fl_strv *names)
{
	fputs("<div class=key>\n", r->out);
	for (size_t i = 0; i < r->answered->n_columns; i++) {
		struct panel p = panel_of(r, i);

		for (size_t k = 0; k < p.n; k++)
			series_of(names, column(&p, k)->name + shared(&p));
	}
	for (size_t i = 0; i < names->n && i < SERIES_MAX; i++)
		fl_html_key(r->out, (unsigned int)i, names->v[i]);
	fputs("</div>\n", r->out);
}

/* One value alone is no picture. */
static bool is_drawn(const struct panel *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->r->answered->n_lines; i++)
		for (size_t k = 0; k < p->n; k++)
			n += isfinite(drawn_at(p, i, k));
	return n > 1 && p->high > p->low;
}

#define CHANGE_LEAST 10 /* percent that a panel shows: a small change is a short bar */

static void widen(struct panel *p)
{
	double room = CHANGE_LEAST - (p->high - p->low);

	if (!column(p, 0)->change || room <= 0)
		return;
	if (p->high > -p->low)
		p->high += room;
	else
		p->low -= room;
}

bool fl_html_bars(const struct fl_html_run *r)
{
	struct panel panels[PANELS_MAX];
	struct fl_strv names = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < r->answered->n_columns && n < PANELS_MAX; i++) {
		panels[n] = panel_of(r, i);
		if (!is_drawn(&panels[n]))
			continue;
		widen(&panels[n++]);
	}
	if (!n)
		return false;
	fprintf(r->out, "<section id=\"%spicture\">\n", r->prefix);
	fl_html_element(r->out, "h2", "The answer as a picture");
	print_keys(r, &names);
	if (n == 1) {
		print_alone(r->out, &panels[0], &names);
	} else {
		fputs("<div class=\"panels wide\">\n", r->out);
		for (size_t i = 0; i < n; i++)
			print_panel(r->out, &panels[i], &names);
		fputs("</div>\n", r->out);
	}
	fputs("</section>\n", r->out);
	fl_strv_release(&names);
	return true;
}
