/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/cases.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/summary.h"

/* Both sorted by name, as the store gives them. */
struct cases {
	struct fl_case *v;
	size_t n;
};

static int read_cases(struct cases *c, struct fl_store *store, const struct fl_stored_point *p,
		      struct fl_error *err)
{
	return fl_store_cases(store, p->id, &c->v, &c->n, err);
}

/* In the place of one that is there: a point has one value of a metric. */
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
	const struct cases *refs; /* of the first row's boots */
	size_t n_refs;
	size_t changed, unexplained;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct fl_case *)a)->name, ((const struct fl_case *)b)->name);
}

static const struct fl_case *find(const struct cases *c, const char *name)
{
	struct fl_case key = { .number = 0 };

	snprintf(key.name, sizeof(key.name), "%s", name);
	return c->n ? bsearch(&key, c->v, c->n, sizeof(*c->v), by_name) : NULL;
}

/* What one boot of the first row had is no change in another row. */
static bool seen_before(const struct diff *d, const char *name, enum fl_case_outcome is)
{
	for (size_t i = 1; i < d->n_refs; i++) {
		const struct fl_case *c = find(&d->refs[i], name);

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
	if (c.was == c.is || seen_before(d, c.name, c.is))
		return;
	c.why = explanation(&d->all->claims, d->s, &c);
	d->changed++;
	d->unexplained += !c.why;
	if (listed(d->all, &c))
		return;
	d->all->v = fl_realloc(d->all->v, (d->all->n + 1) * sizeof(*d->all->v));
	d->all->v[d->all->n++] = c;
}

/*
 * A case that has no partner by name has one by number: names may hold what was measured, and a
 * case that was skipped may have none.
 */
static const struct fl_case *partner(const struct cases *own, const struct cases *others,
				     const struct fl_case *c)
{
	const struct fl_case *p = find(others, c->name);

	for (size_t i = 0; !p && i < others->n; i++)
		if (others->v[i].number == c->number && !find(own, others->v[i].name))
			p = &others->v[i];
	return p;
}

static void compare(struct diff *d, const struct cases *now)
{
	const struct cases *first = &d->refs[0];

	for (size_t i = 0; i < first->n; i++)
		note(d, &first->v[i], partner(first, now, &first->v[i]));
	for (size_t i = 0; i < now->n; i++)
		if (!partner(now, first, &now->v[i]))
			note(d, NULL, &now->v[i]);
}

static int compare_point(struct diff *d, struct fl_store *store, struct fl_stored_point *p,
			 struct fl_error *err)
{
	struct cases now;

	d->changed = d->unexplained = 0;
	if (read_cases(&now, store, p, err))
		return -1;
	compare(d, &now);
	put_metric(p, "cases_changed", d->changed);
	put_metric(p, "cases_unexplained", d->unexplained);
	free(now.v);
	return 0;
}

static bool good(const struct fl_stored_point *p)
{
	return !strcmp(p->status, "ok");
}

/* The boots of a workload's first row that was measured; *n is 0 where they tell of no case. */
static int read_first(struct cases **refs, size_t *n, struct fl_summary *s, struct fl_store *store,
		      const char *workload, struct fl_error *err)
{
	size_t r = 0;
	int bad = 0;

	*refs = NULL;
	*n = 0;
	while (r < s->n_rows &&
	       (strcmp(s->rows[r].workload_name, workload) != 0 || !s->rows[r].n_ok))
		r++;
	for (size_t i = 0; !bad && r < s->n_rows && i < s->rows[r].n; i++) {
		const struct fl_stored_point *p = &s->points[s->rows[r].points[i]];

		if (!good(p))
			continue;
		*refs = fl_realloc(*refs, (*n + 1) * sizeof(**refs));
		bad = read_cases(&(*refs)[*n], store, p, err);
		if (bad || !(*refs)[*n].n)
			break;
		++*n;
	}
	return bad;
}

static int read_workload(struct fl_case_changes *c, struct fl_summary *s, struct fl_store *store,
			 const char *workload, struct fl_error *err)
{
	struct diff d = { .all = c, .s = s };
	struct cases *refs;
	int bad = read_first(&refs, &d.n_refs, s, store, workload, err);

	d.refs = refs;
	c->any |= d.n_refs > 0;
	for (size_t r = 0; !bad && d.n_refs && r < s->n_rows; r++) {
		d.row = &s->rows[r];
		for (size_t i = 0; !bad && i < d.row->n; i++) {
			struct fl_stored_point *p = &s->points[d.row->points[i]];

			if (!strcmp(d.row->workload_name, workload) && good(p))
				bad = compare_point(&d, store, p, err);
		}
	}
	for (size_t i = 0; i < d.n_refs; i++)
		free(refs[i].v);
	free(refs);
	return bad;
}

int fl_case_changes_read(struct fl_case_changes *c, struct fl_summary *s, struct fl_store *store,
			 struct fl_error *err)
{
	int bad;

	memset(c, 0, sizeof(*c));
	bad = fl_claims_parse(&c->claims, s->run.experiment_text, err);
	for (size_t w = 0; !bad && w < s->workloads.n; w++)
		bad = read_workload(c, s, store, s->workloads.v[w], err);
	return bad;
}

void fl_case_changes_release(struct fl_case_changes *c)
{
	fl_claims_release(&c->claims);
	free(c->v);
	memset(c, 0, sizeof(*c));
}
