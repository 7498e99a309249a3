/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_TOUCHES_H
#define FL_JUDGE_TOUCHES_H

#include "harness/judge/summary.h"
#include "harness/stats/quantile.h"

/*
 * How long the first touches of a row took: pages and regions of all its ok boots in one histogram,
 * as a task experiences them.
 */
struct fl_touches {
	struct fl_bin *v; /* free(3) it */
	size_t n, room;
	double total;
};

/* n is 0 where the row has none.  0 or -1; t->v is to be freed in any case. */
int fl_touches_read(struct fl_touches *t, const struct fl_summary *s, const struct fl_row *row,
		    struct fl_store *store, struct fl_error *err);

/*
 * Sorts bins of several boots, whose borders may differ, and makes them disjoint: one that begins
 * within the bin before it begins where that ends, one that lies within it is added to it.  No
 * value moves further than a bin is wide.  Returns how many are left.
 */
size_t fl_touches_join(struct fl_bin *v, size_t n);

#endif
