/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A panel a workload: above what a step of the axis costs, below what it saves, both as changes
 * against the reference.  What the summary shows beside the steps is a level across the panel.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/html_run.h"

#define CURVES_MAX 2
#define LEVELS_MAX 3
#define AT_MAX 12

enum {
	WIDTH = 190,
	LEFT = 42,
	RIGHT = 178,
	COST_TOP = 26,
	COST_END = 136,
	SAVE_TOP = 172,
	SAVE_END = 232,
	HEIGHT = 250
};
enum { COST_TICKS = 5, SAVE_TICKS = 3 };
enum { LABEL = 34 }; /* pixels that a point's label needs */

struct scale {
	double low, high;
	int top, end;
};

struct picture {
	const struct fl_html_run *r;
	const struct fl_crossing *curves[CURVES_MAX];
	size_t n_curves;
	size_t levels[LEVELS_MAX]; /* columns of the answer */
	size_t n_levels;
	double at[AT_MAX];
	size_t n_at;
	struct scale cost, save;
};

static bool same_list(const struct fl_strv *a, const struct fl_strv *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return a->n == b->n;
}

/* Two crossings share a panel if price, saving and reference are the same. */
static bool comparable(const struct fl_crossing *a, const struct fl_crossing *b)
{
	return same_list(&a->price, &b->price) && same_list(&a->saving, &b->saving) &&
	       same_list(&a->against.keys, &b->against.keys) &&
	       same_list(&a->against.values, &b->against.values);
}

static const struct fl_crossing_curve *curve_of(const struct picture *p, size_t i,
						const char *workload)
{
	const struct fl_judged_crossings *j = p->r->crossings;

	for (size_t k = 0; workload && k < j->n; k++)
		if (j->curves[k].crossing == p->curves[i] && j->curves[k].n &&
		    !strcmp(j->curves[k].workload, workload) && j->curves[k].price.median > 0)
			return &j->curves[k];
	return NULL;
}

/* NULL: the line is of no one workload, and no curve is of it. */
static const char *workload_at(const struct picture *p, size_t line)
{
	return p->r->answered->lines[line].workload;
}

/* What it is, as plots call it: without what is said of it in brackets. */
static char *name_of(const struct picture *p, size_t curve)
{
	const char *about = p->curves[curve]->about;
	size_t len = about ? strcspn(about, "(;") : 0;

	while (len && about[len - 1] == ' ')
		len--;
	return len ? strndup(about, len) : fl_strdup(p->curves[curve]->name);
}

static double cost_of(const struct fl_crossing_curve *c, const struct fl_crossing_step *s)
{
	return s->extra / c->price.median;
}

static double save_of(const struct fl_crossing_curve *c, const struct fl_crossing_step *s)
{
	return c->saving.median > 0 ? -s->saved / c->saving.median : NAN;
}

static void take_at(struct picture *p, double at)
{
	size_t i = 0;

	while (i < p->n_at && p->at[i] < at)
		i++;
	if (p->n_at == AT_MAX || (i < p->n_at && p->at[i] == at))
		return;
	memmove(&p->at[i + 1], &p->at[i], (p->n_at - i) * sizeof(*p->at));
	p->at[i] = at;
	p->n_at++;
}

static void stretch(struct scale *s, double value)
{
	if (!isfinite(value))
		return;
	s->low = fmin(s->low, value);
	s->high = fmax(s->high, value);
}

/* Is the row a step of a curve? */
static bool is_step(const struct picture *p, const struct fl_row *row)
{
	for (size_t i = 0; i < p->r->crossings->n; i++)
		for (size_t k = 0; k < p->r->crossings->curves[i].n; k++)
			if (p->r->crossings->curves[i].steps[k].row == row)
				return true;
	return false;
}

static void take_levels(struct picture *p)
{
	const struct fl_answered *a = p->r->answered;

	for (size_t i = 0; i < a->n_columns && p->n_levels < LEVELS_MAX; i++) {
		bool step = false;

		for (size_t k = 0; k < a->n_lines; k++)
			step |= is_step(p, a->lines[k].cells[i].row);
		if (!step && a->columns[i].change &&
		    fl_strv_has(&p->curves[0]->price, a->columns[i].metric))
			p->levels[p->n_levels++] = i;
	}
}

