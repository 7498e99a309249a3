/* SPDX-License-Identifier: GPL-2.0 */
/* What figures show of a run: the rows, names and reference that [summary] declares. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/answer_table.h"
#include "harness/report/figures.h"

char *fl_figure_label(const struct fl_summary *s, const struct fl_row *row)
{
	return s->kernels_vary ? fl_asprintf("%s %s", row->kernel, row->name)
			       : fl_strdup(row->name);
}

char *fl_figure_foot(const struct fl_summary *s)
{
	cleanup_free char *machine = fl_summary_machine(s);

	return fl_asprintf("%s.  %s  %s", s->run.name, fl_summary_clock(s), machine);
}

char *fl_figure_metric_about(const struct fl_summary *s, const char *metric)
{
	const struct fl_metric *m = fl_summary_meaning(s, metric);

	return fl_strdup(m && m->about ? m->about : metric);
}

void fl_figure_change(double value, double reference, char out[24])
{
	*out = '\0';
	if (isfinite(value / reference) || value == reference)
		fl_answered_change(value, reference, out);
}

const char *fl_figure_column_metric(const struct fl_answer *a, size_t column)
{
	return a->columns[column].metric ? a->columns[column].metric : a->metric;
}

const char *fl_figure_setting(const struct fl_answer *a, size_t column, char group[48])
{
	const char *name = a->columns[column].name, *metric = fl_figure_column_metric(a, column);
	size_t len = strcspn(name, " "), of = 0;

	for (size_t i = 0; i < a->n; i++) {
		const char *other = a->columns[i].name;

		if (strcmp(fl_figure_column_metric(a, i), metric) != 0)
			continue;
		of++;
		if (strncmp(other, name, len) != 0 || other[len] != ' ')
			len = 0;
	}
	if (of < 2 || !len || !name[len])
		len = 0;
	snprintf(group, 48, "%.*s", (int)(len < 47 ? len : 47), name);
	return name + (len ? len + 1 : 0);
}

bool fl_figure_shows(const struct fl_answer *a, const char *workload)
{
	return !a->workloads.n || fl_strv_has(&a->workloads, workload);
}

static bool has_row(const struct fl_figure_row *rows, size_t n, const struct fl_row *row)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].row == row)
			return true;
	return false;
}

static const struct fl_row *row_of(const struct fl_summary *s, const struct fl_conditions *of,
				   const char *workload)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i].n_ok && !strcmp(s->rows[i].workload_name, workload) &&
		    fl_summary_takes(s, &s->rows[i], of))
			return &s->rows[i];
	return NULL;
}

/* The settings that the reference is picked by, in short: "THP=always". */
static char *reference_name(const struct fl_summary *s, const struct fl_row *row)
{
	const char *thp = fl_summary_value(s, row, "thp.enabled");

	return thp ? fl_asprintf("THP=%s (reference)", thp)
		   : fl_asprintf("%s (reference)", row->name);
}

static size_t add_reference(const struct fl_summary *s, const struct fl_answer *a,
			    const char *workload, struct fl_figure_row *out)
{
	for (size_t i = 0; a->has_against && i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i], *reference;

		if (!row->n_ok || strcmp(row->workload_name, workload))
			continue;
		reference = fl_summary_reference(s, row, &a->against);
		if (!reference)
			continue;
		*out = (struct fl_figure_row){ reference, reference_name(s, reference), true };
		return 1;
	}
	return 0;
}

/* Nothing that a picture shows tells the two apart. */
static bool are_equal(const struct fl_summary *s, const struct fl_row *a, const struct fl_row *b)
{
	static const char *const shown[] = { "touch_latency_mean",
					     "held_rss",
					     "workload_time",
					     "thp_fault_alloc",
					     "promotions_in_place_total",
					     "promotions_khugepaged" };
	size_t known = 0;

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct fl_spread x = fl_summary_metric(s, a, shown[i], NULL);
		struct fl_spread y = fl_summary_metric(s, b, shown[i], NULL);

		known += x.n && y.n;
		if (!x.n != !y.n || fabs(x.median - y.median) > 0.005 * fabs(x.median))
			return false;
	}
	return known > 1;
}

static bool is_told(const struct fl_summary *s, const struct fl_figure_row *rows, size_t n,
		    const struct fl_row *row)
{
	for (size_t i = 0; i < n; i++)
		if (are_equal(s, rows[i].row, row))
			return true;
	return false;
}

size_t fl_figure_rows(const struct fl_summary *s, const struct fl_answer *a, const char *workload,
		      struct fl_figure_row out[FL_FIGURE_ROWS])
{
	size_t n = a->given ? add_reference(s, a, workload, out) : 0;

	for (size_t i = 0; a->given && i < a->n && n < FL_FIGURE_ROWS; i++) {
		const struct fl_row *row = row_of(s, &a->columns[i].of, workload);
		char group[48];

		if (row && !has_row(out, n, row))
			out[n++] = (struct fl_figure_row){
				row, fl_strdup(fl_figure_setting(a, i, group)), false
			};
	}
	for (size_t i = 0; !a->given && i < s->n_rows && n < FL_FIGURE_ROWS; i++)
		if (s->rows[i].n_ok && !strcmp(s->rows[i].workload_name, workload) &&
		    !is_told(s, out, n, &s->rows[i]))
			out[n++] = (struct fl_figure_row){ &s->rows[i],
							   fl_figure_label(s, &s->rows[i]), false };
	return n;
}

void fl_figure_rows_release(struct fl_figure_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(rows[i].name);
}

enum fl_ink fl_figure_ink(struct fl_strv *seen, const char *name)
{
	static const enum fl_ink inks[] = { FL_INK_TEXT, FL_INK_BLUE, FL_INK_RED, FL_INK_GREEN,
					    FL_INK_PINK };

	fl_strv_add(seen, name);
	return inks[fl_strv_find(seen, name) % (sizeof(inks) / sizeof(inks[0]))];
}
