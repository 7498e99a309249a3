/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/ending.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/wrap.h"
#include "harness/experiment/answer.h"
#include "harness/judge/crossing.h"
#include "harness/judge/summary.h"
#include "harness/report/cases.h"
#include "harness/report/show_table.h"
#include "harness/report/verdict.h"

#define SMALL 12 /* rows of a run whose whole table is its answer */
#define CELL 24
#define COLUMNS_MAX 16

struct table {
	const struct fl_summary *s;
	const struct fl_answer *d;
	const struct fl_judged_crossings *crossings;
	struct fl_strv workloads;
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

/* The first measured row of a workload that a column is about. */
static const struct fl_row *row_of(const struct table *t, const struct fl_answer_column *c,
				   const char *workload)
{
	for (size_t i = 0; i < t->s->n_rows; i++) {
		const struct fl_row *row = &t->s->rows[i];

		if (row->n_ok && !strcmp(row->workload_name, workload) &&
		    fl_summary_takes(t->s, row, &c->of))
			return row;
	}
	return NULL;
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

static void cell(const struct table *t, const struct column *c, const char *workload,
		 char out[CELL])
{
	const struct fl_row *row = row_of(t, c->of, workload), *reference = NULL;
	const char *metric = metric_of(t, c->of);
	struct fl_spread v = { 0 }, r = { 0 };

	if (row)
		v = fl_summary_metric(t->s, row, metric, NULL);
	if (v.n && !is_plain(t, c->of))
		reference = fl_summary_reference(t->s, row, &t->d->against);
	if (reference)
		r = fl_summary_metric(t->s, reference, metric, NULL);
	if (v.n && is_plain(t, c->of))
		snprintf(out, CELL, "%.*f", fabs(v.median / c->per) < 10 ? 2 : 0,
			 v.median / c->per);
	else if (v.n && r.n)
		change_text(v.median, r.median, out);
	else
		snprintf(out, CELL, "-");
}

static double largest(const struct table *t, const struct fl_answer_column *c, const char **unit)
{
	double most = 0;

	for (size_t i = 0; i < t->workloads.n; i++) {
		const struct fl_row *row = row_of(t, c, t->workloads.v[i]);
		struct fl_spread v = { 0 };

		if (row)
			v = fl_summary_metric(t->s, row, metric_of(t, c), unit);
		most = v.n && v.most > most ? v.most : most;
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
	if (is_plain(t, c->of)) {
		double most = largest(t, c->of, &unit);

		if (unit)
			c->per = fl_readable(unit, most, c->unit, sizeof(c->unit));
	}
	widen(&c->width, strlen(c->unit));
	for (int line = 0; line < 2; line++) {
		head(c, line, &len);
		widen(&c->width, (size_t)len);
	}
	for (size_t i = 0; i < t->workloads.n; i++) {
		cell(t, c, t->workloads.v[i], text);
		any |= strcmp(text, "-") != 0;
		widen(&c->width, strlen(text));
	}
	return any;
}

/* What the crossing that the summary names says of a workload, in three words. */
static void verdict(const struct table *t, const char *workload, char out[2 * CELL])
{
	*out = '\0';
	for (size_t i = 0; t->d->crossing && i < t->crossings->n; i++) {
		const struct fl_crossing_curve *c = &t->crossings->curves[i];
		const struct fl_crossing_step *first = c->n ? &c->steps[c->from] : NULL;

		if (strcmp(c->crossing->name, t->d->crossing) || strcmp(c->workload, workload))
			continue;
		if (c->outcome != FL_CROSSING_SAVES)
			snprintf(out, 2 * CELL, "%s", fl_crossing_outcomes[c->outcome]);
		else if (c->crossing->worth > 0 && c->dear <= c->from)
			snprintf(out, 2 * CELL, "saves, too dear");
		else
			snprintf(out, 2 * CELL, "%s, T>=%g", first->rate > 0 ? "saves" : "PAYS",
				 first->at);
	}
}

/* Columns without a number are left out, then those that the width has no room for. */
static void lay_out(struct table *t)
{
	int room, verdicts = 0;

	for (size_t i = 0; i < t->s->workloads.n; i++)
		if (!t->d->workloads.n ||
		    fl_strv_find(&t->d->workloads, t->s->workloads.v[i]) < t->d->workloads.n)
			fl_strv_push(&t->workloads, t->s->workloads.v[i]);
	widen(&t->label, strlen("workload"));
	for (size_t i = 0; i < t->workloads.n; i++)
		widen(&t->label, strlen(t->workloads.v[i]));
	for (size_t i = 0; i < t->d->n && t->n < COLUMNS_MAX; i++) {
		t->c[t->n] = (struct column){ .of = &t->d->columns[i] };
		t->n += measure(t, &t->c[t->n]);
	}
	for (size_t i = 0; i < t->workloads.n; i++) {
		char text[2 * CELL];

		verdict(t, t->workloads.v[i], text);
		widen(&verdicts, *text ? strlen(text) + 2 : 0);
	}
	room = (int)t->columns - t->label - verdicts;
	while (t->shown < t->n && (room -= t->c[t->shown].width + 2) >= 0)
		t->shown++;
}

static void print_head(FILE *out, const struct table *t, int line)
{
	bool any = line == 1;

	for (size_t i = 0; i < t->shown && !any; i++)
		any = line == 0 ? strchr(t->c[i].of->name, ' ') != NULL : *t->c[i].unit;
	if (!any)
		return;
	fprintf(out, "%-*s", t->label, line == 1 ? "workload" : "");
	for (size_t i = 0; i < t->shown; i++) {
		int len = (int)strlen(t->c[i].unit);
		const char *text = line == 2 ? t->c[i].unit : head(&t->c[i], line, &len);

		fprintf(out, "  %*.*s", t->c[i].width, len, text);
	}
	fprintf(out, "%s\n", line == 1 && t->d->crossing ? "  verdict" : "");
}

static void print_answer(FILE *out, struct table *t)
{
	char text[2 * CELL];

	if (t->d->about)
		fl_wrap(out, "", t->d->about, t->columns);
	fputc('\n', out);
	for (int line = 0; line < 3; line++)
		print_head(out, t, line);
	for (size_t i = 0; i < t->workloads.n; i++) {
		fprintf(out, "%-*s", t->label, t->workloads.v[i]);
		for (size_t j = 0; j < t->shown; j++) {
			cell(t, &t->c[j], t->workloads.v[i], text);
			fprintf(out, "  %*s", t->c[j].width, text);
		}
		verdict(t, t->workloads.v[i], text);
		fprintf(out, "%s%s\n", *text ? "  " : "", text);
	}
	if (t->shown < t->n)
		fprintf(out, "a wider terminal shows %zu more\n", t->n - t->shown);
}

/* At what price a saving counts as one. */
static void print_worth(FILE *out, const struct table *t)
{
	for (size_t i = 0; t->d->crossing && i < t->crossings->n; i++) {
		const struct fl_crossing_curve *c = &t->crossings->curves[i];

		if (strcmp(c->crossing->name, t->d->crossing) || c->crossing->worth <= 0 ||
		    !c->price_unit)
			continue;
		fprintf(out,
			"note     PAYS: saves and costs less.  Too dear: over %g %s a %s saved.\n",
			c->crossing->worth, c->price_unit, c->saving_unit);
		return;
	}
}

static void print_title(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	size_t ok = 0, skipped = 0;

	for (size_t i = 0; i < s->n_points; i++) {
		ok += !strcmp(s->points[i].status, "ok");
		skipped += !strcmp(s->points[i].status, "skipped");
	}
	fprintf(out, "\n%s   %zu ok, %zu skipped, %zu failed", s->run.name, ok, skipped,
		s->n_points - ok - skipped);
	if (s->run.stored < s->run.planned)
		fprintf(out, ", %u not measured", s->run.planned - s->run.stored);
	fputs("\n\n", out);
	if (s->run.about && *s->run.about)
		fl_wrap(out, "", s->run.about, columns);
}

static int print_middle(FILE *out, const struct fl_summary *s, unsigned int columns,
			struct fl_error *err)
{
	struct fl_judged_claims claims = { 0 };
	struct fl_judged_crossings crossings = { 0 };
	struct fl_answer answer = { 0 };
	struct table t = { .s = s, .d = &answer, .crossings = &crossings, .columns = columns };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err) ||
		  fl_judge_claims(&claims, s, err) || fl_judge_crossings(&crossings, s, err);

	if (!bad && answer.given) {
		lay_out(&t);
		print_answer(out, &t);
	} else if (!bad && s->n_rows <= SMALL) {
		fl_show_rows(out, s);
	}
	if (!bad) {
		fl_cases_table(out, s);
		fputc('\n', out);
		fl_verdict_ending(out, &claims, columns);
		fl_show_reasons(out, s, columns);
		print_worth(out, &t);
	}
	fl_strv_release(&t.workloads);
	fl_answer_release(&answer);
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	return bad ? -1 : 0;
}

int fl_show_ending(FILE *out, struct fl_store *store, int64_t run, unsigned int columns,
		   struct fl_error *err)
{
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err);

	if (!bad) {
		print_title(out, &s, columns);
		bad = print_middle(out, &s, columns, err);
	}
	if (!bad) {
		fl_show_kernels(out, &s);
		fl_wrap(out, "note     ", fl_summary_clock(&s), columns);
		fprintf(out, "repeat   faultline %s --seed %llu\n", s.run.arguments,
			(unsigned long long)s.run.seed);
		fprintf(out, "more     faultline show %s\n", s.run.name);
	}
	fl_summary_release(&s);
	return bad ? -1 : 0;
}
