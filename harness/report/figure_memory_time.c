/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define PANELS_MAX 6

struct ticks {
	FILE *out;
	size_t n;
};

static int print_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;

	fprintf(t->out, "%.4f %.2f\n", (double)t_ns / 1e9, value / 1024);
	t->n++;
	return 0;
}

/* The first boot that went well shows a row. */
static const struct fl_stored_point *boot_of(const struct fl_summary *s, const struct fl_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!strcmp(s->points[row->points[i]].status, "ok"))
			return &s->points[row->points[i]];
	return NULL;
}

static int print_panel(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		       struct fl_store *store, struct fl_figure_args *args, bool *any,
		       struct fl_error *err)
{
	static const char *const series[] = { "guest_rss", "guest_anon_huge", "host_rss",
					      "host_anon_huge" };
	const struct fl_stored_point *p = boot_of(s, row);
	cleanup_free char *label = fl_figure_label(s, row);

	fl_figure_add(&args->names, label);
	args->panels++;
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		struct ticks ticks = { out, 0 };

		if (fl_store_each_tick(store, p->id, series[i], print_tick, &ticks, err))
			return -1;
		/* On the target "host" there is no host side; an empty block would move the next.
		 */
		fputs(ticks.n ? "\n\n" : "NaN NaN\n\n\n", out);
		*any |= ticks.n > 0;
	}
	return 0;
}

/* More settings than panels: those spread evenly over the sweep, ends included. */
static bool has_panel(size_t i, size_t n)
{
	return n <= PANELS_MAX || !i ||
	       i * (PANELS_MAX - 1) / (n - 1) != (i - 1) * (PANELS_MAX - 1) / (n - 1);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	size_t mine = 0, seen = 0;
	bool any = false;

	if (!strcmp(s->run.timebase, "insn")) /* two samples are no course */
		return 0;
	for (size_t i = 0; i < s->n_rows; i++)
		mine += !strcmp(s->rows[i].workload_name, workload) && s->rows[i].n_ok;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (strcmp(row->workload_name, workload) || !row->n_ok)
			continue;
		if (has_panel(seen++, mine) && print_panel(out, s, row, store, args, &any, err))
			return -1;
	}
	args->panels = any ? args->panels : 0;
	return 0;
}

const struct fl_figure fl_figure_memory_time = {
	.name = "memory-time",
	.title = "Memory over time",
	.caption = "Resident and huge memory of the workload in the guest, and of the guest's "
		   "memory on the "
		   "host, on one time line; one boot of each setting.",
	.per_workload = true,
	.data = data,
};
