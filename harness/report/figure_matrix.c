/* SPDX-License-Identifier: GPL-2.0 */
/* Test cases that are pairs, "A,B": a panel a kernel, a cell a pair, over all its points. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define ACROSS 2
#define CELL 15.0 /* pixels: a line of text */
#define HALF 0.36 /* of a cell */
#define LEAST 12  /* cells that a panel has room for */

enum { BROKEN, HELD, UNMET, WAYS };

static const struct {
	const char *name;
	enum fl_ink ink;
} ways[WAYS] = {
	[BROKEN] = { "a promise was broken", FL_INK_RED },
	[HELD] = { "under way at the same time, nothing broken", FL_INK_BLUE },
	[UNMET] = { "never under way at the same time, or left out", FL_INK_SOFT },
};

struct cell {
	size_t a, b; /* names[a], names[b] */
	uint64_t failures, tries;
	bool failed;
	unsigned int seen; /* points that tried it */
};

struct matrix {
	const char *kernel;
	struct cell *v;
	size_t n;
	bool any; /* a case had counts */
};

struct pairs {
	struct fl_strv names;
	struct matrix *v;
	size_t n;
};

static void release(struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].v);
	free(p->v);
	fl_strv_release(&p->names);
}

static struct matrix *of_kernel(struct pairs *p, const char *kernel)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].kernel, kernel))
			return &p->v[i];
	p->v = fl_realloc(p->v, (p->n + 1) * sizeof(*p->v));
	p->v[p->n] = (struct matrix){ .kernel = kernel };
	return &p->v[p->n++];
}

/* The names are in the order in which cases were tried; a is the lower one. */
static struct cell *cell_of(struct matrix *m, size_t a, size_t b)
{
	struct cell new = { .a = a > b ? b : a, .b = a > b ? a : b };

	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].a == new.a && m->v[i].b == new.b)
			return &m->v[i];
	m->v = fl_realloc(m->v, (m->n + 1) * sizeof(*m->v));
	m->v[m->n] = new;
	return &m->v[m->n++];
}

static size_t index_of(struct pairs *p, const char *name)
{
	fl_strv_add(&p->names, name);
	return fl_strv_find(&p->names, name);
}

/* "write,dontneed", or "write,dontneed (2)". */
static void take_case(struct pairs *p, struct matrix *m, const struct fl_case *c)
{
	char name[sizeof(c->name)];
	char *comma, *end;
	struct cell *cell;
	size_t a;

	snprintf(name, sizeof(name), "%s", c->name);
	comma = strchr(name, ',');
	end = name + strcspn(name, " ");
	if (!comma || comma > end || c->outcome == FL_CASE_FOUND)
		return;
	*comma = *end = '\0';
	a = index_of(p, name);
	cell = cell_of(m, a, index_of(p, comma + 1));
	cell->failures += c->failures;
	cell->tries += c->tries;
	cell->failed |= c->outcome == FL_CASE_FAIL;
	cell->seen++;
	m->any |= c->tries > 0;
}

static int by_number(const void *a, const void *b)
{
	const struct fl_case *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int read_pairs(struct pairs *p, const struct fl_summary *s, struct fl_store *store,
		      struct fl_error *err)
{
	for (size_t i = 0; i < s->n_points; i++) {
		struct fl_case *cases;
		size_t n;

		if (fl_store_cases(store, s->points[i].id, &cases, &n, err))
			return -1;
		if (n)
			qsort(cases, n, sizeof(*cases), by_number);
		for (size_t k = 0; k < n; k++)
			take_case(p, of_kernel(p, s->points[i].kernel), &cases[k]);
		fl_cases_free(cases, n);
	}
	return 0;
}

static int way_of(const struct cell *c)
{
	return c->failed ? BROKEN : c->tries ? HELD : UNMET;
}

static char *tip_of(const struct pairs *p, const struct matrix *m, const struct cell *c)
{
	return fl_asprintf("%s, %s and %s: %" PRIu64 " of %" PRIu64
			   " rounds that met broke a promise, in %u points",
			   m->kernel, p->names.v[c->a], p->names.v[c->b], c->failures, c->tries,
			   c->seen);
}

/* The pairs that broke a promise, for who sees no colours and for print. */
static char *verdict_of(const struct pairs *p, const struct matrix *m)
{
	cleanup_free char *list = fl_strdup("");
	uint64_t met = 0;
	size_t broken = 0;

	for (size_t i = 0; i < m->n; i++) {
		cleanup_free char *old = NULL;

		met += m->v[i].tries;
		if (!m->v[i].failed)
			continue;
		old = list;
		list = fl_asprintf("%s%s%s with %s", old, broken++ ? ", " : "",
				   p->names.v[m->v[i].a], p->names.v[m->v[i].b]);
	}
	if (!broken)
		return fl_asprintf("No promise broken in %" PRIu64 " rounds that met", met);
	return fl_asprintf("%zu of %zu pairs broken: %s", broken, m->n, list);
}

/* At the left and on the diagonal, where a column ends: as labels of boxes without a width. */
static void name_operations(struct fl_chart_panel *panel, const struct pairs *p)
{
	struct fl_chart_series *s = fl_chart_series(panel, "", FL_DRAW_BOXES, FL_INK_TEXT);

	for (size_t i = 0; i < p->names.n; i++) {
		struct fl_chart_point *q = fl_chart_point(s, (double)i + HALF, (double)i);

		q->from = q->x;
		q->label = fl_strdup(p->names.v[i]);
		fl_chart_tic(&panel->y, (double)i, p->names.v[i]);
	}
}

static void fill_panel(struct fl_chart *c, const struct pairs *p, const struct matrix *m)
{
	size_t at = c->n;
	struct fl_chart_panel *panel =
		fl_chart_panel(c, (unsigned int)(at / ACROSS), (unsigned int)(at % ACROSS));

	for (int w = 0; w < WAYS; w++)
		fl_chart_series(panel, ways[w].name, FL_DRAW_BOXES, ways[w].ink);
	for (size_t i = 0; i < m->n; i++) {
		const struct cell *cell = &m->v[i];
		struct fl_chart_point *q = fl_chart_point(&panel->v[way_of(cell)],
							  (double)cell->a + HALF, (double)cell->b);

		q->from = (double)cell->a - HALF;
		q->hollow = way_of(cell) == UNMET;
		q->tip = tip_of(p, m, cell);
	}
	name_operations(panel, p);
	panel->x.low = -0.6;
	panel->x.high = fmax((double)p->names.n, LEAST) - 0.4;
	panel->y.low = (double)p->names.n - 0.5;
	panel->y.high = -0.5;
	panel->title = fl_strdup(m->kernel);
	panel->verdict = verdict_of(p, m);
}

static int fill(struct fl_chart *c, const struct fl_summary *s, struct fl_store *store,
		struct fl_error *err)
{
	struct pairs p = { 0 };
	int bad = read_pairs(&p, s, store, err);

	for (size_t i = 0; i < p.n && !bad; i++)
		if (p.v[i].any)
			fill_panel(c, &p, &p.v[i]);
	c->plot_height = CELL * (double)(p.names.n ? p.names.n : 1);
	c->key = true;
	c->sub = fl_strdup("A cell is two operations on the same huge-page range, on CPUs that run "
			   "at once; over all settings and workloads of the run.");
	release(&p);
	return bad;
}

const struct fl_figure fl_figure_matrix = {
	.name = "matrix",
	.title = "Which two operations at once break a promise?",
	.caption = "Pairs of operations: red, a promise was broken; blue, they were under way at "
		   "the same time and nothing broke; hollow, they never met or were left out.",
	.fill = fill,
};
