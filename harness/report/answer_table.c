/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/answer_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/print.h"
#include "harness/base/wrap.h"

#define CELL 24
#define COLUMNS_MAX 16

struct line {
	const char *label, *workload;   /* workload NULL: */
	const struct fl_conditions *of; /* a declared line */
};

struct table {
	const struct fl_summary *s;
	const struct fl_answer *d;
	const struct fl_judged_crossings *crossings;
	struct line *lines;
	size_t n_lines;
	struct column {
		const struct fl_answer_column *of;
		double per; /* of the values */
		char unit[24];
		int width;
	} c[COLUMNS_MAX];
	size_t n, shown; /* columns there are, and that fit */
	int label;
	unsigned int columns; /* of the terminal */
};

static bool is_plain(const struct table *t, const struct fl_answer_column *c)
{
	return c->plain || !t->d->has_against;
}

static const char *metric_of(const struct table *t, const struct fl_answer_column *c)
{
	return c->metric ? c->metric : t->d->metric;
}

static bool is_of(const struct table *t, const struct fl_row *row, const struct line *l,
		  const struct fl_answer_column *c)
{
	bool in_line = l->workload ? !strcmp(row->workload_name, l->workload)
				   : fl_summary_takes(t->s, row, l->of);

	return in_line && fl_summary_takes(t->s, row, &c->of);
}

/* Next row with a value behind `from`, of a line and a column; n_rows: none. */
static size_t next_row(const struct table *t, const struct line *l,
		       const struct fl_answer_column *c, size_t from, struct fl_spread *v,
		       const char **unit)
{
	for (; from < t->s->n_rows; from++) {
		const struct fl_row *row = &t->s->rows[from];

		if (!is_of(t, row, l, c))
			continue;
		*v = fl_summary_metric(t->s, row, metric_of(t, c), unit);
		if (v->n)
			break;
	}
	return from;
}

/* What a cell is about; *row: the first that it is taken from.  false: nothing was measured. */
static bool value_of(const struct table *t, const struct line *l, const struct fl_answer_column *c,
		     double *value, const struct fl_row **row, const char **unit)
{
	struct fl_spread v = { 0 };
	size_t i = next_row(t, l, c, 0, &v, unit);

	if (i == t->s->n_rows)
		return false;
	*row = &t->s->rows[i];
	*value = c->over == FL_OVER_LEAST ? v.least : c->over == FL_OVER_MOST ? v.most : v.median;
	while (c->over != FL_OVER_FIRST && (i = next_row(t, l, c, i + 1, &v, NULL)) < t->s->n_rows)
		*value = c->over == FL_OVER_SUM     ? *value + v.median
			 : c->over == FL_OVER_LEAST ? fmin(*value, v.least)
						    : fmax(*value, v.most);
	return true;
}

/* Half a percent is none; beyond ten times what it was, the factor. */
static void change_text(double value, double reference, char out[CELL])
{
	double percent = 100 * (value / reference - 1);

	if (!isfinite(percent))
		snprintf(out, CELL, "%s", value == reference ? "0%" : "?");
	else if (fabs(percent) < 0.5)
		snprintf(out, CELL, "0%%");
	else if (percent >= 900)
		snprintf(out, CELL, "x%.0f", value / reference);
	else
		snprintf(out, CELL, "%+.0f%%", percent);
}

static void plain_text(const struct column *c, double value, char out[CELL])
{
	double scaled = value / c->per;
	bool whole = floor(scaled) == scaled || fabs(scaled) >= 10;

	if (c->of->yes_no)
		snprintf(out, CELL, "%s", value != 0 ? "yes" : "no");
	else
		snprintf(out, CELL, "%.*f", whole ? 0 : 2, scaled);
}

