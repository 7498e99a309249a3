/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

static double median(const struct fl_summary *s, const struct fl_row *row, const char *metric)
{
	struct fl_spread v = fl_summary_metric(s, row, metric, NULL);

	return v.n ? v.median : 0;
}

static void print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row)
{
	cleanup_free char *label = fl_figure_label(s, row);

	fl_figure_quote(out, label);
	fprintf(out, " %g %g %g %g\n", median(s, row, "promotions_copy"),
		median(s, row, "promotions_in_place_khugepaged"),
		median(s, row, "promotions_in_place_fault"), median(s, row, "thp_fault_alloc"));
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	(void)store;
	(void)workload;
	(void)err;
	for (size_t w = 0; w < s->workloads.n; w++) {
		bool any = false;

		for (size_t i = 0; i < s->n_rows; i++) {
			if (strcmp(s->rows[i].workload_name, s->workloads.v[w]) || !s->rows[i].n_ok)
				continue;
			print_row(out, s, &s->rows[i]);
			any = true;
		}
		if (!any)
			continue;
		fl_figure_add(&args->names, s->workloads.v[w]);
		args->panels++;
		fputs("\n\n", out);
	}
	return 0;
}

const struct fl_figure fl_figure_promotions = {
	.name = "promotions",
	.title = "Promotions to huge pages",
	.caption = "Ranges that became huge after they were in use, by kind, medians over boots. "
		   "Huge pages "
		   "that a fault allocated at once are no promotions: they are the rings.",
	.data = data,
};
