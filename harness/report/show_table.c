/* SPDX-License-Identifier: GPL-2.0 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"
#include "harness/base/wrap.h"
#include "harness/judge/provenance.h"
#include "harness/report/cases.h"
#include "harness/report/columns.h"
#include "harness/report/crossing.h"
#include "harness/report/report.h"
#include "harness/report/show_table.h"
#include "harness/report/verdict.h"

void fl_show_kernels(FILE *out, const struct fl_summary *s)
{
	struct fl_strv notes = { 0 };

	fl_summary_kernel_notes(s, &notes);
	for (size_t i = 0; i < notes.n; i++)
		fprintf(out, "kernel   %s\n", notes.v[i]);
	fl_strv_release(&notes);
}

static void print_head(FILE *out, const struct fl_summary *s)
{
	cleanup_free char *machine = fl_summary_machine(s);

	fprintf(out, "%s  (%s, %u of %u points)\n", s->run.name, s->run.state, s->run.stored,
		s->run.planned);
	if (s->run.about)
		fprintf(out, "%s\n", s->run.about);
	fprintf(out, "machine  %s\nclock    %s\n", machine, fl_summary_clock(s));
	if (*s->common)
		fprintf(out, "settings %s\n", s->common);
	fl_show_kernels(out, s);
	fprintf(out, "repeat   faultline %s --seed %llu\n", s->run.arguments,
		(unsigned long long)s->run.seed);
}

/* Bytes of UTF-8 that are no characters of their own: what printf's width counts too much. */
static int extra(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) == 0x80;
	return n;
}

static void print_status(FILE *out, const struct fl_row *row)
{
	if (row->n_ok == row->n)
		fprintf(out, "  %3zu", row->n);
	else
		fprintf(out, "  %zu/%zu", row->n_ok, row->n);
}

/*
 * One workload's table.  A workload may have twenty metrics, a terminal 120 columns: those that do
 * not fit go into further bands below, each with the settings before it again.
 */
struct table {
	const struct fl_summary *s;
	const char *workload;
	struct fl_column c[FL_COLUMNS_MAX];
	int widths[FL_COLUMNS_MAX];
	size_t n;
	int label_width, kernel_width;
};

#define LINE_WIDTH 120
#define HEAD_LINES 3 /* "region", "p50", the unit */

static const char *head_text(const struct fl_column *c, int line, int *len)
{
	const char *last = strrchr(c->head, ' ');
	const char *text = line == 0 ? c->head : line == 1 && last ? last + 1 : c->unit;

	if (!last && line < 2)
		text = line ? c->head : "";
	*len = line == 0 && last ? (int)(last - c->head) : (int)strlen(text);
	return text;
}

static void cell(const struct table *t, const struct fl_row *row, size_t i, char out[48])
{
	struct fl_spread v = fl_summary_metric(t->s, row, t->c[i].metric, NULL);

	fl_column_text(&t->c[i], &v, "±", out, 48);
}

static bool belongs(const struct table *t, const struct fl_row *row)
{
	return !strcmp(row->workload_name, t->workload);
}

static void widen(int *width, int to)
{
	*width = to > *width ? to : *width;
}

static void measure_table(struct table *t)
{
	char text[48];
	int len;

	t->label_width = (int)strlen("setting");
	for (size_t i = 0; i < t->n; i++) {
		for (int line = 0; line < HEAD_LINES; line++) {
			head_text(&t->c[i], line, &len);
			widen(&t->widths[i], len);
		}
	}
	for (size_t r = 0; r < t->s->n_rows; r++) {
		const struct fl_row *row = &t->s->rows[r];

		if (!belongs(t, row))
			continue;
		widen(&t->label_width, (int)strlen(row->label) - extra(row->label));
		widen(&t->kernel_width, (int)strlen(row->kernel));
		for (size_t i = 0; i < t->n && row->n_ok; i++) {
			cell(t, row, i, text);
			widen(&t->widths[i], (int)strlen(text) - extra(text));
		}
	}
}

static void print_heads(FILE *out, const struct table *t, size_t from, size_t to)
{
	for (int line = 0; line < HEAD_LINES; line++) {
		bool last = line == HEAD_LINES - 1;

		fprintf(out, "  %-*s", t->label_width, last ? "setting" : "");
		if (t->s->kernels_vary)
			fprintf(out, "  %-*s", t->kernel_width, last ? "kernel" : "");
		fprintf(out, "  %3s", last ? "n" : "");
		for (size_t i = from; i < to; i++) {
			int len;
			const char *text = head_text(&t->c[i], line, &len);

			fprintf(out, "  %*.*s", t->widths[i], len, text);
		}
		fputc('\n', out);
	}
}

static void print_row(FILE *out, const struct table *t, const struct fl_row *row, size_t from,
		      size_t to)
{
	char text[48];

	fprintf(out, "  %-*s", t->label_width + extra(row->label), row->label);
	if (t->s->kernels_vary)
		fprintf(out, "  %-*s", t->kernel_width, row->kernel);
	print_status(out, row);
	for (size_t i = from; i < to && row->n_ok; i++) {
		cell(t, row, i, text);
		fprintf(out, "  %*s", t->widths[i] + extra(text), text);
	}
	if (!row->n_ok)
		fprintf(out, "  %s", t->s->points[row->points[0]].status);
	fputc('\n', out);
}

