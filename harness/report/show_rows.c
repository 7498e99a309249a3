/* SPDX-License-Identifier: GPL-2.0 */
/* One workload's table: equal rows folded, the reference first, what is the same in a line below.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/answer.h"
#include "harness/report/columns.h"
#include "harness/report/grid.h"
#include "harness/report/show.h"
#include "harness/report/show_table.h"
#include "harness/base/wrap.h"

#define CELL 48
#define UNWRAPPED 100000

struct table {
	const struct fl_show *show;
	const struct fl_summary *s;
	const char *workload;
	const struct fl_answer *answer;
	const char *headline; /* the metric that the experiment's question is about; or NULL */
	struct fl_column c[FL_COLUMNS_MAX];
	int decimals[FL_COLUMNS_MAX];
	bool constant[FL_COLUMNS_MAX];
	size_t n;
	struct fl_folds folds;
	bool kernels, counts, boots; /* columns that tell rows apart */
};

/* --- which columns --- */

static void choose_columns(struct table *t)
{
	const struct fl_strv *chosen = &t->show->columns;

	if (!chosen->n)
		t->n = fl_columns_of(t->s, t->workload, t->c);
	for (size_t i = 0; i < chosen->n && t->n < FL_COLUMNS_MAX; i++) {
		struct fl_column *c = &t->c[t->n++];

		snprintf(c->metric, sizeof(c->metric), "%.63s", chosen->v[i]);
		fl_column_name(c, fl_summary_meaning(t->s, chosen->v[i]));
	}
}

static void move_to(struct table *t, size_t to, const char *metric)
{
	struct fl_column one;
	size_t i = to;

	while (i < t->n && strcmp(t->c[i].metric, metric))
		i++;
	if (i >= t->n)
		return;
	one = t->c[i];
	memmove(&t->c[to + 1], &t->c[to], (i - to) * sizeof(one));
	t->c[to] = one;
}

/* What the experiment's answer is made of stands first, unless the columns are named. */
static void order_columns(struct table *t)
{
	struct fl_strv first = { 0 };

	if (t->show->columns.n || t->s->columns.n)
		return;
	if (t->answer->metric)
		fl_strv_add(&first, t->answer->metric);
	for (size_t i = 0; i < t->answer->n; i++)
		if (t->answer->columns[i].metric)
			fl_strv_add(&first, t->answer->columns[i].metric);
	/* Backwards, so that those that are not there leave no gap. */
	for (size_t i = first.n; i-- > 0;)
		move_to(t, 0, first.v[i]);
	fl_strv_release(&first);
}

/* One unit for the column, in which its least value keeps its digits. */
static bool scale(struct table *t, size_t at)
{
	struct fl_column *c = &t->c[at];
	double least = INFINITY, most = 0;
	bool whole = true, any = false;
	const char *unit = "";

	for (size_t i = 0; i < t->folds.n; i++) {
		struct fl_spread v = fl_fold_metric(t->s, &t->folds.v[i], c->metric, &unit);
		double size = fabs(v.median);

		any |= v.n > 0;
		if (!v.n || size == 0)
			continue;
		least = fmin(least, size);
		most = fmax(most, size);
	}
	c->divisor = fl_readable(unit, fmin(most, least * 100), c->unit, sizeof(c->unit));
	for (size_t i = 0; i < t->folds.n; i++) {
		double v =
			fl_fold_metric(t->s, &t->folds.v[i], c->metric, NULL).median / c->divisor;

		whole &= v == floor(v);
	}
	least /= c->divisor;
	t->decimals[at] = whole || least >= 100 || most == 0 ? 0 : least >= 10 ? 1 : 2;
	return any;
}

static bool is_constant(const struct table *t, size_t at)
{
	const char *metric = t->c[at].metric;
	struct fl_spread first = fl_fold_metric(t->s, &t->folds.v[0], metric, NULL);

	for (size_t i = 0; i < t->folds.n; i++) {
		struct fl_spread v = fl_fold_metric(t->s, &t->folds.v[i], metric, NULL);

		if (!v.n || v.most - v.least > FL_FOLD_EQUAL * fabs(v.median) ||
		    !fl_fold_equal(t->s, metric, &first, &v))
			return false;
	}
	return t->folds.n > 1 && !t->show->columns.n;
}

