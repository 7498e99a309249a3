/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table of all rows that were measured.  First the summary's metrics, each beside its change
 * against the reference, then those that `show` has.  Rows are folded as `show` folds them: those
 * that equal another stand behind a switch, as columns beyond the first few do.  Both work without
 * JavaScript.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/answer.h"
#include "harness/report/columns.h"
#include "harness/report/html_run.h"
#include "harness/report/outcomes.h"
#include "harness/report/show.h"

#define COLUMNS_MAX 48
#define FIRST_COLUMNS 8 /* that are shown at first, changes included */

struct table {
	const struct fl_html_run *r;
	struct fl_answer answer;
	struct fl_column c[COLUMNS_MAX];
	bool change[COLUMNS_MAX];
	size_t n;
	struct fl_folds *folds; /* of each workload */
	struct fl_strv ids;
};

static void add_column(struct table *t, const char *metric, const char *head, bool change)
{
	const struct fl_summary *s = t->r->s;
	struct fl_column *c = &t->c[t->n];
	const char *unit = NULL;
	double most = 0;

	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->c[i].metric, metric))
			return;
	if (t->n == COLUMNS_MAX)
		return;
	for (size_t i = 0; i < s->n_rows; i++) {
		struct fl_spread v = fl_summary_metric(s, &s->rows[i], metric, &unit);

		most = v.n ? fmax(most, v.median) : most;
	}
	if (!unit)
		return;
	snprintf(c->metric, sizeof(c->metric), "%s", metric);
	snprintf(c->head, sizeof(c->head), "%.47s", head);
	c->divisor = fl_readable(unit, most, c->unit, sizeof(c->unit));
	t->change[t->n++] = change;
}

/* As the columns of a workload call it, where one has it. */
static void add_named(struct table *t, const char *metric, bool change)
{
	const struct fl_summary *s = t->r->s;
	char head[48];

	fl_html_metric(s, metric, head);
	for (size_t w = 0; w < s->workloads.n; w++) {
		struct fl_column c[FL_COLUMNS_MAX];
		size_t n = fl_columns_of(s, s->workloads.v[w], c);

		for (size_t i = 0; i < n; i++)
			if (!strcmp(c[i].metric, metric))
				snprintf(head, sizeof(head), "%s", c[i].head);
	}
	add_column(t, metric, head, change);
}

static void take_columns(struct table *t)
{
	const struct fl_answered *a = t->r->answered;
	const struct fl_summary *s = t->r->s;

	for (size_t i = 0; i < a->n_columns; i++)
		add_named(t, a->columns[i].metric, a->columns[i].change);
	for (size_t w = 0; w < s->workloads.n; w++) {
		struct fl_column c[FL_COLUMNS_MAX];
		size_t n = fl_columns_of(s, s->workloads.v[w], c);

		for (size_t i = 0; i < n; i++)
			add_column(t, c[i].metric, c[i].head, false);
	}
}

static const struct fl_row *reference_of(const struct table *t, const struct fl_row *row)
{
	return t->answer.has_against ? fl_summary_reference(t->r->s, row, &t->answer.against)
				     : NULL;
}

/* Rows that a reader could not tell apart are one. */
static void fold(struct table *t)
{
	const struct fl_summary *s = t->r->s;
	const struct fl_show all = { 0 };

	t->folds = fl_calloc(s->workloads.n + 1, sizeof(*t->folds));
	for (size_t w = 0; w < s->workloads.n; w++) {
		struct fl_column c[FL_COLUMNS_MAX];
		size_t n = fl_columns_of(s, s->workloads.v[w], c);

		fl_fold_rows(&t->folds[w], &all, s, &t->answer.against, s->workloads.v[w], c, n);
	}
}

