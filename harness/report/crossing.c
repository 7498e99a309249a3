/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/crossing.h"

#include <math.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/grid.h"
#include "harness/report/html.h"
#include "harness/report/json.h"
#include "harness/base/wrap.h"

#define CELL 64
#define COLUMNS 8
#define WHOLE 4 /* the column that may be missing */

/* Three digits at least, and all of those before the point; "-" for what is not there. */
static void number(double value, char out[CELL])
{
	double size = fabs(value);

	if (isnan(value))
		snprintf(out, CELL, "-");
	else
		snprintf(out, CELL, "%.*f",
			 size >= 100 || value == 0 ? 0
			 : size >= 10              ? 1
						   : 2,
			 value);
}

static void percent(double part, double whole, char out[CELL])
{
	double share = 100 * part / whole;

	if (!isfinite(share))
		snprintf(out, CELL, "-");
	else if (fabs(share) < 0.05)
		snprintf(out, CELL, "0.0 %%");
	else
		snprintf(out, CELL, "%+.1f %%", share);
}

static char *axis_text(const struct fl_crossing *x)
{
	return x->reverse ? fl_asprintf("T = %g - %s", x->from, x->axis)
			  : fl_asprintf("T = %s", x->axis);
}

static char *rate_text(const struct fl_crossing_curve *c, const struct fl_crossing_step *s)
{
	char rate[CELL];

	number(s->rate, rate);
	return s->rate > 0 ? fl_asprintf("%s %s/%s", rate, c->price_unit, c->saving_unit)
			   : fl_strdup("no price");
}

/* Text about the steps after the first one that saves. */
static char *beyond_text(const struct fl_crossing_curve *c)
{
	cleanup_free char *dear = NULL, *enough = NULL;
	char worth[CELL];

	number(c->crossing->worth, worth);
	if (c->enough < c->n - 1)
		enough = fl_asprintf("; beyond T = %g no more is saved", c->steps[c->enough].at);
	if (c->crossing->worth > 0 && c->dear < c->n)
		dear = fl_asprintf("; above %s %s/%s from T >= %g", worth, c->price_unit,
				   c->saving_unit, c->steps[c->dear].at);
	else if (c->crossing->worth > 0)
		dear = fl_asprintf("; never above %s %s/%s", worth, c->price_unit, c->saving_unit);
	return fl_asprintf("%s%s", enough ? enough : "", dear ? dear : "");
}

/* Of the steps up to `end`, the one with the highest price, or the lowest; NULL: none differs. */
static const struct fl_crossing_step *extreme(const struct fl_crossing_curve *c, size_t end,
					      bool highest)
{
	const struct fl_crossing_step *found = NULL;

	for (size_t i = 0; i < end; i++) {
		const struct fl_crossing_step *s = &c->steps[i];

		if (!(highest ? s->costs : s->cheaper))
			continue;
		if (!found || (highest ? s->extra > found->extra : s->extra < found->extra))
			found = s;
	}
	return found;
}

/* "+57.2 % at T = 64" */
static char *price_text(const struct fl_crossing_curve *c, const struct fl_crossing_step *s)
{
	char extra[CELL];

	percent(s->extra, c->price.median, extra);
	return fl_asprintf("%s at T = %g", extra, s->at);
}

static char *savings_text(const struct fl_crossing_curve *c)
{
	const struct fl_crossing_step *first = &c->steps[c->from];
	const struct fl_crossing_step *below = extreme(c, c->from, true);
	cleanup_free char *rate = rate_text(c, first), *beyond = beyond_text(c), *to = NULL;
	cleanup_free char *price = below ? price_text(c, below) : NULL;
	char saved[CELL];

	percent(-first->saved, c->saving.median, saved);
	if (c->to < c->n - 1)
		to = fl_asprintf(" to %g", c->steps[c->to].at);
	return fl_asprintf("saves from T %s %g%s at %s (%s %s)%s%s%s", to ? "=" : ">=", first->at,
			   to ? to : "", rate, c->saving_name, saved,
			   price ? "; lower T costs only, up to " : "", price ? price : "", beyond);
}

