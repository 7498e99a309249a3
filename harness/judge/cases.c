/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/cases.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/summary.h"

static void free_all(struct fl_case_list *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fl_cases_free(all[i].v, all[i].n);
	free(all);
}

/* Of each point, in the order of s->points; NULL with err. */
static struct fl_case_list *read_all(const struct fl_summary *s, struct fl_store *store,
				     struct fl_error *err)
{
	struct fl_case_list *all = fl_calloc(s->n_points + 1, sizeof(*all));

	for (size_t i = 0; i < s->n_points; i++)
		if (fl_store_cases(store, s->points[i].id, &all[i].v, &all[i].n, err)) {
			free_all(all, i);
			return NULL;
		}
	return all;
}

/* Replaces an existing one: a point has one value per metric. */
static void put_metric(struct fl_stored_point *p, const char *name, size_t value)
{
	struct fl_stored_metric *m;

	for (size_t i = 0; i < p->n_metrics; i++) {
		if (!strcmp(p->metrics[i].name, name)) {
			p->metrics[i].value = (double)value;
			return;
		}
	}
	p->metrics = fl_realloc(p->metrics, (p->n_metrics + 1) * sizeof(*p->metrics));
	m = &p->metrics[p->n_metrics++];
	m->name = fl_strdup(name);
	m->unit = fl_strdup(fl_unit_name(FL_UNIT_COUNT, FL_TIME_HARDWARE));
	m->value = (double)value;
}

static const struct fl_explained *explanation(const struct fl_claims *c, const struct fl_summary *s,
					      const struct fl_case_change *change)
{
	for (size_t i = 0; i < c->n_explained; i++) {
		const struct fl_explained *e = &c->explained[i];

		if (fl_summary_takes(s, change->row, &e->of) &&
		    !fnmatch(e->cases, change->name, 0) &&
		    (!e->says || !fnmatch(e->says, change->detail, 0)) &&
		    (!e->is || !strcmp(e->is, fl_case_outcomes[change->is])))
			return e;
	}
	return NULL;
}

static bool listed(const struct fl_case_changes *c, const struct fl_case_change *change)
{
	for (size_t i = c->n; i-- > 0 && c->v[i].row == change->row;)
		if (!strcmp(c->v[i].name, change->name) && c->v[i].is == change->is)
			return true;
	return false;
}

struct diff {
	struct fl_case_changes *all;
	const struct fl_summary *s;
	const struct fl_row *row;
	const struct fl_case_list *points; /* of each point of s */
	const struct fl_case_list **refs;  /* of the first row's boots */
	size_t n_refs;
	const struct fl_strv *found; /* reports of KCSAN that the first row's kernel had anywhere */
	size_t changed, unexplained;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct fl_case *)a)->name, ((const struct fl_case *)b)->name);
}

static const struct fl_case *find(const struct fl_case_list *c, const char *name)
{
	struct fl_case key = { .number = 0 };

	snprintf(key.name, sizeof(key.name), "%s", name);
	return c->n ? bsearch(&key, c->v, c->n, sizeof(*c->v), by_name) : NULL;
}

/*
 * An outcome that any boot of the first row had is no change in another row.  Data races are met by
 * chance: a race that the first kernel had anywhere counts as known, and a race that did not occur
 * is not "gone".
 */
static bool seen_before(const struct diff *d, const char *name, enum fl_case_outcome was,
			enum fl_case_outcome is)
{
	if (was == FL_CASE_FOUND || (is == FL_CASE_FOUND && fl_strv_has(d->found, name)))
		return true;
	for (size_t i = 1; i < d->n_refs; i++) {
		const struct fl_case *c = find(d->refs[i], name);

		if ((c ? c->outcome : FL_CASE_GONE) == is)
			return true;
	}
	return false;
}

/* One side may be NULL: the case is gone, or is new. */
static void note(struct diff *d, const struct fl_case *was, const struct fl_case *is)
{
	const struct fl_case *name = was ? was : is, *detail = is ? is : was;
	struct fl_case_change c = { .row = d->row, .was_there = was != NULL };

	c.was = was ? was->outcome : FL_CASE_GONE;
	c.is = is ? is->outcome : FL_CASE_GONE;
	memcpy(c.name, name->name, sizeof(c.name));
	memcpy(c.detail, detail->detail, sizeof(c.detail));
	if (c.was == c.is || seen_before(d, c.name, c.was, c.is))
		return;
	c.why = explanation(&d->all->claims, d->s, &c);
	d->changed++;
	d->unexplained += !c.why;
	if (listed(d->all, &c))
		return;
	d->all->v = fl_realloc(d->all->v, (d->all->n + 1) * sizeof(*d->all->v));
	d->all->v[d->all->n++] = c;
}

