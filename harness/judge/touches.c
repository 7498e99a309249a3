/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/touches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int take(void *arg, double low, double high, uint64_t count)
{
	struct fl_touches *t = arg;

	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 256;
		t->v = fl_realloc(t->v, t->room * sizeof(*t->v));
	}
	t->v[t->n++] = (struct fl_bin){ low, high, (double)count };
	t->total += (double)count;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct fl_bin *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return (x->high > y->high) - (x->high < y->high);
}

size_t fl_touches_join(struct fl_bin *v, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(v, n, sizeof(*v), by_place);
	for (size_t i = 0; i < n; i++) {
		struct fl_bin b = v[i];

		if (kept && b.high <= v[kept - 1].high) {
			v[kept - 1].weight += b.weight;
			continue;
		}
		if (kept)
			b.low = fmax(b.low, v[kept - 1].high);
		v[kept++] = b;
	}
	return kept;
}

int fl_touches_read(struct fl_touches *t, const struct fl_summary *s, const struct fl_row *row,
		    struct fl_store *store, struct fl_error *err)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		if (!strcmp(p->status, "ok") &&
		    (fl_store_each_bucket(store, p->id, "base", take, t, err) ||
		     fl_store_each_bucket(store, p->id, "region", take, t, err)))
			return -1;
	}
	t->n = fl_touches_join(t->v, t->n);
	return 0;
}
