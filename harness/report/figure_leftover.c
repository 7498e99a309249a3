/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

#define LINES_MAX 16

struct ticks {
	FILE *out;
	uint64_t first_ns;
	double all; /* KiB that were freed */
	size_t n;
};

/* Time from the first look after the freeing. */
static int print_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;

	if (!t->n++)
		t->first_ns = t_ns;
	fprintf(t->out, "%.4f %.2f\n", (double)(t_ns - t->first_ns) / 1e9, 100 * value / t->all);
	return 0;
}

static bool measured(const struct fl_summary *s, const struct fl_row *row)
{
	return fl_summary_metric(s, row, "guest_freed", NULL).median > 0;
}

static void list_labels(const struct fl_summary *s, struct fl_strv *labels)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		cleanup_free char *label = fl_figure_label(s, &s->rows[i]);

		if (measured(s, &s->rows[i]) && labels->n < LINES_MAX)
			fl_strv_add(labels, label);
	}
}

/* The first good boot of the row of that workload and label; nothing where there is none. */
static int print_line(FILE *out, const struct fl_summary *s, const char *workload,
		      const char *label, struct fl_store *store, struct fl_error *err)
{
	struct ticks ticks = { .out = out };

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];
		cleanup_free char *mine = fl_figure_label(s, row);

		if (strcmp(row->workload_name, workload) || strcmp(mine, label) ||
		    !measured(s, row))
			continue;
		ticks.all = fl_summary_metric(s, row, "guest_freed", NULL).median;
		for (size_t j = 0; j < row->n && !ticks.n; j++)
			if (fl_store_each_tick(store, s->points[row->points[j]].id, "host_leftover",
					       print_tick, &ticks, err))
				return -1;
	}
	fputs(ticks.n ? "\n\n" : "NaN NaN\n\n\n", out);
	return 0;
}

static bool has_panel(const struct fl_summary *s, const char *workload)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (!strcmp(s->rows[i].workload_name, workload) && measured(s, &s->rows[i]))
			return true;
	return false;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct fl_strv labels = { 0 };
	int bad = 0;

	(void)workload;
	list_labels(s, &labels);
	for (size_t i = 0; i < labels.n; i++)
		fl_figure_add(&args->labels, labels.v[i]);
	for (size_t w = 0; !bad && labels.n && w < s->workloads.n; w++) {
		if (!has_panel(s, s->workloads.v[w]))
			continue;
		fl_figure_add(&args->names, s->workloads.v[w]);
		args->panels++;
		for (size_t i = 0; !bad && i < labels.n; i++)
			bad = print_line(out, s, s->workloads.v[w], labels.v[i], store, err);
	}
	fl_strv_release(&labels);
	return bad;
}

const struct fl_figure fl_figure_leftover = {
	.name = "leftover",
	.title = "Freed by the guest, still held by the host",
	.caption = "What the host still holds of what the guest has freed, since the freeing was "
		   "done; a panel for each workload, one boot of each setting.",
	.data = data,
};
