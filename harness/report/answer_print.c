/* SPDX-License-Identifier: GPL-2.0 */
/* The answer's table on a terminal; lines that say the same are one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/print.h"
#include "harness/base/wrap.h"
#include "harness/report/answer_lines.h"

#define CELL FL_ANSWERED_CELL
#define ALIKE 3 /* with fewer the footnote would save no line */

static bool is_alike(const struct fl_answer_table *t, const struct fl_answer_table_line *a,
		     const struct fl_answer_table_line *b)
{
	char one[2 * CELL], other[2 * CELL];

	fl_answer_table_verdict(t, a, one);
	fl_answer_table_verdict(t, b, other);
	for (size_t i = 0; i < t->n && !strcmp(one, other); i++) {
		if (t->c[i].of->adds)
			continue;
		fl_answer_table_cell(t, &t->c[i], a, one);
		fl_answer_table_cell(t, &t->c[i], b, other);
	}
	return !strcmp(one, other);
}

/* A cell of a line with those that it stands for. */
static void whole_cell(const struct fl_answer_table *t, const struct fl_answer_table_column *c,
		       size_t line, char out[CELL])
{
	double sum = 0;

	fl_answer_table_cell(t, c, &t->lines[line], out);
	if (!c->of->adds)
		return;
	for (size_t i = line; i < t->n_lines; i++) {
		struct fl_answered_cell taken;

		if (t->lines[i].shown != line)
			continue;
		fl_answer_table_take(t, c, &t->lines[i], &taken);
		sum += isfinite(taken.value) ? taken.value : 0;
	}
	if (strcmp(out, "-") != 0)
		fl_answer_table_value(c, sum, out);
}

/* "page_fault1 (1)" */
static void name_folded(struct fl_answer_table *t, size_t line, unsigned int mark)
{
	struct fl_answer_table_line *l = &t->lines[line];
	char text[CELL];

	fl_strv_pushf(&t->labels, "%s (%u)", l->label, mark);
	l->label = t->labels.v[t->labels.n - 1];
	for (size_t i = 0; i < t->n; i++) {
		whole_cell(t, &t->c[i], line, text);
		fl_answer_table_widen(&t->c[i].width, strlen(text));
	}
}

void fl_answer_table_fold(struct fl_answer_table *t)
{
	unsigned int mark = 0;

	for (size_t i = 0; i < t->n_lines; i++)
		t->lines[i].shown = i;
	if (!t->folds)
		return;
	for (size_t i = 0; i < t->n_lines; i++) {
		size_t first = 0, n = 0;

		while (!is_alike(t, &t->lines[first], &t->lines[i]))
			first++;
		for (size_t j = i; first == i && j < t->n_lines; j++)
			n += is_alike(t, &t->lines[i], &t->lines[j]);
		t->lines[i].shown = first;
		t->lines[i].alike = n;
	}
	for (size_t i = 0; i < t->n_lines; i++) {
		struct fl_answer_table_line *first = &t->lines[t->lines[i].shown];

		if (first->alike < ALIKE)
			t->lines[i].shown = i;
		else if (t->lines[i].shown == i)
			name_folded(t, i, ++mark);
	}
}

static void print_head(FILE *out, const struct fl_answer_table *t, int line)
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
		const char *text =
			line == 2 ? t->c[i].unit : fl_answer_table_head(&t->c[i], line, &len);

		fprintf(out, "  %*.*s", t->c[i].width, len, text);
	}
	fprintf(out, "%s\n", line == 1 && t->d->crossing ? "  verdict" : "");
}

static void print_verdict(FILE *out, const char *text)
{
	enum fl_answered_tone tone = fl_answer_table_tone(text);

	if (!*text)
		return;
	fputs("  ", out);
	if (tone == FL_ANSWERED_GOOD)
		fl_print_colour(out, FL_GREEN, text);
	else if (tone == FL_ANSWERED_MIXED)
		fl_print_colour(out, FL_YELLOW, text);
	else
		fputs(text, out);
}

static void print_line(FILE *out, const struct fl_answer_table *t, size_t line)
{
	char text[2 * CELL];

	fprintf(out, "%-*s", t->label, t->lines[line].label);
	for (size_t i = 0; i < t->shown; i++) {
		whole_cell(t, &t->c[i], line, text);
		fprintf(out, "  %*s", t->c[i].width, text);
	}
	fl_answer_table_verdict(t, &t->lines[line], text);
	print_verdict(out, text);
	fputc('\n', out);
}

/* "(1) with 2 more: usemem, memhog" */
static void print_folded(FILE *out, const struct fl_answer_table *t)
{
	unsigned int mark = 0;

	for (size_t i = 0; i < t->n_lines; i++) {
		struct fl_strv names = { 0 };
		cleanup_free char *head = NULL, *text = NULL;

		if (t->lines[i].shown != i || !t->folds || t->lines[i].alike < ALIKE)
			continue;
		for (size_t j = i + 1; j < t->n_lines; j++)
			if (t->lines[j].shown == i)
				fl_strv_push(&names, t->lines[j].label);
		head = fl_asprintf("(%u) with %zu more: ", ++mark, names.n);
		text = fl_strv_join(&names, ", ");
		fl_wrap(out, head, text, t->columns);
		fl_strv_release(&names);
	}
}

void fl_show_answer(FILE *out, const struct fl_summary *s, const struct fl_answer *a,
		    const struct fl_judged_crossings *crossings, unsigned int columns)
{
	struct fl_answer_table t = {
		.s = s, .d = a, .crossings = crossings, .columns = columns, .folds = true
	};

	fl_answer_table_lay_out(&t);
	if (a->about)
		fl_wrap(out, "", a->about, columns);
	fputs(t.n ? "\n" : "", out);
	for (int line = 0; t.n && line < 3; line++)
		print_head(out, &t, line);
	for (size_t i = 0; t.n && i < t.n_lines; i++)
		if (t.lines[i].shown == i)
			print_line(out, &t, i);
	if (t.n)
		print_folded(out, &t);
	if (t.shown < t.n)
		fprintf(out, "a wider terminal shows %zu more column%s\n", t.n - t.shown,
			t.n - t.shown == 1 ? "" : "s");
	free(t.lines);
	fl_strv_release(&t.labels);
}
