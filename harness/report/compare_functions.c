/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's functions that execute another number of instructions, over all rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"
#include "harness/report/grid.h"

#define FAULT_SHOWN 12
#define CALLS_SHOWN 12
#define COLUMNS 4

struct function {
	const char *entry, *name; /* borrowed */
	size_t rows;
	double least, most; /* more in a fault or call of the entry */
	double each;        /* more in a call of the function itself; NAN: it is new, or gone */
	bool gone;
};

struct functions {
	struct function *v;
	size_t n;
};

static void add(struct functions *all, const struct fl_path_entry *e,
		const struct fl_path_function *f)
{
	double change = fl_path_change(e, f);
	struct function *one = NULL;

	for (size_t i = 0; i < all->n && !one; i++)
		if (!strcmp(all->v[i].name, f->name) && !strcmp(all->v[i].entry, e->name))
			one = &all->v[i];
	if (!one) {
		all->v = fl_realloc(all->v, (all->n + 1) * sizeof(*all->v));
		one = &all->v[all->n++];
		*one = (struct function){ e->name, f->name, 0, change, change, 0, false };
	}
	one->rows++;
	one->least = fmin(one->least, change);
	one->most = fmax(one->most, change);
	if (!f->insns[0] || !f->insns[1])
		one->each = NAN;
	else if (fabs(fl_path_change_of_call(f)) > fabs(one->each))
		one->each = fl_path_change_of_call(f);
	one->gone = !f->insns[1];
}

static double size_of(const struct function *f)
{
	return fmax(fabs(f->least), fabs(f->most));
}

/* The faults first. */
static int by_size(const void *a, const void *b)
{
	const struct function *f = a, *g = b;
	double x = size_of(f), y = size_of(g);

	if (fl_profile_is_fault(f->entry) != fl_profile_is_fault(g->entry))
		return fl_profile_is_fault(f->entry) ? -1 : 1;
	return (x < y) - (x > y);
}

static void collect(struct functions *all, const struct fl_comparison *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].path.n; k++) {
			const struct fl_path_entry *e = &c->pairs[i].path.entries[k];

			if (e->mix || c->pairs[i].state ||
			    (!fl_profile_is_fault(e->name) && e->entries[0] < FL_PROFILE_CALLS_MIN))
				continue;
			for (size_t f = 0; f < e->n_each; f++)
				add(all, e, &e->functions[f]);
		}
	if (all->n)
		qsort(all->v, all->n, sizeof(*all->v), by_size);
}

static void add_row(struct fl_grid *g, const struct function *f)
{
	char change[48], each[32], rows[24];
	cleanup_free char *name = fl_asprintf("%s (%s)", f->name, fl_profile_title(f->entry));

	if (f->most - f->least < 0.005)
		snprintf(change, sizeof(change), "%+.2f", f->most);
	else
		snprintf(change, sizeof(change), "%+.2f..%+.2f", f->least, f->most);
	if (isnan(f->each))
		snprintf(each, sizeof(each), "%s", f->gone ? "gone" : "new");
	else
		snprintf(each, sizeof(each), "%+.2f", f->each);
	snprintf(rows, sizeof(rows), "%zu", f->rows);
	fl_grid_row(g, (const char *[COLUMNS]){ name, change, each, rows }, NULL);
}

bool fl_compare_functions(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	struct functions all = { 0 };
	struct fl_grid g = { .name_max = 40 };
	size_t faults = 0, calls = 0, shown = 0;
	bool any;

	collect(&all, c);
	any = all.n > 0;
	fl_grid_column(&g, true, NULL, NULL, "what changed in (of)");
	fl_grid_column(&g, false, NULL, "insn a", "fault, call");
	fl_grid_column(&g, false, NULL, "in each", "call");
	fl_grid_column(&g, false, NULL, NULL, "rows");
	for (size_t i = 0; i < all.n; i++) {
		bool fault = fl_profile_is_fault(all.v[i].entry);

		if (fault ? faults++ >= FAULT_SHOWN : calls++ >= CALLS_SHOWN)
			continue;
		add_row(&g, &all.v[i]);
		shown++;
	}
	if (any)
		fl_grid_print(out, &g, width);
	if (all.n > shown)
		fprintf(out, "and %zu functions with less\n", all.n - shown);
	free(all.v);
	return any;
}