static const struct fl_crossing_step *first_dearer(const struct fl_crossing_curve *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->steps[i].costs)
			return &c->steps[i];
	return NULL;
}

/* Does some step hold more than the reference? */
static bool grows(const struct fl_crossing_curve *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (-c->steps[i].saved > FL_CROSSING_LEAST * fabs(c->saving.median))
			return true;
	return false;
}

static char *nothing_text(const struct fl_crossing_curve *c)
{
	bool costs = c->outcome == FL_CROSSING_COSTS;
	const struct fl_crossing_step *most = extreme(c, c->n, true);
	const struct fl_crossing_step *least = costs ? first_dearer(c) : extreme(c, c->n, false);
	cleanup_free char *high = most ? price_text(c, most) : NULL;
	cleanup_free char *low = least && least != most ? price_text(c, least) : NULL;
	const char *name = fl_crossing_outcomes[c->outcome];

	if (!high && !low)
		return fl_asprintf("%s and no price: all within %g %%", name,
				   100 * FL_CROSSING_LEAST);
	return fl_asprintf("%s: %s %s%s%s, %s %s", name, c->price_name, low ? low : "",
			   low && high ? (costs ? " to " : ", ") : "", high ? high : "",
			   c->saving_name, grows(c) ? "grows" : "unchanged");
}

char *fl_crossing_sentence(const struct fl_crossing_curve *c)
{
	cleanup_free char *needs = fl_strv_join(&c->crossing->needs, ", ");

	switch (c->outcome) {
	case FL_CROSSING_SAVES:
		return savings_text(c);
	case FL_CROSSING_UNMEASURED:
		return fl_strdup(fl_crossing_outcomes[c->outcome]);
	case FL_CROSSING_EMPTY:
		return fl_asprintf("%s: %s are 0 at every T, so what is claimed did not happen",
				   fl_crossing_outcomes[c->outcome], needs);
	default:
		return nothing_text(c);
	}
}

/* "against kernel=stock ...; price A x B, saving C; what counts is over 1 %" */
static char *terms_text(const struct fl_crossing *x)
{
	cleanup_free char *axis = axis_text(x), *against = fl_strdup("");

	for (size_t i = 0; i < x->against.keys.n; i++) {
		cleanup_free char *old = against;

		against =
			fl_asprintf("%s %s=%s", old, x->against.keys.v[i], x->against.values.v[i]);
	}
	return fl_asprintf("%s, against%s; the price is paid %s%s; a difference counts over %g %%",
			   axis, against, x->per ? "times " : "once", x->per ? x->per : "",
			   100 * FL_CROSSING_LEAST);
}

/* The cells of a step; of the reference without one. */
static void cells(const struct fl_crossing_curve *c, const struct fl_crossing_step *s,
		  char out[COLUMNS][CELL])
{
	memset(out, 0, sizeof(char[COLUMNS][CELL]));
	if (!s) {
		snprintf(out[0], CELL, "reference");
		number(c->price.median, out[1]);
		number(c->saving.median, out[5]);
		return;
	}
	snprintf(out[0], CELL, "%g%s", s->at, s->happened ? "" : " (0)");
	number(s->price, out[1]);
	percent(s->extra, c->price.median, out[2]);
	number(s->extra * s->paid / 1e6, out[3]);
	percent(s->whole_extra, c->whole.median, out[4]);
	number(s->saving, out[5]);
	percent(-s->saved, c->saving.median, out[6]);
	number(s->rate, out[7]);
}