static void print_change(const struct table *t, size_t i, const struct fl_row *row,
			 const struct fl_row *reference, double median)
{
	const struct fl_metric *m = fl_summary_meaning(t->r->s, t->c[i].metric);
	struct fl_spread v = { 0 };
	char text[FL_ANSWERED_CELL];
	const char *class = "";

	if (reference)
		v = fl_summary_metric(t->r->s, reference, t->c[i].metric, NULL);
	if (!v.n) {
		fputs("<td>-", t->r->out);
		return;
	}
	if (row == reference) {
		fputs("<td>ref", t->r->out);
		return;
	}
	fl_answered_change(median, v.median, text);
	if (m && m->better && strcmp(text, "0%") != 0)
		class = (median < v.median) == (m->better == FL_LESS) ? " class=good"
								      : " class=bad";
	fprintf(t->r->out, "<td%s>%s", class, text);
}

/* Which of the shown cells are the first few. */
static const char *far(size_t shown)
{
	return shown >= FIRST_COLUMNS ? " class=o" : "";
}

static void print_numbers(const struct table *t, const struct fl_row *row)
{
	const struct fl_row *reference = reference_of(t, row);
	char text[48];

	for (size_t i = 0, shown = 0; i < t->n; i++, shown++) {
		struct fl_spread v = fl_summary_metric(t->r->s, row, t->c[i].metric, NULL);

		fl_column_text(&t->c[i], &v, "±", text, sizeof(text));
		fprintf(t->r->out, "<td%s>%s", far(shown), text);
		if (!t->change[i])
			continue;
		shown++;
		if (v.n)
			print_change(t, i, row, reference, v.median);
		else
			fputs("<td>-", t->r->out);
	}
}

static size_t cells(const struct table *t)
{
	size_t n = t->n;

	for (size_t i = 0; i < t->n; i++)
		n += t->change[i];
	return n;
}

/* Its place in the page: #sparse-64.promotion_threshold-128.patched */
static void print_place(struct table *t, const struct fl_row *row)
{
	cleanup_free char *name =
		fl_asprintf("%s.%s.%s", row->workload_name, row->label, row->kernel);
	cleanup_free char *id = fl_html_id(name), *place = fl_strdup(id);

	for (unsigned int i = 2; !fl_strv_add(&t->ids, place); i++) {
		free(place);
		place = fl_asprintf("%s-%u", id, i);
	}
	fprintf(t->r->out, " id=\"%s%s\"><th scope=row><a href=\"#%s%s\">", t->r->prefix, place,
		t->r->prefix, place);
	fl_html(t->r->out, row->workload_name);
	fputs("</a></th>", t->r->out);
}

/* "and 5 equal", which a pointer names. */
static void print_equal(FILE *out, const struct fl_fold *f)
{
	if (f->n < 2)
		return;
	fputs(" <small title=\"", out);
	for (size_t i = 1; i < f->n; i++) {
		fputs(i > 1 ? "; " : "", out);
		fl_html(out, f->rows[i]->name);
		fputs(" on ", out);
		fl_html(out, f->rows[i]->kernel);
	}
	fprintf(out, "\">and %zu equal</small>", f->n - 1);
}

static void print_lost(const struct table *t, const struct fl_row *row)
{
	const struct fl_stored_point *first = &t->r->s->points[row->points[0]];
	struct fl_outcomes o;

	fl_outcomes_count(&o, t->r->s);
	fprintf(t->r->out, "<td class=\"l wrap %s\" colspan=%zu><b>",
		fl_outcomes_fails(&o, first->status) ? "bad" : "", cells(t));
	fl_html(t->r->out, first->status);
	fputs("</b>: ", t->r->out);
	fl_html(t->r->out, first->reason ? first->reason : "no reason is known");
	fputs("</td>", t->r->out);
	fl_outcomes_release(&o);
}

static void print_row(struct table *t, const struct fl_fold *f, size_t i)
{
	const struct fl_row *row = f->rows[i];
	FILE *out = t->r->out;

	fprintf(out, "<tr%s",
		!row->n_ok                    ? " class=lost"
		: i                           ? " class=eq"
		: reference_of(t, row) == row ? " class=ref"
					      : "");
	print_place(t, row);
	fprintf(out, "<td class=l title=\"");
	fl_html(out, row->label);
	fputs("\">", out);
	fl_html(out, row->name);
	if (!i)
		print_equal(out, f);
	fputs("</td>", out);
	if (t->r->s->kernels_vary)
		fl_html_element(out, "td class=l", row->kernel);
	fprintf(out, "<td>%zu/%zu", row->n_ok, row->n);
	if (row->n_ok)
		print_numbers(t, row);
	else
		print_lost(t, row);
	fputc('\n', out);
}