const struct fl_case *fl_case_partner(const struct fl_case_list *own,
				      const struct fl_case_list *others, const struct fl_case *c)
{
	const struct fl_case *p = find(others, c->name);

	if (c->outcome == FL_CASE_FOUND)
		return p;
	for (size_t i = 0; !p && i < others->n; i++)
		if (others->v[i].outcome != FL_CASE_FOUND && others->v[i].number == c->number &&
		    !find(own, others->v[i].name))
			p = &others->v[i];
	return p;
}

static void compare(struct diff *d, const struct fl_case_list *now)
{
	const struct fl_case_list *first = d->refs[0];

	for (size_t i = 0; i < first->n; i++)
		note(d, &first->v[i], fl_case_partner(first, now, &first->v[i]));
	for (size_t i = 0; i < now->n; i++)
		if (!fl_case_partner(now, first, &now->v[i]))
			note(d, NULL, &now->v[i]);
}

static void compare_point(struct diff *d, struct fl_stored_point *p, const struct fl_case_list *now)
{
	d->changed = d->unexplained = 0;
	compare(d, now);
	put_metric(p, "cases_changed", d->changed);
	put_metric(p, "cases_unexplained", d->unexplained);
}

static bool good(const struct fl_stored_point *p)
{
	return !strcmp(p->status, "ok");
}

static const struct fl_row *first_row(const struct fl_summary *s, const char *workload)
{
	for (size_t r = 0; r < s->n_rows; r++)
		if (!strcmp(s->rows[r].workload_name, workload) && s->rows[r].n_ok)
			return &s->rows[r];
	return NULL;
}

static void take_refs(struct diff *d, const struct fl_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!good(&d->s->points[row->points[i]]))
			continue;
		d->refs = fl_realloc(d->refs, (d->n_refs + 1) * sizeof(*d->refs));
		d->refs[d->n_refs++] = &d->points[row->points[i]];
	}
}

static bool has_cases(const struct diff *d, const char *workload)
{
	for (size_t i = 0; i < d->s->n_points; i++)
		if (d->points[i].n && !strcmp(d->s->points[i].workload_name, workload) &&
		    good(&d->s->points[i]))
			return true;
	return false;
}

static void compare_rows(struct diff *d, struct fl_summary *s, const char *workload)
{
	for (size_t r = 0; r < s->n_rows; r++) {
		d->row = &s->rows[r];
		for (size_t i = 0; i < d->row->n; i++) {
			size_t at = d->row->points[i];

			if (!strcmp(d->row->workload_name, workload) && good(&s->points[at]))
				compare_point(d, &s->points[at], &d->points[at]);
		}
	}
}

static void judge_workload(struct fl_case_changes *c, struct fl_summary *s,
			   const struct fl_case_list *points, const char *workload,
			   const struct fl_strv *found)
{
	struct diff d = { .all = c, .s = s, .points = points, .found = found };
	const struct fl_row *first = first_row(s, workload);

	if (!first || !has_cases(&d, workload))
		return;
	c->any = true;
	take_refs(&d, first);
	compare_rows(&d, s, workload);
	free(d.refs);
}

/* Reports of KCSAN on the kernel of the first measured row. */
static void take_found(struct fl_strv *found, const struct fl_summary *s,
		       const struct fl_case_list *points)
{
	const char *kernel = NULL;

	for (size_t r = 0; r < s->n_rows && !kernel; r++)
		kernel = s->rows[r].n_ok ? s->rows[r].kernel : NULL;
	for (size_t i = 0; kernel && i < s->n_points; i++) {
		if (strcmp(s->points[i].kernel, kernel) != 0)
			continue;
		for (size_t k = 0; k < points[i].n; k++)
			if (points[i].v[k].outcome == FL_CASE_FOUND)
				fl_strv_add(found, points[i].v[k].name);
	}
}

int fl_case_changes_read(struct fl_case_changes *c, struct fl_summary *s, struct fl_store *store,
			 struct fl_error *err)
{
	struct fl_strv found = { 0 };
	struct fl_case_list *points;

	memset(c, 0, sizeof(*c));
	if (fl_claims_parse(&c->claims, s->run.experiment_text, err))
		return -1;
	points = read_all(s, store, err);
	if (!points)
		return -1;
	take_found(&found, s, points);
	for (size_t w = 0; w < s->workloads.n; w++)
		judge_workload(c, s, points, s->workloads.v[w], &found);
	fl_strv_release(&found);
	free_all(points, s->n_points);
	return 0;
}

void fl_case_changes_release(struct fl_case_changes *c)
{
	fl_claims_release(&c->claims);
	free(c->v);
	memset(c, 0, sizeof(*c));
}
