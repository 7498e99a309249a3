/* SPDX-License-Identifier: GPL-2.0 */
/* Indistinguishable rows are shown as one row with a count. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/columns.h"
#include "harness/report/show.h"

#define CRUMB_KIB 16
#define NOISE 0.05 /* noisy metrics of equal rows lie so near, or their boots overlap */

struct fl_spread fl_fold_metric(const struct fl_summary *s, const struct fl_fold *fold,
				const char *metric, const char **unit)
{
	cleanup_free double *values = NULL;
	size_t n = 0, most = 0;

	for (size_t i = 0; i < fold->n; i++)
		most += fold->rows[i]->n;
	values = fl_calloc(most + 1, sizeof(*values));
	for (size_t i = 0; i < fold->n; i++)
		n += fl_summary_values(s, fold->rows[i], metric, false, values + n, unit);
	return fl_spread(values, n);
}

static bool is_near(double a, double b, double share)
{
	return fabs(a - b) <= share * fmax(fabs(a), fabs(b));
}

/* A hundredth of the events: where the timer's ticks fell. */
static bool is_far_out(const struct fl_metric *m)
{
	size_t len = strlen(m->name);

	return len > 4 && !strcmp(m->name + len - 4, "_p99");
}

bool fl_fold_equal(const struct fl_summary *s, const char *metric, const struct fl_spread *a,
		   const struct fl_spread *b)
{
	const struct fl_metric *m = fl_summary_meaning(s, metric);
	bool insn = !strcmp(s->run.timebase, "insn");
	double crumb = m && m->crumb > 0 ? m->crumb : m && m->unit == FL_UNIT_KIB ? CRUMB_KIB : 0;

	/* A kernel without the counter has done none of what it counts. */
	if (!a->n || !b->n)
		return a->most == 0 && b->most == 0;
	if (!m || (!insn && (fl_unit_is_timed(m->unit) || m->unit == FL_UNIT_HOST_NS)))
		return a->least == b->least && a->most == b->most;
	if (m->class == FL_EXACT && !is_far_out(m))
		return is_near(a->median, b->median, FL_FOLD_EQUAL) ||
		       fabs(a->median - b->median) <= crumb;
	return m->class == FL_TAIL || m->class == FL_UNJUDGED ||
	       is_near(a->median, b->median, NOISE) || (a->least <= b->most && b->least <= a->most);
}

static bool is_like(const struct fl_summary *s, const struct fl_row *a, const struct fl_row *b,
		    const struct fl_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct fl_spread x = fl_summary_metric(s, a, columns[i].metric, NULL);
		struct fl_spread y = fl_summary_metric(s, b, columns[i].metric, NULL);

		if (!fl_fold_equal(s, columns[i].metric, &x, &y))
			return false;
	}
	return true;
}

/* A row with nothing good, or in a table without columns, has nothing to be equal in. */
static struct fl_fold *fold_of(struct fl_folds *f, const struct fl_summary *s,
			       const struct fl_row *row, const struct fl_column *columns, size_t n)
{
	for (size_t i = 0; i < f->n && row->n_ok && n; i++)
		if (f->v[i].rows[0]->n_ok && is_like(s, f->v[i].rows[0], row, columns, n))
			return &f->v[i];
	f->v = fl_realloc(f->v, (f->n + 1) * sizeof(*f->v));
	f->v[f->n] = (struct fl_fold){ 0 };
	return &f->v[f->n++];
}

static void add(struct fl_fold *fold, const struct fl_row *row)
{
	fold->rows = fl_realloc(fold->rows, (fold->n + 1) * sizeof(*fold->rows));
	fold->rows[fold->n++] = row;
}

static bool is_skipped(const struct fl_summary *s, const struct fl_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (strcmp(s->points[row->points[i]].status, "skipped") != 0)
			return false;
	return true;
}

static bool belongs(const struct fl_show *show, const struct fl_summary *s,
		    const struct fl_row *row, const char *workload)
{
	return !strcmp(row->workload_name, workload) && fl_show_takes(show, s, row) &&
	       !is_skipped(s, row);
}

/* The row that those of a workload are compared with. */
static const struct fl_row *reference(const struct fl_show *show, const struct fl_summary *s,
				      const struct fl_conditions *against, const char *workload)
{
	const struct fl_row *found = NULL;

	for (size_t i = 0; i < s->n_rows && !found && against->keys.n; i++)
		if (belongs(show, s, &s->rows[i], workload) && s->rows[i].n_ok)
			found = fl_summary_reference(s, &s->rows[i], against);
	return found && belongs(show, s, found, workload) ? found : NULL;
}

static void sort_by(struct fl_folds *f, const struct fl_summary *s, const char *metric,
		    bool descending)
{
	for (size_t i = 1; i < f->n; i++) {
		struct fl_fold one = f->v[i];
		struct fl_spread v = fl_fold_metric(s, &one, metric, NULL);
		size_t j = i;

		for (; j; j--) {
			struct fl_spread o = fl_fold_metric(s, &f->v[j - 1], metric, NULL);

			if (!v.n ||
			    (o.n && (descending ? o.median >= v.median : o.median <= v.median)))
				break;
			f->v[j] = f->v[j - 1];
		}
		f->v[j] = one;
	}
}

void fl_fold_rows(struct fl_folds *f, const struct fl_show *show, const struct fl_summary *s,
		  const struct fl_conditions *against, const char *workload,
		  const struct fl_column *columns, size_t n)
{
	const struct fl_row *first = reference(show, s, against, workload);

	memset(f, 0, sizeof(*f));
	f->reference = first != NULL;
	n = show->all ? 0 : n;
	if (first)
		add(fold_of(f, s, first, columns, n), first);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (row == first || !belongs(show, s, row, workload))
			continue;
		add(fold_of(f, s, row, columns, n), row);
	}
	if (show->sort)
		sort_by(f, s, show->sort, show->descending);
}

void fl_folds_release(struct fl_folds *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i].rows);
	free(f->v);
	memset(f, 0, sizeof(*f));
}