static void print_heads(const struct table *t)
{
	FILE *out = t->r->out;

	fputs("<div class=t><table class=data><thead><tr><th class=l>workload</th>"
	      "<th class=l>setting</th>",
	      out);
	if (t->r->s->kernels_vary)
		fputs("<th class=l>kernel</th>", out);
	fputs("<th>boots<small>ok</small></th>", out);
	for (size_t i = 0, shown = 0; i < t->n; i++, shown++) {
		fprintf(out, "<th%s title=\"%s\">", far(shown), t->c[i].metric);
		fl_html(out, t->c[i].head);
		if (strcmp(t->c[i].unit, "count") != 0)
			fl_html_element(out, "small", t->c[i].unit);
		fputs("</th>", out);
		if (t->change[i]) {
			shown++;
			fputs("<th>vs ref</th>", out);
		}
	}
	fputs("</tr></thead><tbody>\n", out);
}

static void print_switches(const struct table *t)
{
	size_t equal = 0;

	for (size_t w = 0; w < t->r->s->workloads.n; w++)
		for (size_t i = 0; i < t->folds[w].n; i++)
			equal += t->folds[w].v[i].n - 1;
	fputs("<div class=tools></div>\n", t->r->out);
	if (equal && t->r->several)
		fprintf(t->r->out,
			"<p class=soft>%zu more rows, each equal to another within %g %%: "
			"<code>faultline show %s --all</code></p>\n",
			equal, 100 * FL_FOLD_EQUAL, t->r->s->run.name);
	else if (equal)
		fprintf(t->r->out,
			"<input type=checkbox class=rows id=\"%srows\"><label for=\"%srows\">%zu "
			"more rows, each equal to another within %g %%</label>\n",
			t->r->prefix, t->r->prefix, equal, 100 * FL_FOLD_EQUAL);
	if (cells(t) > FIRST_COLUMNS)
		fprintf(t->r->out,
			"<input type=checkbox class=cols id=\"%scols\"><label for=\"%scols\">all "
			"columns</label>\n",
			t->r->prefix, t->r->prefix);
}

void fl_html_table(const struct fl_html_run *r)
{
	struct table t = { .r = r };
	struct fl_error ignored;

	if (fl_answer_parse(&t.answer, r->s->run.experiment_text, &ignored))
		t.answer.has_against = false;
	take_columns(&t);
	fold(&t);
	fprintf(r->out, "<section id=\"%stable\">\n", r->prefix);
	fl_html_element(r->out, "h2", "All rows");
	if (*r->s->common) {
		fputs("<p class=soft>Everywhere: <code>", r->out);
		fl_html(r->out, r->s->common);
		fputs("</code></p>\n", r->out);
	}
	print_switches(&t);
	print_heads(&t);
	for (size_t w = 0; w < r->s->workloads.n; w++)
		for (size_t i = 0; i < t.folds[w].n; i++)
			for (size_t k = 0; k < (r->several ? 1 : t.folds[w].v[i].n); k++)
				print_row(&t, &t.folds[w].v[i], k);
	fputs("</tbody></table></div>\n<p class=soft>Medians over boots; ± is half the range from "
	      "the least to the most, where it is over 1 %. The same for scripts: <code>faultline "
	      "show ",
	      r->out);
	fl_html(r->out, r->s->run.name);
	fputs(" --format csv</code></p>\n</section>\n", r->out);
	fl_strv_release(&t.ids);
	for (size_t w = 0; w < r->s->workloads.n; w++)
		fl_folds_release(&t.folds[w]);
	free(t.folds);
	fl_answer_release(&t.answer);
}
