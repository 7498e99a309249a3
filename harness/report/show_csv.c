/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/report/report.h"
#include "harness/judge/summary.h"

/* RFC 4180: quoted where it holds a comma, a quote or a line's end. */
static void field(FILE *out, const char *text)
{
	if (!text)
		return;
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void setting_names(const struct fl_summary *s, struct fl_strv *names)
{
	for (size_t i = 0; i < s->n_points; i++) {
		for (size_t j = 0; j < s->points[i].n_settings; j++) {
			const char *name = s->points[i].settings[j].name;
			size_t k = 0;

			while (k < names->n && strcmp(names->v[k], name))
				k++;
			if (k == names->n)
				fl_strv_push(names, name);
		}
	}
}

static void print_prefix(FILE *out, const struct fl_summary *s, const struct fl_stored_point *p,
			 const struct fl_strv *names)
{
	const struct fl_row *row = fl_summary_row_of(s, p);

	fprintf(out, "%u,%u,%s,", p->number, p->repeat, p->status);
	field(out, p->kernel);
	fputc(',', out);
	field(out, p->workload);
	fputc(',', out);
	field(out, s->run.name);
	fputc(',', out);
	field(out, p->workload_name);
	fputc(',', out);
	field(out, row->label);
	fprintf(out, ",%.3f", p->wall_s);
	for (size_t i = 0; i < names->n; i++) {
		fputc(',', out);
		for (size_t j = 0; j < p->n_settings; j++)
			if (!strcmp(p->settings[j].name, names->v[i]))
				field(out, p->settings[j].value);
	}
}

static void print_point(FILE *out, const struct fl_summary *s, const struct fl_stored_point *p,
			const struct fl_strv *names)
{
	const struct fl_row *row = fl_summary_row_of(s, p);

	for (size_t i = 0; i < p->n_metrics; i++) {
		struct fl_spread v = fl_summary_metric(s, row, p->metrics[i].name, NULL);

		print_prefix(out, s, p, names);
		fprintf(out, ",%s,%.17g,%s,%s", p->metrics[i].name, p->metrics[i].value,
			p->metrics[i].unit, s->run.clock);
		if (v.n)
			fprintf(out, ",%.17g,%.17g,%.17g,%zu\n", v.median, v.least, v.most, v.n);
		else
			fputs(",,,,0\n", out);
	}
	if (!p->n_metrics) {
		print_prefix(out, s, p, names);
		fprintf(out, ",,,,%s,,,,0\n", s->run.clock);
	}
}

int fl_show_csv(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		struct fl_error *err)
{
	struct fl_strv names = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err);

	if (!bad && point && !fl_summary_point(&s, point, err))
		bad = -1;
	if (!bad) {
		setting_names(&s, &names);
		fputs("point,repeat,status,kernel,workload,run,workload_name,row,wall_s", out);
		for (size_t i = 0; i < names.n; i++) {
			fputc(',', out);
			field(out, names.v[i]);
		}
		fputs(",metric,value,unit,clock,median,min,max,n\n", out);
		for (size_t i = 0; i < s.n_points; i++)
			if (!point || s.points[i].number == point)
				print_point(out, &s, &s.points[i], &names);
	}
	fl_strv_release(&names);
	fl_summary_release(&s);
	return bad;
}