static void heads(const struct fl_crossing_curve *c, char out[COLUMNS][CELL])
{
	const char *whole = c->crossing->whole;

	snprintf(out[0], sizeof(out[0]), "T");
	snprintf(out[1], sizeof(out[1]), "%s, %s", c->price_name, c->price_unit);
	snprintf(out[2], sizeof(out[2]), "more");
	snprintf(out[3], sizeof(out[3]), "in all, M%s", c->price_unit);
	snprintf(out[4], sizeof(out[4]), "%s", whole ? whole : "");
	snprintf(out[5], sizeof(out[5]), "%s, %s", c->saving_name, c->saving_unit);
	snprintf(out[6], sizeof(out[6]), "change");
	snprintf(out[7], sizeof(out[7]), "%s/%s", c->price_unit, c->saving_unit);
}

static bool shows(const struct fl_crossing_curve *c, int column)
{
	return column != WHOLE || c->crossing->whole;
}

/* "touch_latency_mean, insn" stands in two lines, and words of names in their own. */
static void add_head(struct fl_grid *g, const char *text)
{
	const char *comma = strstr(text, ", ");
	cleanup_free char *name = strndup(text, comma ? (size_t)(comma - text) : strlen(text));
	char *half = strlen(name) > 10 ? strchr(name + strlen(name) / 3, '_') : NULL;
	const char *unit = comma ? comma + 2 : "";

	if (half)
		*half = '\0';
	fl_grid_column(g, false, half ? name : "",
		       half    ? half + 1
		       : *unit ? name
			       : "",
		       *unit  ? unit
		       : half ? ""
			      : name);
}

static void print_steps(FILE *out, const struct fl_crossing_curve *c, unsigned int columns)
{
	const char *texts[COLUMNS];
	struct fl_grid g = { 0 };
	char cell[COLUMNS][CELL];

	heads(c, cell);
	for (int k = 0; k < COLUMNS; k++)
		if (shows(c, k))
			add_head(&g, cell[k]);
	for (size_t i = 0; i <= c->n; i++) {
		size_t n = 0;

		cells(c, i ? &c->steps[i - 1] : NULL, cell);
		for (int k = 0; k < COLUMNS; k++)
			if (shows(c, k))
				texts[n++] = cell[k];
		fl_grid_row(&g, texts, NULL);
	}
	fl_grid_print(out, &g, columns);
}

/* Is it the first of its crossing? */
static bool begins(const struct fl_judged_crossings *j, size_t i)
{
	return !i || j->curves[i].crossing != j->curves[i - 1].crossing;
}

static void print_empty(FILE *out, const struct fl_crossing_curve *c, unsigned int columns)
{
	cleanup_free char *needs = fl_strv_join(&c->crossing->needs, ", ");
	size_t empty = 0;

	for (size_t i = 0; i < c->n; i++)
		empty += !c->steps[i].happened;
	if (empty && c->outcome != FL_CROSSING_EMPTY) {
		cleanup_free char *text =
			fl_asprintf("%s are 0: nothing of what the row is about happened", needs);

		fl_wrap(out, "    (0) ", text, columns);
	}
}

void fl_crossing_table(FILE *out, const struct fl_judged_crossings *j, unsigned int columns)
{
	for (size_t i = 0; i < j->n; i++) {
		const struct fl_crossing_curve *c = &j->curves[i];
		cleanup_free char *said = fl_crossing_sentence(c);
		cleanup_free char *line = fl_asprintf("%s: %s", c->workload, said);

		if (begins(j, i)) {
			cleanup_free char *terms = terms_text(c->crossing);

			cleanup_free char *head = fl_asprintf("crossing %s: %s", c->crossing->name,
							      c->crossing->about);

			fputc('\n', out);
			fl_wrap(out, "", head, columns);
			fl_wrap(out, "  ", terms, columns);
		}
		fputc('\n', out);
		fl_wrap(out, "", line, columns);
		if (c->n)
			print_steps(out, c, columns);
		print_empty(out, c, columns);
	}
}