/* A level's cost and saving in a workload; NAN: not measured. */
static void level_of(const struct picture *p, size_t level, size_t line, double *cost, double *save)
{
	const struct fl_crossing_curve *c = curve_of(p, 0, workload_at(p, line));
	const struct fl_answered_cell *cell = &p->r->answered->lines[line].cells[p->levels[level]];
	struct fl_spread v = { 0 };

	*cost = cell->value / cell->reference - 1;
	if (c && cell->row && c->saving_name)
		v = fl_summary_metric(p->r->s, cell->row, c->saving_name, NULL);
	*save = v.n && c->saving.median > 0 ? v.median / c->saving.median - 1 : NAN;
}

/* Up to a round number. */
static void round_up(struct scale *s, unsigned int most)
{
	double step = fl_html_ticks(s->high - s->low, most);

	if (s->high > 0.15)
		s->high = ceil(s->high / step - 1e-9) * step;
}

static void take_scales(struct picture *p)
{
	p->cost = (struct scale){ .low = -0.1, .high = 0.1, .top = COST_TOP, .end = COST_END };
	p->save = (struct scale){ .low = -1, .high = 0, .top = SAVE_TOP, .end = SAVE_END };
	for (size_t line = 0; line < p->r->answered->n_lines; line++) {
		for (size_t i = 0; i < p->n_curves; i++) {
			const struct fl_crossing_curve *c = curve_of(p, i, workload_at(p, line));

			for (size_t k = 0; c && k < c->n; k++) {
				take_at(p, c->steps[k].at);
				stretch(&p->cost, cost_of(c, &c->steps[k]));
				stretch(&p->save, save_of(c, &c->steps[k]));
			}
		}
		for (size_t i = 0; i < p->n_levels; i++) {
			double cost, save;

			level_of(p, i, line, &cost, &save);
			stretch(&p->cost, cost);
			stretch(&p->save, save);
		}
	}
	round_up(&p->cost, COST_TICKS);
	round_up(&p->save, SAVE_TICKS);
}

/* --- drawing --- */

static double x_of(const struct picture *p, double at)
{
	size_t i = 0;

	while (i < p->n_at && p->at[i] < at)
		i++;
	return p->n_at < 2 ? (LEFT + RIGHT) / 2.0
			   : LEFT + 8 + (RIGHT - LEFT - 18.0) * (double)i / (double)(p->n_at - 1);
}

static double y_of(const struct scale *s, double value)
{
	return s->top + (s->high - value) / (s->high - s->low) * (s->end - s->top);
}

static void print_scale(FILE *out, const struct scale *s, unsigned int most)
{
	double step = fl_html_ticks(s->high - s->low, most);

	for (double at = ceil(s->low / step - 1e-9) * step; at <= s->high + 1e-9; at += step) {
		double y = y_of(s, at);
		bool zero = fabs(at) < 1e-9;

		fprintf(out, "<path class=%s d='M%d %.1fH%d'/>", zero ? "ref" : "line", LEFT, y,
			RIGHT);
		if (zero)
			fprintf(out, "<text x=%d y=%.1f text-anchor=end>ref</text>", LEFT - 4,
				y + 3.5);
		else
			fprintf(out, "<text x=%d y=%.1f text-anchor=end>%+.0f%%</text>", LEFT - 4,
				y + 3.5, 100 * at);
	}
	fputc('\n', out);
}

/* Every tick that has room. */
static void print_axis(FILE *out, const struct picture *p)
{
	double last = -100;

	for (size_t i = 0; i < p->n_at; i++) {
		double x = x_of(p, p->at[i]);

		if (x - last < 24)
			continue;
		last = x;
		fprintf(out, "<text x=%.1f y=%d text-anchor=middle>%g</text>", x, SAVE_END + 14,
			p->at[i]);
	}
	fprintf(out, "<text x=%d y=%d text-anchor=end>T</text>\n", LEFT - 12, SAVE_END + 14);
}

