/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/answer_lines.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"

#define CELL FL_ANSWERED_CELL

static bool is_plain(const struct fl_answer_table *t, const struct fl_answer_column *c)
{
	return c->plain || !t->d->has_against;
}

static const char *metric_of(const struct fl_answer_table *t, const struct fl_answer_column *c)
{
	return c->metric ? c->metric : t->d->metric;
}

static bool is_of(const struct fl_answer_table *t, const struct fl_row *row,
		  const struct fl_answer_table_line *l, const struct fl_answer_column *c)
{
	bool in_line = l->workload ? !strcmp(row->workload_name, l->workload)
				   : fl_summary_takes(t->s, row, l->of);

	return in_line && fl_summary_takes(t->s, row, &c->of);
}

/* Next row with a value behind `from`, of a line and a column; n_rows: none. */
static size_t next_row(const struct fl_answer_table *t, const struct fl_answer_table_line *l,
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

/*
 * Value and reference of a cell; *row: the first row it is taken from.  false: nothing was
 * measured.
 */
static bool value_of(const struct fl_answer_table *t, const struct fl_answer_table_line *l,
		     const struct fl_answer_column *c, double *value, const struct fl_row **row,
		     const char **unit)
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

/* Below half a percent: 0; beyond a factor of ten: the factor. */
void fl_answered_change(double value, double reference, char out[CELL])
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

void fl_answer_table_value(const struct fl_answer_table_column *c, double value, char out[CELL])
{
	double scaled = value / c->per;
	bool whole = floor(scaled) == scaled || fabs(scaled) >= 10;

	if (c->of->yes_no)
		snprintf(out, CELL, "%s", value != 0 ? "yes" : "no");
	else
		snprintf(out, CELL, "%.*f", whole ? 0 : 2, scaled);
}

void fl_answer_table_take(const struct fl_answer_table *t, const struct fl_answer_table_column *c,
			  const struct fl_answer_table_line *l, struct fl_answered_cell *out)
{
	const struct fl_row *reference = NULL;
	struct fl_spread r = { 0 };

	*out = (struct fl_answered_cell){ .text = "-", .value = NAN, .reference = NAN };
	if (!value_of(t, l, c->of, &out->value, &out->row, NULL))
		return;
	if (is_plain(t, c->of)) {
		fl_answer_table_value(c, out->value, out->text);
		return;
	}
	reference = fl_summary_reference(t->s, out->row, &t->d->against);
	if (reference)
		r = fl_summary_metric(t->s, reference, metric_of(t, c->of), NULL);
	if (!r.n)
		return;
	out->reference = r.median;
	fl_answered_change(out->value, out->reference, out->text);
}

void fl_answer_table_cell(const struct fl_answer_table *t, const struct fl_answer_table_column *c,
			  const struct fl_answer_table_line *l, char out[CELL])
{
	struct fl_answered_cell taken;

	fl_answer_table_take(t, c, l, &taken);
	memcpy(out, taken.text, CELL);
}

/* Over all columns of the metric, so that they have one unit. */
static double largest(const struct fl_answer_table *t, const struct fl_answer_column *c,
		      const char **unit)
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

const char *fl_answer_table_head(const struct fl_answer_table_column *c, int line, int *len)
{
	const char *last = strrchr(c->of->name, ' ');

	*len = last ? (int)(last - c->of->name) : 0;
	if (!line)
		return c->of->name;
	*len = (int)strlen(last ? last + 1 : c->of->name);
	return last ? last + 1 : c->of->name;
}

void fl_answer_table_widen(int *width, size_t to)
{
	*width = (int)to > *width ? (int)to : *width;
}

static bool measure(struct fl_answer_table *t, struct fl_answer_table_column *c)
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
	fl_answer_table_widen(&c->width, strlen(c->unit));
	for (int line = 0; line < 2; line++) {
		fl_answer_table_head(c, line, &len);
		fl_answer_table_widen(&c->width, (size_t)len);
	}
	for (size_t i = 0; i < t->n_lines; i++) {
		fl_answer_table_cell(t, c, &t->lines[i], text);
		any |= strcmp(text, "-") != 0;
		fl_answer_table_widen(&c->width, strlen(text));
	}
	return any;
}

static const struct fl_crossing_curve *curve_of(const struct fl_answer_table *t,
						const struct fl_answer_table_line *l)
{
	for (size_t i = 0; t->d->crossing && l->workload && i < t->crossings->n; i++) {
		const struct fl_crossing_curve *c = &t->crossings->curves[i];

		if (!strcmp(c->crossing->name, t->d->crossing) && !strcmp(c->workload, l->workload))
			return c;
	}
	return NULL;
}

void fl_answer_table_verdict(const struct fl_answer_table *t, const struct fl_answer_table_line *l,
			     char out[2 * CELL])
{
	const struct fl_crossing_curve *c = curve_of(t, l);
	const struct fl_crossing_step *first = c && c->n ? &c->steps[c->from] : NULL;

	*out = '\0';
	if (c && c->outcome != FL_CROSSING_SAVES)
		snprintf(out, 2 * CELL, "%s", fl_crossing_outcomes[c->outcome]);
	else if (first && c->crossing->worth > 0 && c->dear <= c->from)
		snprintf(out, 2 * CELL, "too dear");
	else if (first)
		snprintf(out, 2 * CELL, "%s, T>=%g", first->rate > 0 ? "saves" : "PAYS", first->at);
}

/* Is any row of it in the run? */
static bool is_there(const struct fl_answer_table *t, const struct fl_answer_table_line *l)
{
	static const struct fl_answer_column any;

	for (size_t i = 0; i < t->s->n_rows; i++)
		if (is_of(t, &t->s->rows[i], l, &any))
			return true;
	return false;
}