static void html_steps(FILE *out, const struct fl_crossing_curve *c)
{
	char cell[COLUMNS][CELL];

	fputs("<details><summary>", out);
	fl_html(out, c->workload);
	fputs("</summary><div class=t><table><tr>", out);
	heads(c, cell);
	for (int k = 0; k < COLUMNS; k++)
		if (shows(c, k))
			fl_html_element(out, "th", cell[k]);
	fputs("</tr>\n", out);
	for (size_t i = 0; i <= c->n; i++) {
		cells(c, i ? &c->steps[i - 1] : NULL, cell);
		fputs("<tr>", out);
		for (int k = 0; k < COLUMNS; k++)
			if (shows(c, k))
				fl_html_element(out, "td", cell[k]);
		fputs("</tr>\n", out);
	}
	fputs("</table></div></details>\n", out);
}

static void html_crossing(FILE *out, const struct fl_judged_crossings *j, size_t first)
{
	static const char *const classes[] = { "td", "td class=bad", "td class=good", "td", "td" };
	const struct fl_crossing *x = j->curves[first].crossing;
	cleanup_free char *terms = terms_text(x);
	size_t end = first + 1;

	while (end < j->n && !begins(j, end))
		end++;
	fputs("<p><b>", out);
	fl_html(out, x->name);
	fputs("</b>: ", out);
	fl_html(out, x->about);
	fputs("<br><small>", out);
	fl_html(out, terms);
	fputs("</small></p>\n<div class=t><table>\n", out);
	for (size_t i = first; i < end; i++) {
		const struct fl_crossing_curve *c = &j->curves[i];
		cleanup_free char *said = fl_crossing_sentence(c);

		fputs("<tr>", out);
		fl_html_element(out, "td", c->workload);
		fl_html_element(out, classes[c->outcome], fl_crossing_outcomes[c->outcome]);
		fl_html_element(out, "td class=l", said);
		fputs("</tr>\n", out);
	}
	fputs("</table></div>\n", out);
	for (size_t i = first; i < end; i++)
		if (j->curves[i].n)
			html_steps(out, &j->curves[i]);
}

void fl_crossing_html(FILE *out, const struct fl_judged_crossings *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (begins(j, i))
			html_crossing(out, j, i);
}

static json_t *step_json(const struct fl_crossing_step *s)
{
	return json_pack("{s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b}", "at", s->at,
			 "price", fl_json_number(s->price), "extra", fl_json_number(s->extra),
			 "paid", fl_json_number(s->paid), "whole_extra",
			 fl_json_number(s->whole_extra), "saving", fl_json_number(s->saving),
			 "saved", fl_json_number(s->saved), "rate", fl_json_number(s->rate),
			 "saves", s->saves, "costs", s->costs, "happened", s->happened);
}

/* Where on the axis a step is; null: nowhere. */
static json_t *at_json(const struct fl_crossing_curve *c, size_t step)
{
	return c->outcome == FL_CROSSING_SAVES && step < c->n ? json_real(c->steps[step].at)
							      : json_null();
}

static json_t *curve_json(const struct fl_crossing_curve *c)
{
	cleanup_free char *said = fl_crossing_sentence(c), *axis = axis_text(c->crossing);
	cleanup_free char *outcome = fl_json_word(fl_crossing_outcomes[c->outcome]);
	json_t *steps = json_array();

	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(steps, step_json(&c->steps[i]));
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, "
		"s:o, s:f, s:o}",
		"crossing", c->crossing->name, "about", c->crossing->about, "axis", axis,
		"workload", c->workload, "outcome", outcome, "sentence", said, "price",
		c->price_name, "price_unit", c->price_unit, "saving", c->saving_name, "saving_unit",
		c->saving_unit, "price_reference",
		c->price.n ? fl_json_number(c->price.median) : json_null(), "saving_reference",
		c->saving.n ? fl_json_number(c->saving.median) : json_null(), "from",
		at_json(c, c->from), "to", at_json(c, c->to), "enough", at_json(c, c->enough),
		"dear", at_json(c, c->dear), "worth", c->crossing->worth, "steps", steps);
}

json_t *fl_crossing_json(const struct fl_judged_crossings *j)
{
	json_t *all = json_array();

	for (size_t i = 0; i < j->n; i++)
		json_array_append_new(all, curve_json(&j->curves[i]));
	return all;
}