static void lay_out(struct table *t)
{
	bool any = false;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		t->c[n] = t->c[i];
		n += scale(t, n);
	}
	t->n = n;
	for (size_t i = 0; i < t->n; i++) {
		t->constant[i] = is_constant(t, i);
		any |= !t->constant[i];
	}
	/* Of rows that differ in nothing all columns are shown. */
	for (size_t i = 0; i < t->n; i++)
		t->constant[i] = t->constant[i] && any;
}

/* --- the rows --- */

static bool has_values(const struct table *t, const struct fl_fold *f)
{
	for (size_t i = 0; i < t->n; i++)
		if (fl_fold_metric(t->s, f, t->c[i].metric, NULL).n)
			return true;
	return !f->rows[0]->n_ok;
}

static size_t boots_of(const struct fl_fold *f, size_t *ok)
{
	*ok = f->rows[0]->n_ok;
	return f->rows[0]->n;
}

static char *kernels_of(const struct fl_summary *s, const struct fl_fold *f)
{
	struct fl_strv all = { 0 }, mine = { 0 };
	char *text;

	for (size_t i = 0; i < s->n_rows; i++)
		fl_strv_add(&all, s->rows[i].kernel);
	for (size_t i = 0; i < f->n; i++)
		fl_strv_add(&mine, f->rows[i]->kernel);
	if (mine.n > 1 && mine.n == all.n)
		text = fl_strdup(mine.n == 2 ? "both" : "all");
	else
		text = fl_strv_join(&mine, ",");
	fl_strv_release(&all);
	fl_strv_release(&mine);
	return text;
}

static void count(struct table *t)
{
	size_t ok, n, first_ok, first;

	if (!t->folds.n)
		return;
	first = boots_of(&t->folds.v[0], &first_ok);
	for (size_t i = 0; i < t->folds.n; i++) {
		n = boots_of(&t->folds.v[i], &ok);
		t->counts |= t->folds.v[i].n > 1;
		t->boots |= n != first || ok != n || first_ok != first;
	}
	t->kernels = t->s->kernels_vary;
}

static bool is_headline(const struct table *t, size_t i)
{
	return t->headline && t->folds.reference && !strcmp(t->c[i].metric, t->headline);
}

/* The row that those of a fold are compared with; *own: it is one of them. */
static const struct fl_row *reference_of(const struct table *t, const struct fl_fold *f, bool *own)
{
	const struct fl_row *r =
		f->rows[0]->n_ok ? fl_summary_reference(t->s, f->rows[0], &t->answer->against)
				 : NULL;

	*own = false;
	for (size_t i = 0; i < f->n; i++)
		*own |= f->rows[i] == r;
	return r;
}

static void change_text(const struct table *t, const struct fl_fold *f, const char *metric,
			char out[CELL])
{
	struct fl_spread v = fl_fold_metric(t->s, f, metric, NULL), r = { 0 };
	const struct fl_row *reference;
	double percent;
	bool own;

	*out = '\0';
	reference = reference_of(t, f, &own);
	if (own) {
		snprintf(out, CELL, "ref");
		return;
	}
	if (reference)
		r = fl_summary_metric(t->s, reference, metric, NULL);
	percent = 100 * (v.median / r.median - 1);
	if (!v.n || !r.n || !isfinite(percent))
		return;
	if (percent >= 900)
		snprintf(out, CELL, "x%.1f", v.median / r.median);
	else if (fabs(percent) < 0.05)
		snprintf(out, CELL, "0%%");
	else
		snprintf(out, CELL, "%+.*f%%", fabs(percent) < 10 ? 1 : 0, percent);
}