/* The first column after `from` that this line has no room for; at least one is taken. */
static size_t band_end(const struct table *t, size_t from)
{
	int room = LINE_WIDTH - t->label_width - (t->s->kernels_vary ? t->kernel_width + 2 : 0) - 7;
	size_t to = from;

	while (to < t->n && (to == from || room >= t->widths[to] + 2))
		room -= t->widths[to++] + 2;
	return to;
}

static void print_band(FILE *out, const struct table *t, size_t from, size_t to)
{
	print_heads(out, t, from, to);
	for (size_t i = 0; i < t->s->n_rows; i++) {
		const struct fl_row *row = &t->s->rows[i];

		if (belongs(t, row) && (!from || row->n_ok))
			print_row(out, t, row, from, to);
	}
}

static void print_workload(FILE *out, const struct fl_summary *s, const char *workload)
{
	struct table t = { .s = s, .workload = workload, .kernel_width = 6 };
	const char *command = "";
	size_t from = 0, to;

	t.n = fl_columns_of(s, workload, t.c);
	measure_table(&t);
	for (size_t i = s->n_rows; i-- > 0;)
		if (belongs(&t, &s->rows[i]))
			command = s->rows[i].workload;
	fprintf(out, "\n%s: %s\n", workload, command);
	do {
		to = band_end(&t, from);
		print_band(out, &t, from, to);
		from = to;
	} while (from < t.n);
}

void fl_show_rows(FILE *out, const struct fl_summary *s)
{
	for (size_t i = 0; i < s->workloads.n; i++)
		print_workload(out, s, s->workloads.v[i]);
}

void fl_show_reasons(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *line = NULL, *whole = NULL;
		char more[32] = "";
		size_t n = 0;

		if (!strcmp(p->status, "ok") && !p->reason)
			continue;
		line = fl_asprintf("%s: %s", p->status, p->reason ? p->reason : "");
		if (!fl_strv_add(&said, line))
			continue;
		for (size_t j = i; j < s->n_points; j++)
			n += !strcmp(s->points[j].status, p->status) &&
			     !strcmp(s->points[j].reason ? s->points[j].reason : "",
				     p->reason ? p->reason : "");
		if (n > 1)
			snprintf(more, sizeof(more), " and %zu more", n - 1);
		whole = fl_asprintf("point %u%s %s", p->number, more, line);
		fputs(said.n == 1 ? "\n" : "", out);
		fl_wrap(out, "", fl_plain(whole), columns ? columns : UINT_MAX);
	}
	fl_strv_release(&said);
}

/* Six digits, but never 3.69e+06: these are read and typed again. */
static int decimals(double value)
{
	double size = fabs(value);
	int digits = 5;

	if (floor(value) == value)
		return 0;
	for (; size >= 10 && digits > 0; size /= 10)
		digits--;
	return digits;
}

/* Where its kernel and programs come from. */
static void print_origin(FILE *out, const struct fl_summary *s, const struct fl_stored_point *p)
{
	const struct fl_image_facts *image = fl_provenance_image(&s->provenance, p->image);
	const struct fl_build *b = fl_provenance_build(&s->provenance, p->build);
	struct fl_build_fact facts[FL_BUILD_FACTS];
	struct fl_build copy;

	if (!b)
		fputs("built    unknown\n", out);
	if (b) {
		copy = *b;
		fl_build_facts(&copy, facts);
		for (size_t i = 0; i < FL_BUILD_FACTS; i++)
			if (*facts[i].value)
				fprintf(out, "built    %-12s %s\n", facts[i].name,
					**facts[i].value ? *facts[i].value : "none");
	}
	if (image)
		fprintf(out, "image    %s, %zu programs\n", image->hash, image->programs.n);
	if (p->qemu)
		fprintf(out, "qemu     %s\n", p->qemu);
}

static int print_point(FILE *out, const struct fl_summary *s, unsigned int number,
		       struct fl_error *err)
{
	const struct fl_stored_point *p = fl_summary_point(s, number, err);

	if (!p)
		return -1;
	fprintf(out, "point %u  repeat %u  %s%s%s\n", p->number, p->repeat, p->status,
		p->reason ? ": " : "", p->reason ? p->reason : "");
	fprintf(out, "workload %s\nkernel   %s (%s)\n", p->workload, p->kernel,
		p->kernel_release ? p->kernel_release : "?");
	print_origin(out, s, p);
	for (size_t i = 0; i < p->n_settings; i++)
		fprintf(out, "setting  %s = %s\n", p->settings[i].name, p->settings[i].value);
	fprintf(out, "took     %.2f s, guest clock known to %.0f ns\n", p->wall_s,
		p->clock_error_ns);
	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct fl_metric *m = fl_summary_meaning(s, p->metrics[i].name);

		fprintf(out, "  %-28s %16.*f %-8s %s\n", p->metrics[i].name,
			decimals(p->metrics[i].value), p->metrics[i].value, p->metrics[i].unit,
			m ? m->about : "");
	}
	return 0;
}

int fl_show_table(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		  struct fl_error *err)
{
	struct fl_judged_claims claims = { 0 };
	struct fl_judged_crossings crossings = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err);

	if (!bad) {
		print_head(out, &s);
		bad = point ? print_point(out, &s, point, err)
			    : fl_judge_claims(&claims, &s, err) ||
				      fl_judge_crossings(&crossings, &s, err);
	}
	if (!bad && !point) {
		fl_show_rows(out, &s);
		fl_show_reasons(out, &s, 0);
		fl_cases_table(out, &s);
		fl_crossing_table(out, &crossings);
		fl_verdict_table(out, &claims);
	}
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	fl_summary_release(&s);
	return bad;
}
