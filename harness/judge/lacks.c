/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's counters that one side of a comparison has and the other has not. */
#include <string.h>

#include "harness/judge/comparison.h"

static bool has(const struct fl_summary *s, const struct fl_row *row, const char *metric)
{
	return fl_summary_metric(s, row, metric, NULL).n > 0;
}

static bool any_has(const struct fl_comparison *c, const char *metric, bool of_b)
{
	for (size_t i = 0; i < c->n; i++)
		if (of_b ? has(&c->b, c->pairs[i].b, metric) : has(&c->a, c->pairs[i].a, metric))
			return true;
	return false;
}

/* Names of a row that no row of the other side has. */
static void add(const struct fl_comparison *c, const struct fl_row *row, bool of_b,
		struct fl_strv *lacks)
{
	const struct fl_summary *s = of_b ? &c->b : &c->a;
	const struct fl_stored_point *p = fl_summary_good_boot(s, row);

	for (size_t i = 0; p && i < p->n_metrics; i++) {
		const char *name = p->metrics[i].name;
		const struct fl_metric *m = fl_summary_meaning(s, name);

		if (m && m->owner == FL_OWNER_KERNEL && !fl_strv_has(lacks, name) &&
		    !any_has(c, name, !of_b))
			fl_strv_push(lacks, name);
	}
}

/* Kernels of the same name and release have the same counters: one that is missing was not read. */
static bool is_another(const struct fl_comparison *c, const struct fl_pair *p)
{
	const struct fl_stored_point *a = fl_summary_good_boot(&c->a, p->a);
	const struct fl_stored_point *b = fl_summary_good_boot(&c->b, p->b);

	if (!a || !b)
		return false;
	return strcmp(a->kernel, b->kernel) != 0 ||
	       strcmp(a->kernel_release ? a->kernel_release : "",
		      b->kernel_release ? b->kernel_release : "") != 0;
}

void fl_note_lacks(struct fl_comparison *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];

		if (!is_another(c, p))
			continue;
		add(c, p->b, true, &c->lacks_a);
		add(c, p->a, false, &c->lacks_b);
	}
}