static void value_text(const struct table *t, const struct fl_fold *f, size_t i, char out[CELL])
{
	struct fl_spread v = fl_fold_metric(t->s, f, t->c[i].metric, NULL);
	double half = v.n && v.median != 0 ? 50 * (v.most - v.least) / fabs(v.median) : 0;

	if (!v.n)
		snprintf(out, CELL, "%s", f->rows[0]->n_ok ? "-" : "");
	else if (half >= 1)
		snprintf(out, CELL, "%.*f ±%.0f%%", t->decimals[i], v.median / t->c[i].divisor,
			 half);
	else
		snprintf(out, CELL, "%.*f", t->decimals[i], v.median / t->c[i].divisor);
}

static void add_row(const struct table *t, struct fl_grid *g, const struct fl_fold *f)
{
	char cells[2 * FL_COLUMNS_MAX][CELL], times[24], boots[32];
	const char *texts[FL_GRID_MAX];
	cleanup_free char *kernel = kernels_of(t->s, f), *fate = NULL;
	size_t n = 0, used = 0, ok, all = boots_of(f, &ok);

	texts[n++] = f->rows[0]->name;
	snprintf(times, sizeof(times), "%zu", f->n);
	snprintf(boots, sizeof(boots), ok == all ? "%zu" : "%zu/%zu", ok, all);
	if (t->kernels)
		texts[n++] = kernel;
	if (t->counts)
		texts[n++] = f->n > 1 ? times : "";
	if (t->boots)
		texts[n++] = boots;
	for (size_t i = 0; i < t->n; i++) {
		if (t->constant[i])
			continue;
		value_text(t, f, i, cells[used]);
		texts[n++] = cells[used++];
		if (!is_headline(t, i))
			continue;
		change_text(t, f, t->c[i].metric, cells[used]);
		texts[n++] = cells[used++];
	}
	if (!ok)
		fate = fl_asprintf("%s", t->s->points[f->rows[0]->points[0]].status);
	fl_grid_row(g, texts, fate);
}

/* "region p50" stands in two lines, its unit in a third. */
static void add_column(struct fl_grid *g, const struct fl_column *c)
{
	char top[sizeof(c->head)];
	const char *last = strrchr(c->head, ' ');

	snprintf(top, sizeof(top), "%.*s", last ? (int)(last - c->head) : 0, c->head);
	fl_grid_column(g, false, top, last ? last + 1 : c->head,
		       strcmp(c->unit, "count") ? c->unit : NULL);
}

static void add_columns(const struct table *t, struct fl_grid *g)
{
	fl_grid_column(g, true, NULL, NULL, "setting");
	if (t->kernels)
		fl_grid_column(g, true, NULL, NULL, "kernel");
	if (t->counts)
		fl_grid_column(g, false, NULL, NULL, "x");
	if (t->boots)
		fl_grid_column(g, false, NULL, NULL, "boots");
	for (size_t i = 0; i < t->n && g->n + 2 < FL_GRID_MAX; i++) {
		if (t->constant[i])
			continue;
		add_column(g, &t->c[i]);
		if (is_headline(t, i))
			fl_grid_column(g, false, "vs", "ref", NULL);
	}
}

/* --- around them --- */

/* Without the words that the harness fills in. */
static char *command_of(const struct fl_row *row)
{
	static const char hole[] = " --latency @latency@";
	const char *at = strstr(row->workload, hole);

	return at ? fl_asprintf("%.*s%s", (int)(at - row->workload), row->workload,
				at + strlen(hole))
		  : fl_strdup(row->workload);
}

static void print_title(FILE *out, const struct table *t)
{
	cleanup_free char *command = command_of(t->folds.v[0].rows[0]), *whole = NULL;
	size_t ok, boots = boots_of(&t->folds.v[0], &ok);

	if (t->boots)
		whole = fl_asprintf("%s: %s", t->workload, command);
	else
		whole = fl_asprintf("%s: %s   (%zu boot%s a row)", t->workload, command, boots,
				    boots == 1 ? "" : "s");
	fl_wrap(out, "", whole, t->show->width ? t->show->width : UNWRAPPED);
}