static void cell(const struct table *t, const struct column *c, const struct line *l,
		 char out[CELL])
{
	const struct fl_row *row = NULL, *reference = NULL;
	struct fl_spread r = { 0 };
	double value = 0;

	snprintf(out, CELL, "-");
	if (!value_of(t, l, c->of, &value, &row, NULL))
		return;
	if (is_plain(t, c->of)) {
		plain_text(c, value, out);
		return;
	}
	reference = fl_summary_reference(t->s, row, &t->d->against);
	if (reference)
		r = fl_summary_metric(t->s, reference, metric_of(t, c->of), NULL);
	if (r.n)
		change_text(value, r.median, out);
}

/* Over all columns of the metric, so that they have one unit. */
static double largest(const struct table *t, const struct fl_answer_column *c, const char **unit)
{
	double most = 0, value = 0;

	for (size_t i = 0; i < t->d->n; i++) {
		const struct fl_answer_column *other = &t->d->columns[i];
		const struct fl_row *row;

		if (!is_plain(t, other) || strcmp(metric_of(t, other), metric_of(t, c)) != 0)
			continue;
		for (size_t j = 0; j < t->n_lines; j++)
			if (value_of(t, &t->lines[j], other, &value, &row, unit) && value > most)
				most = value;
	}
	return most;
}

/* "RSS T=64" is two lines. */
static const char *head(const struct column *c, int line, int *len)
{
	const char *last = strrchr(c->of->name, ' ');

	*len = last ? (int)(last - c->of->name) : 0;
	if (!line)
		return c->of->name;
	*len = (int)strlen(last ? last + 1 : c->of->name);
	return last ? last + 1 : c->of->name;
}

static void widen(int *width, size_t to)
{
	*width = (int)to > *width ? (int)to : *width;
}

static bool measure(struct table *t, struct column *c)
{
	const char *unit = NULL;
	char text[CELL];
	bool any = false;
	int len;

	c->per = 1;
	if (is_plain(t, c->of) && !c->of->yes_no) {
		double most = largest(t, c->of, &unit);

		if (unit)
			c->per = fl_readable(unit, most, c->unit, sizeof(c->unit));
		if (!strcmp(c->unit, "count")) /* its heading says of what */
			*c->unit = '\0';
	}
	widen(&c->width, strlen(c->unit));
	for (int line = 0; line < 2; line++) {
		head(c, line, &len);
		widen(&c->width, (size_t)len);
	}
	for (size_t i = 0; i < t->n_lines; i++) {
		cell(t, c, &t->lines[i], text);
		any |= strcmp(text, "-") != 0;
		widen(&c->width, strlen(text));
	}
	return any;
}

static const struct fl_crossing_curve *curve_of(const struct table *t, const struct line *l)
{
	for (size_t i = 0; t->d->crossing && l->workload && i < t->crossings->n; i++) {
		const struct fl_crossing_curve *c = &t->crossings->curves[i];

		if (!strcmp(c->crossing->name, t->d->crossing) && !strcmp(c->workload, l->workload))
			return c;
	}
	return NULL;
}

/* What the crossing that the summary names says of a line, in three words. */
static void verdict(const struct table *t, const struct line *l, char out[2 * CELL])
{
	const struct fl_crossing_curve *c = curve_of(t, l);
	const struct fl_crossing_step *first = c && c->n ? &c->steps[c->from] : NULL;

	*out = '\0';
	if (c && c->outcome != FL_CROSSING_SAVES)
		snprintf(out, 2 * CELL, "%s", fl_crossing_outcomes[c->outcome]);
	else if (first && c->crossing->worth > 0 && c->dear <= c->from)
		snprintf(out, 2 * CELL, "saves, too dear");
	else if (first)
		snprintf(out, 2 * CELL, "%s, T>=%g", first->rate > 0 ? "saves" : "PAYS", first->at);
}

/* Is any row of it in the run? */
static bool is_there(const struct table *t, const struct line *l)
{
	static const struct fl_answer_column any;

	for (size_t i = 0; i < t->s->n_rows; i++)
		if (is_of(t, &t->s->rows[i], l, &any))
			return true;
	return false;
}