static void add_line(struct fl_answer_table *t, struct fl_answer_table_line l)
{
	if (!is_there(t, &l))
		return;
	t->lines = fl_realloc(t->lines, (t->n_lines + 1) * sizeof(*t->lines));
	t->lines[t->n_lines++] = l;
}

static void find_lines(struct fl_answer_table *t)
{
	const struct fl_strv *workloads = t->d->workloads.n ? &t->d->workloads : &t->s->workloads;

	fl_answer_table_widen(&t->label, t->d->n_lines ? 0 : strlen("workload"));
	for (size_t i = 0; i < t->d->n_lines; i++)
		add_line(t, (struct fl_answer_table_line){ .label = t->d->lines[i].name,
							   .of = &t->d->lines[i].of });
	for (size_t i = 0; !t->d->n_lines && i < workloads->n; i++)
		add_line(t, (struct fl_answer_table_line){ .label = workloads->v[i],
							   .workload = workloads->v[i] });
}

void fl_answer_table_lay_out(struct fl_answer_table *t)
{
	int room, verdicts = 0;

	find_lines(t);
	for (size_t i = 0; i < t->d->n && t->n < FL_ANSWER_COLUMNS_MAX; i++) {
		t->c[t->n] = (struct fl_answer_table_column){ .of = &t->d->columns[i] };
		t->n += measure(t, &t->c[t->n]);
	}
	fl_answer_table_fold(t);
	for (size_t i = 0; i < t->n_lines; i++) {
		char text[2 * CELL];

		if (t->lines[i].shown != i)
			continue;
		fl_answer_table_widen(&t->label, strlen(t->lines[i].label));
		fl_answer_table_verdict(t, &t->lines[i], text);
		fl_answer_table_widen(&verdicts, *text ? strlen(text) + 2 : 0);
	}
	room = (int)t->columns - t->label - verdicts;
	while (t->shown < t->n && (room -= t->c[t->shown].width + 2) >= 0)
		t->shown++;
}

/* Tone of a verdict, for any output. */
enum fl_answered_tone fl_answer_table_tone(const char *said)
{
	if (!strncmp(said, "PAYS", 4))
		return FL_ANSWERED_GOOD;
	if (!strncmp(said, "saves", 5))
		return FL_ANSWERED_MIXED;
	return !strcmp(said, fl_crossing_outcomes[FL_CROSSING_COSTS]) ? FL_ANSWERED_BAD
								      : FL_ANSWERED_NEITHER;
}

static void take_line(struct fl_answered *a, const struct fl_answer_table *t, size_t i)
{
	struct fl_answered_line *line = &a->lines[i];
	const struct fl_answer_table_line *of = &t->lines[i];
	char text[2 * CELL];

	fl_answer_table_verdict(t, of, text);
	line->label = fl_strdup(of->label);
	line->workload = of->workload ? fl_strdup(of->workload) : NULL;
	line->verdict = fl_strdup(text);
	line->tone = fl_answer_table_tone(text);
	line->cells = fl_calloc(a->n_columns + 1, sizeof(*line->cells));
	for (size_t j = 0; j < a->n_columns; j++)
		fl_answer_table_take(t, &t->c[j], of, &line->cells[j]);
}

static void take_columns(struct fl_answered *a, const struct fl_answer_table *t)
{
	a->columns = fl_calloc(t->n + 1, sizeof(*a->columns));
	a->n_columns = t->n;
	for (size_t i = 0; i < t->n; i++) {
		const struct fl_answer_table_column *c = &t->c[i];
		struct fl_answered_column *column = &a->columns[i];

		column->name = fl_strdup(c->of->name);
		column->metric = fl_strdup(metric_of(t, c->of));
		column->change = !is_plain(t, c->of);
		column->yes_no = c->of->yes_no;
		column->per = c->per;
		snprintf(column->unit, sizeof(column->unit), "%s", c->unit);
	}
}

static void take_lines(struct fl_answered *a, const struct fl_answer_table *t)
{
	a->lines = fl_calloc(t->n_lines + 1, sizeof(*a->lines));
	a->n_lines = t->n_lines;
	for (size_t i = 0; i < a->n_lines; i++)
		take_line(a, t, i);
}

int fl_answered(struct fl_answered *a, const struct fl_summary *s,
		const struct fl_judged_crossings *crossings, struct fl_error *err)
{
	struct fl_answer d = { 0 };
	struct fl_answer_table t = { .s = s, .d = &d, .crossings = crossings, .columns = INT_MAX };
	int bad;

	memset(a, 0, sizeof(*a));
	bad = fl_answer_parse(&d, s->run.experiment_text, err);
	if (!bad && d.given) {
		fl_answer_table_lay_out(&t);
		a->given = true;
		a->declared = d.n_lines > 0;
		a->since_last = d.since_last;
		a->about = d.about ? fl_strdup(d.about) : NULL;
		a->crossing = d.crossing ? fl_strdup(d.crossing) : NULL;
		take_columns(a, &t);
		take_lines(a, &t);
	}
	free(t.lines);
	fl_answer_release(&d);
	return bad ? -1 : 0;
}

void fl_answered_release(struct fl_answered *a)
{
	for (size_t i = 0; i < a->n_lines; i++) {
		free(a->lines[i].label);
		free(a->lines[i].workload);
		free(a->lines[i].verdict);
		free(a->lines[i].cells);
	}
	for (size_t i = 0; i < a->n_columns; i++) {
		free(a->columns[i].name);
		free(a->columns[i].metric);
	}
	free(a->lines);
	free(a->columns);
	free(a->about);
	free(a->crossing);
	memset(a, 0, sizeof(*a));
}