static void print_mark(FILE *out, const struct picture *p, const struct fl_crossing_curve *c,
		       const struct fl_crossing_step *s, size_t series, double x, double y)
{
	double size = fmax(fabs(s->price), c->price.median), per;
	char unit[24];

	per = fl_readable(c->price_unit, size, unit, sizeof(unit));
	if (series)
		fprintf(out, "<rect class=\"m%s\" x=%.1f y=%.1f width=7 height=7>",
			s->happened ? "" : " hollow", x - 3.5, y - 3.5);
	else
		fprintf(out, "<circle class=\"m%s\" cx=%.1f cy=%.1f r=3.5>",
			s->happened ? "" : " hollow", x, y);
	fl_html_tip(out, "%s, T=%g: %s %.4g %s (%+.1f%%), %s %+.1f%%%s", p->curves[series]->name,
		    s->at, c->price_name, s->price / per, unit, 100 * cost_of(c, s), c->saving_name,
		    100 * save_of(c, s), s->happened ? "" : "; nothing was promoted");
	fputs(series ? "</rect>" : "</circle>", out);
}

static void print_curve(FILE *out, const struct picture *p, const struct fl_crossing_curve *c,
			size_t series, const struct scale *scale)
{
	double (*of)(const struct fl_crossing_curve *, const struct fl_crossing_step *) =
		scale == &p->cost ? cost_of : save_of;
	const char *move = "M";

	fputs("<path class=l d='", out);
	for (size_t i = 0; i < c->n; i++) {
		double value = of(c, &c->steps[i]);

		if (isfinite(value))
			fprintf(out, "%s%.1f %.1f", move, x_of(p, c->steps[i].at),
				y_of(scale, value));
		move = isfinite(value) ? "L" : "M";
	}
	fputs("'/>", out);
	for (size_t i = 0; i < c->n; i++)
		if (isfinite(of(c, &c->steps[i])))
			print_mark(out, p, c, &c->steps[i], series, x_of(p, c->steps[i].at),
				   y_of(scale, of(c, &c->steps[i])));
}

static double value_of(const struct picture *p, const struct fl_crossing_curve *c, size_t i,
		       const struct scale *scale)
{
	return scale == &p->cost ? cost_of(c, &c->steps[i]) : save_of(c, &c->steps[i]);
}

/* From the right: the last is the one that is asked for; what repeats its neighbour says nothing.
 * Above a rise, below a fall where there is room. */
static void print_labels(FILE *out, const struct picture *p, const struct fl_crossing_curve *c,
			 const struct scale *scale)
{
	double last = 1e9, below = scale == &p->cost ? COST_END + 16 : SAVE_END;

	for (size_t i = c->n; i-- > 0;) {
		double value = value_of(p, c, i, scale), y;
		double x = x_of(p, c->steps[i].at);
		bool end = x + 14 > RIGHT;

		if (!isfinite(value) || fabs(value) < 0.005 || last - x < LABEL)
			continue;
		if (i && fabs(value_of(p, c, i - 1, scale) - value) < 0.005)
			continue;
		last = x;
		y = y_of(scale, value);
		y = value > 0 || y + 14 > below ? fmax(y - 7, scale->top + 5) : y + 14;
		fprintf(out, "<text class=v x=%.1f y=%.1f text-anchor=%s>%+.0f%%</text>",
			end ? RIGHT + 6.0 : x, y, end ? "end" : "middle", 100 * value);
	}
}

static void print_levels(FILE *out, const struct picture *p, size_t line, bool saving)
{
	const struct scale *scale = saving ? &p->save : &p->cost;

	for (size_t i = 0; i < p->n_levels; i++) {
		const char *name = p->r->answered->columns[p->levels[i]].name;
		double cost, save, y;

		level_of(p, i, line, &cost, &save);
		if (!isfinite(saving ? save : cost))
			continue;
		y = y_of(scale, saving ? save : cost);
		fprintf(out, "<g class=s%zu data-s=%zu><path class=\"l d%zu\" d='M%d %.1fH%d'/>",
			p->n_curves + i, p->n_curves + i, i, LEFT, y, RIGHT);
		fprintf(out, "<path class=hit d='M%d %.1fH%d'>", LEFT, y, RIGHT);
		fl_html_tip(out, "%s: %s %+.1f%%", name, saving ? "saving" : "cost",
			    100 * (saving ? save : cost));
		fputs("</path></g>\n", out);
	}
}

