/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/columns.h"
#include "harness/report/report.h"

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
		fprintf(out, " %zu/%zu", row->n_ok, row->n);
}

static int label_width(const struct fl_summary *s, const char *workload)
{
	size_t width = 8;

	for (size_t i = 0; i < s->n_rows; i++)
		if (!strcmp(s->rows[i].workload_name, workload) && strlen(s->rows[i].label) > width)
			width = strlen(s->rows[i].label);
	return (int)width;
}

static void print_heads(FILE *out, const struct fl_summary *s, const struct fl_column *c, size_t n,
			int width)
{
	for (int line = 0; line < 2; line++) {
		fprintf(out, "  %-*s", width, line ? "" : "setting");
		if (s->kernels_vary)
			fprintf(out, "  %-10s", line ? "" : "kernel");
		fprintf(out, "  %3s", line ? "" : "n");
		for (size_t i = 0; i < n; i++)
			fprintf(out, " %12s", line ? c[i].unit : c[i].head);
		fputc('\n', out);
	}
}

static void print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		      const struct fl_column *c, size_t n, int width)
{
	char text[48];

	fprintf(out, "  %-*s", width, row->label);
	if (s->kernels_vary)
		fprintf(out, "  %-10.10s", row->kernel);
	print_status(out, row);
	for (size_t i = 0; i < n && row->n_ok; i++) {
		struct fl_spread v = fl_summary_metric(s, row, c[i].metric, NULL);

		fl_column_text(&c[i], &v, "±", text, sizeof(text));
		fprintf(out, " %*s", 12 + extra(text), text);
	}
	if (!row->n_ok)
		fprintf(out, "  %s", s->points[row->points[0]].status);
	fputc('\n', out);
}

static void print_workload(FILE *out, const struct fl_summary *s, const char *workload)
{
	struct fl_column columns[FL_COLUMNS_MAX];
	size_t n = fl_columns_of(s, workload, columns);
	int width = label_width(s, workload);
	bool first = true;

	for (size_t i = 0; i < s->n_rows; i++) {
		if (strcmp(s->rows[i].workload_name, workload))
			continue;
		if (first) {
			fprintf(out, "\n%s: %s\n", workload, s->rows[i].workload);
			print_heads(out, s, columns, n, width);
		}
		first = false;
		print_row(out, s, &s->rows[i], columns, n, width);
	}
}

/* Each reason once, with the points that gave it. */
static void print_reasons(FILE *out, const struct fl_summary *s)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *line = NULL;
		size_t j = 0, n = 0;

		if (!strcmp(p->status, "ok"))
			continue;
		line = fl_asprintf("%s: %s", p->status, p->reason ? p->reason : "");
		while (j < said.n && strcmp(said.v[j], line))
			j++;
		if (j < said.n)
			continue;
		fl_strv_push(&said, line);
		for (j = i; j < s->n_points; j++)
			n += !strcmp(s->points[j].status, p->status) &&
			     !strcmp(s->points[j].reason ? s->points[j].reason : "",
				     p->reason ? p->reason : "");
		fprintf(out, "%spoint %u%s%s\n", said.n == 1 ? "\n" : "", p->number,
			n > 1 ? " and others " : " ", line);
	}
	fl_strv_release(&said);
}

static int print_point(FILE *out, const struct fl_summary *s, unsigned int number,
		       struct fl_error *err)
{
	const struct fl_stored_point *p = s->points;

	while (p < s->points + s->n_points && p->number != number)
		p++;
	if (p == s->points + s->n_points)
		return fl_fail(err, FL_USAGE, "%s has no point %u: 1 to %u", s->run.name, number,
			       s->run.planned);
	fprintf(out, "point %u  repeat %u  %s%s%s\nworkload %s\nkernel   %s (%s)\n", p->number,
		p->repeat, p->status, p->reason ? ": " : "", p->reason ? p->reason : "",
		p->workload, p->kernel, p->kernel_release ? p->kernel_release : "?");
	for (size_t i = 0; i < p->n_settings; i++)
		fprintf(out, "setting  %s = %s\n", p->settings[i].name, p->settings[i].value);
	fprintf(out, "took     %.2f s, guest clock known to %.0f ns\n", p->wall_s,
		p->clock_error_ns);
	for (size_t i = 0; i < p->n_metrics; i++) {
		const struct fl_metric *m = fl_metric_find(p->metrics[i].name);

		fprintf(out, "  %-28s %16.6g %-8s %s\n", p->metrics[i].name, p->metrics[i].value,
			p->metrics[i].unit, m ? m->about : "");
	}
	return 0;
}

int fl_show_table(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		  struct fl_error *err)
{
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err);

	if (!bad) {
		print_head(out, &s);
		if (point)
			bad = print_point(out, &s, point, err);
	}
	for (size_t i = 0; !bad && !point && i < s.workloads.n; i++)
		print_workload(out, &s, s.workloads.v[i]);
	if (!bad && !point)
		print_reasons(out, &s);
	fl_summary_release(&s);
	return bad;
}
