/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/judge/summary.h"
#include "harness/report/report.h"
#include "harness/report/show.h"

struct form {
	FILE *out;
	char comma; /* or a tab */
	const struct fl_show *show;
};

/* RFC 4180: quoted where it holds a comma, a quote or a line's end. */
static void quote(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* With tabs nothing is quoted: tabs and ends of lines are blanks. */
static void field(const struct form *f, const char *text)
{
	if (text && f->comma == ',' && text[strcspn(text, ",\"\r\n")])
		quote(f->out, text);
	else if (text)
		for (; *text; text++)
			fputc(f->comma == '\t' && strchr("\t\r\n", *text) ? ' ' : *text, f->out);
}

static void next_field(const struct form *f, const char *text)
{
	fputc(f->comma, f->out);
	field(f, text);
}

static void next_number(const struct form *f, double value)
{
	fprintf(f->out, "%c%.17g", f->comma, value);
}

static void setting_names(const struct fl_summary *s, struct fl_strv *names)
{
	for (size_t i = 0; i < s->n_points; i++)
		for (size_t j = 0; j < s->points[i].n_settings; j++)
			fl_strv_add(names, s->points[i].settings[j].name);
}

static void print_prefix(const struct form *f, const struct fl_summary *s,
			 const struct fl_stored_point *p, const struct fl_strv *names)
{
	fprintf(f->out, "%u%c%u", p->number, f->comma, p->repeat);
	next_field(f, p->status);
	next_field(f, p->kernel);
	next_field(f, p->workload);
	next_field(f, s->run.name);
	next_field(f, p->workload_name);
	next_field(f, fl_summary_row_of(s, p)->label);
	fprintf(f->out, "%c%.3f", f->comma, p->wall_s);
	for (size_t i = 0; i < names->n; i++)
		next_field(f, fl_summary_setting(p, names->v[i]));
}

static void print_metric(const struct form *f, const struct fl_summary *s,
			 const struct fl_stored_point *p, size_t i)
{
	struct fl_spread v =
		fl_summary_metric(s, fl_summary_row_of(s, p), p->metrics[i].name, NULL);
	const double row[] = { v.median, v.least, v.most };

	next_field(f, p->metrics[i].name);
	next_number(f, p->metrics[i].value);
	next_field(f, p->metrics[i].unit);
	next_field(f, s->run.clock);
	for (size_t k = 0; k < sizeof(row) / sizeof(row[0]); k++) {
		if (v.n)
			next_number(f, row[k]);
		else
			next_field(f, "");
	}
	fprintf(f->out, "%c%zu\n", f->comma, v.n);
}

static void print_point(const struct form *f, const struct fl_summary *s,
			const struct fl_stored_point *p, const struct fl_strv *names)
{
	for (size_t i = 0; i < p->n_metrics; i++) {
		if (!fl_show_wants(f->show, p->metrics[i].name))
			continue;
		print_prefix(f, s, p, names);
		print_metric(f, s, p, i);
	}
	if (p->n_metrics)
		return;
	print_prefix(f, s, p, names);
	for (int i = 0; i < 3; i++)
		next_field(f, "");
	next_field(f, s->run.clock);
	for (int i = 0; i < 3; i++)
		next_field(f, "");
	fprintf(f->out, "%c0\n", f->comma);
}

static void print_heads(const struct form *f, const struct fl_strv *settings)
{
	static const char *const before[] = { "repeat", "status",        "kernel", "workload",
					      "run",    "workload_name", "row",    "wall_s" };
	static const char *const behind[] = { "metric", "value", "unit", "clock",
					      "median", "min",   "max",  "n" };

	fputs("point", f->out);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		next_field(f, before[i]);
	for (size_t i = 0; i < settings->n; i++)
		next_field(f, settings->v[i]);
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		next_field(f, behind[i]);
	fputc('\n', f->out);
}

static int print_all(const struct form *f, struct fl_store *store, int64_t run,
		     struct fl_show *show, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err) || fl_show_check(show, &s, err) ||
		  (show->point && !fl_summary_point(&s, show->point, err));

	if (!bad) {
		setting_names(&s, &names);
		print_heads(f, &names);
		for (size_t i = 0; i < s.n_points; i++)
			if (fl_show_takes_point(show, &s, &s.points[i]))
				print_point(f, &s, &s.points[i], &names);
	}
	fl_strv_release(&names);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}

int fl_show_csv(FILE *out, struct fl_store *store, int64_t run, struct fl_show *show,
		struct fl_error *err)
{
	struct form f = { out, ',', show };

	return print_all(&f, store, run, show, err);
}

int fl_show_tsv(FILE *out, struct fl_store *store, int64_t run, struct fl_show *show,
		struct fl_error *err)
{
	struct form f = { out, '\t', show };

	return print_all(&f, store, run, show, err);
}