static void print_half(FILE *out, const struct picture *p, size_t line, bool saving)
{
	const struct scale *scale = saving ? &p->save : &p->cost;
	const struct fl_crossing_curve *named = curve_of(p, 0, workload_at(p, line));
	const char *metric = !named ? NULL : saving ? named->saving_name : named->price_name;
	char head[48];

	fprintf(out, "<text class=h x=%d y=%d>", LEFT, scale->top - 12);
	if (metric)
		fl_html_words(p->r->s, metric, head);
	fl_html(out, metric ? head : "not measured");
	fputs("</text>\n", out);
	print_scale(out, scale, saving ? SAVE_TICKS : COST_TICKS);
	print_levels(out, p, line, saving);
	for (size_t i = p->n_curves; i-- > 0;) {
		const struct fl_crossing_curve *c = curve_of(p, i, workload_at(p, line));

		if (!c)
			continue;
		fprintf(out, "<g class=s%zu data-s=%zu>", i, i);
		print_curve(out, p, c, i, scale);
		if (!i)
			print_labels(out, p, c, scale);
		fputs("</g>\n", out);
	}
}

static void print_panel(FILE *out, const struct picture *p, size_t line)
{
	const struct fl_answered_line *l = &p->r->answered->lines[line];

	fputs("<figure><figcaption>", out);
	fl_html_element(out, "b", l->label);
	fprintf(out, "<span class=\"%s\">", fl_html_tones[l->tone]);
	fl_html(out, l->verdict);
	fprintf(out, "</span></figcaption><svg viewBox='0 0 %d %d' role=img aria-label=\"", WIDTH,
		HEIGHT);
	fl_html(out, l->label);
	fputs(": cost and saving along the axis\">\n", out);
	print_half(out, p, line, false);
	print_half(out, p, line, true);
	print_axis(out, p);
	fputs("</svg></figure>\n", out);
}

/* The reference, if it is the same for all workloads. */
static void print_reference(FILE *out, const struct picture *p)
{
	const struct fl_row *first = NULL;
	bool same = true;

	for (size_t i = 0; i < p->r->answered->n_lines; i++) {
		const struct fl_crossing_curve *c = curve_of(p, 0, workload_at(p, i));

		if (!c || !c->reference)
			continue;
		first = first ? first : c->reference;
		same &= !strcmp(first->name, c->reference->name);
	}
	fputs("<p class=soft>Up: what a step costs; below: what is held. Changes against ", out);
	fl_html(out, first && same ? first->name : "the reference");
	if (first && same && p->r->s->kernels_vary) {
		fputs(" on ", out);
		fl_html(out, first->kernel);
	}
	fputs(" (ref).</p>\n", out);
}

static void print_picture(FILE *out, const struct picture *p)
{
	fprintf(out, "<section id=\"%spicture\">\n", p->r->prefix);
	fl_html_element(out, "h2", "What each step costs and saves");
	print_reference(out, p);
	fputs("<div class=key>\n", out);
	for (size_t i = 0; i < p->n_curves; i++) {
		cleanup_free char *name = name_of(p, i);

		fl_html_key(out, (unsigned int)i, name);
	}
	for (size_t i = 0; i < p->n_levels; i++)
		fl_html_key(out, (unsigned int)(p->n_curves + i),
			    p->r->answered->columns[p->levels[i]].name);
	fputs("</div>\n<div class=panels>\n", out);
	for (size_t i = 0; i < p->r->answered->n_lines; i++)
		if (curve_of(p, 0, workload_at(p, i)))
			print_panel(out, p, i);
	fputs("</div>\n<p class=soft>Hollow: at this step nothing was promoted, so it is a step of "
	      "base pages.</p>\n</section>\n",
	      out);
}

bool fl_html_curves(const struct fl_html_run *r)
{
	struct picture p = { .r = r };

	if (!r->answered->crossing)
		return false;
	for (size_t i = 0; i < r->crossings->crossings.n; i++)
		if (!strcmp(r->crossings->crossings.v[i].name, r->answered->crossing))
			p.curves[p.n_curves++] = &r->crossings->crossings.v[i];
	for (size_t i = 0; p.n_curves && i < r->crossings->crossings.n; i++) {
		const struct fl_crossing *x = &r->crossings->crossings.v[i];

		if (p.n_curves < CURVES_MAX && x != p.curves[0] && comparable(x, p.curves[0]))
			p.curves[p.n_curves++] = x;
	}
	if (!p.n_curves)
		return false;
	take_levels(&p);
	take_scales(&p);
	if (p.n_at)
		print_picture(r->out, &p);
	return p.n_at > 0;
}