static void print_constant(FILE *out, const struct table *t)
{
	struct fl_strv all = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		bool plain = !strcmp(t->c[i].unit, "count");
		char text[CELL];

		if (!t->constant[i])
			continue;
		value_text(t, &t->folds.v[0], i, text);
		fl_strv_pushf(&all, "%s %s%s%s", t->c[i].head, text, plain ? "" : " ",
			      plain ? "" : t->c[i].unit);
	}
	if (all.n) {
		cleanup_free char *text = fl_strv_join(&all, "; ");

		fl_wrap(out, "in all rows: ", text, t->show->width ? t->show->width : UNWRAPPED);
	}
	fl_strv_release(&all);
}

/* The columns that the width has no room for, by their heads. */
static void print_dropped(FILE *out, const struct fl_grid *g, size_t shown, unsigned int width)
{
	cleanup_free char *names = NULL, *whole = NULL;
	struct fl_strv all = { 0 };

	for (size_t i = shown; i < g->n; i++)
		fl_strv_pushf(&all, "%s%s%s", g->c[i].heads[0], *g->c[i].heads[0] ? " " : "",
			      g->c[i].heads[1]);
	names = fl_strv_join(&all, "; ");
	whole = fl_asprintf("+%zu column%s: --wide (%s)", all.n, all.n == 1 ? "" : "s", names);
	if (all.n)
		fl_wrap(out, "", whole, width);
	fl_strv_release(&all);
}

static void print_table(FILE *out, struct table *t, bool *folded)
{
	struct fl_grid g = { 0 };
	size_t left_out = 0, shown;

	fputc('\n', out);
	print_title(out, t);
	add_columns(t, &g);
	for (size_t i = 0; i < t->folds.n; i++)
		if (has_values(t, &t->folds.v[i]))
			add_row(t, &g, &t->folds.v[i]);
		else
			left_out += t->folds.v[i].n;
	shown = fl_grid_fits(&g, t->show->width);
	fl_grid_print(out, &g, t->show->width);
	print_constant(out, t);
	print_dropped(out, &g, shown, t->show->width);
	if (left_out)
		fprintf(out, "%zu row%s with none of these: left out\n", left_out,
			left_out == 1 ? "" : "s");
	*folded |= t->counts;
}

/* A table of one workload; its folds are released by the caller. */
static void read_table(struct table *t, const struct fl_summary *s, const struct fl_show *show,
		       const struct fl_answer *answer, const char *workload)
{
	*t = (struct table){ .show = show, .s = s, .workload = workload, .answer = answer };
	if (answer->given && answer->has_against)
		t->headline = answer->metric;
	choose_columns(t);
	order_columns(t);
	fl_fold_rows(&t->folds, show, s, &answer->against, t->workload, t->c, t->n);
	if (!t->folds.n)
		return;
	lay_out(t);
	count(t);
}

void fl_show_metrics(const struct fl_summary *s, const struct fl_show *show,
		     struct fl_strv *metrics)
{
	for (size_t i = 0; i < s->workloads.n; i++) {
		struct table t = { .show = show, .s = s, .workload = s->workloads.v[i] };

		choose_columns(&t);
		for (size_t j = 0; j < t.n; j++)
			fl_strv_add(metrics, t.c[j].metric);
	}
}

void fl_show_rows(FILE *out, const struct fl_summary *s, const struct fl_show *show)
{
	struct fl_error none = { 0 };
	struct fl_answer answer;
	bool folded = false;

	/* One that is not readable here was stored by another version: the rows are the same. */
	if (fl_answer_parse(&answer, s->run.experiment_text, &none))
		answer.given = answer.has_against = false;
	for (size_t i = 0; i < s->workloads.n; i++) {
		struct table t;

		read_table(&t, s, show, &answer, s->workloads.v[i]);
		if (t.folds.n)
			print_table(out, &t, &folded);
		fl_folds_release(&t.folds);
	}
	if (folded) {
		fputc('\n', out);
		fl_wrap(out, "x  ",
			"rows folded into one: equal within 0.1 % in each exact metric, 5 % at p99 "
			"(--all unfolds)",
			show->width ? show->width : UNWRAPPED);
	}
	fl_answer_release(&answer);
}