static void add_line(struct table *t, struct line l)
{
	if (!is_there(t, &l))
		return;
	t->lines = fl_realloc(t->lines, (t->n_lines + 1) * sizeof(*t->lines));
	t->lines[t->n_lines++] = l;
	widen(&t->label, strlen(l.label));
}

static void find_lines(struct table *t)
{
	const struct fl_strv *workloads = t->d->workloads.n ? &t->d->workloads : &t->s->workloads;

	widen(&t->label, t->d->n_lines ? 0 : strlen("workload"));
	for (size_t i = 0; i < t->d->n_lines; i++)
		add_line(t,
			 (struct line){ .label = t->d->lines[i].name, .of = &t->d->lines[i].of });
	for (size_t i = 0; !t->d->n_lines && i < workloads->n; i++)
		add_line(t, (struct line){ .label = workloads->v[i], .workload = workloads->v[i] });
}

static void lay_out(struct table *t)
{
	int room, verdicts = 0;

	find_lines(t);
	for (size_t i = 0; i < t->d->n && t->n < COLUMNS_MAX; i++) {
		t->c[t->n] = (struct column){ .of = &t->d->columns[i] };
		t->n += measure(t, &t->c[t->n]);
	}
	for (size_t i = 0; i < t->n_lines; i++) {
		char text[2 * CELL];

		verdict(t, &t->lines[i], text);
		widen(&verdicts, *text ? strlen(text) + 2 : 0);
	}
	room = (int)t->columns - t->label - verdicts;
	while (t->shown < t->n && (room -= t->c[t->shown].width + 2) >= 0)
		t->shown++;
}

static void print_head(FILE *out, const struct table *t, int line)
{
	const char *corner = line != 1 || t->d->n_lines ? "" : "workload";
	bool any = line == 1;

	for (size_t i = 0; i < t->shown && !any; i++)
		any = line == 0 ? strchr(t->c[i].of->name, ' ') != NULL : *t->c[i].unit;
	if (!any)
		return;
	fprintf(out, "%-*s", t->label, corner);
	for (size_t i = 0; i < t->shown; i++) {
		int len = (int)strlen(t->c[i].unit);
		const char *text = line == 2 ? t->c[i].unit : head(&t->c[i], line, &len);

		fprintf(out, "  %*.*s", t->c[i].width, len, text);
	}
	fprintf(out, "%s\n", line == 1 && t->d->crossing ? "  verdict" : "");
}

static void print_verdict(FILE *out, const char *text)
{
	if (!*text)
		return;
	fputs("  ", out);
	if (!strncmp(text, "PAYS", 4))
		fl_print_colour(out, FL_GREEN, text);
	else if (strstr(text, "dear"))
		fl_print_colour(out, FL_YELLOW, text);
	else
		fputs(text, out);
}

void fl_show_answer(FILE *out, const struct fl_summary *s, const struct fl_answer *a,
		    const struct fl_judged_crossings *crossings, unsigned int columns)
{
	struct table t = { .s = s, .d = a, .crossings = crossings, .columns = columns };
	char text[2 * CELL];

	lay_out(&t);
	if (a->about)
		fl_wrap(out, "", a->about, columns);
	fputs(t.n ? "\n" : "", out);
	for (int line = 0; t.n && line < 3; line++)
		print_head(out, &t, line);
	for (size_t i = 0; t.n && i < t.n_lines; i++) {
		fprintf(out, "%-*s", t.label, t.lines[i].label);
		for (size_t j = 0; j < t.shown; j++) {
			cell(&t, &t.c[j], &t.lines[i], text);
			fprintf(out, "  %*s", t.c[j].width, text);
		}
		verdict(&t, &t.lines[i], text);
		print_verdict(out, text);
		fputc('\n', out);
	}
	if (t.shown < t.n)
		fprintf(out, "a wider terminal shows %zu more column%s\n", t.n - t.shown,
			t.n - t.shown == 1 ? "" : "s");
	free(t.lines);
}
