/* SPDX-License-Identifier: GPL-2.0 */
/* What changed, by metric over all rows: where so many rows changed that nobody reads them all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"
#include "harness/report/grid.h"

#define COLUMNS 5
#define SHOWN 24

struct metric {
	const struct fl_judged *of; /* its first */
	size_t worse, better;
	double least, most; /* changes of these; INFINITY: from 0 */
	const char *row;    /* where it changed most */
	double largest;
};

struct metrics {
	struct metric *v;
	size_t n;
};

static void add(struct metrics *all, const struct fl_pair *p, const struct fl_judged *j)
{
	struct metric *m = NULL;

	for (size_t i = 0; i < all->n && !m; i++)
		if (!strcmp(all->v[i].of->metric, j->metric))
			m = &all->v[i];
	if (!m) {
		all->v = fl_realloc(all->v, (all->n + 1) * sizeof(*all->v));
		m = &all->v[all->n++];
		*m = (struct metric){ .of = j, .least = j->change, .most = j->change };
	}
	m->worse += j->verdict == FL_WORSE;
	m->better += j->verdict == FL_BETTER;
	m->least = fmin(m->least, j->change);
	m->most = fmax(m->most, j->change);
	if (!m->row || fabs(j->change) > m->largest) {
		m->largest = fabs(j->change);
		m->row = p->name;
	}
}

/* Headlines first, then what changed in most rows. */
static int by_rows(const void *a, const void *b)
{
	const struct metric *x = a, *y = b;
	bool hx = x->of->meaning->headline, hy = y->of->meaning->headline;
	size_t nx = x->worse + x->better, ny = y->worse + y->better;

	if (hx != hy)
		return hx ? -1 : 1;
	if (nx != ny)
		return nx < ny ? 1 : -1;
	return strcmp(x->of->metric, y->of->metric);
}

static void change_text(const struct metric *m, char *out, size_t len)
{
	struct fl_judged least = *m->of, most = *m->of;
	char low[32], high[32];

	least.change = m->least;
	most.change = m->most;
	if (isinf(m->least) || isinf(m->most)) {
		snprintf(out, len, "%s", isinf(m->least) ? "from 0" : "up from 0");
		return;
	}
	fl_judged_change(&least, low, sizeof(low));
	fl_judged_change(&most, high, sizeof(high));
	if (strcmp(low, high))
		snprintf(out, len, "%s to %s", low, high);
	else
		snprintf(out, len, "%s", low);
}

static void add_row(struct fl_grid *g, const struct metric *m)
{
	char worse[24], better[24], change[72];

	snprintf(worse, sizeof(worse), "%zu", m->worse);
	snprintf(better, sizeof(better), "%zu", m->better);
	change_text(m, change, sizeof(change));
	fl_grid_row(g, (const char *[COLUMNS]){ m->of->metric, worse, better, change, m->row },
		    NULL);
}

void fl_compare_by_metric(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	struct metrics all = { 0 };
	struct fl_grid g = { 0 };

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (j->verdict == FL_WORSE || j->verdict == FL_BETTER)
				add(&all, &c->pairs[i], j);
		}
	if (!all.n)
		return;
	qsort(all.v, all.n, sizeof(*all.v), by_rows);
	fl_grid_column(&g, true, NULL, NULL, "metric");
	fl_grid_column(&g, false, "rows", NULL, "worse");
	fl_grid_column(&g, false, "rows", NULL, "better");
	fl_grid_column(&g, false, NULL, NULL, "change in them");
	fl_grid_column(&g, true, NULL, NULL, "most in");
	for (size_t i = 0; i < all.n && i < SHOWN; i++)
		add_row(&g, &all.v[i]);
	fl_grid_fits(&g, width);
	fputc('\n', out);
	fl_grid_print(out, &g, width);
	if (all.n > SHOWN)
		fprintf(out, "and %zu metrics in fewer rows\n", all.n - SHOWN);
	fputs("each row: --all, or compare RUN@workload=NAME\n", out);
	free(all.v);
}
