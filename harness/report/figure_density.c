/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

/* The child that failed, or where none did as many as were asked for. */
static double children(const struct fl_summary *s, const struct fl_row *row)
{
	struct fl_spread failed = fl_summary_metric(s, row, "children_until_failure", NULL);
	struct fl_spread ok = fl_summary_metric(s, row, "children_ok", NULL);

	return failed.n ? failed.median : ok.n ? ok.median : 0;
}

static bool print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row)
{
	struct fl_spread base = fl_summary_metric(s, row, "model_children_base", NULL);
	struct fl_spread huge = fl_summary_metric(s, row, "model_children_thp", NULL);
	cleanup_free char *label = fl_figure_label(s, row);
	double n = children(s, row);

	if (n <= 0 || !base.n || !huge.n)
		return false;
	fl_figure_quote(out, label);
	fprintf(out, " %g %g %g\n", n, base.median, huge.median);
	return true;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	(void)store;
	(void)workload;
	(void)err;
	for (size_t w = 0; w < s->workloads.n; w++) {
		bool any = false;

		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				any |= print_row(out, s, &s->rows[i]);
		if (!any)
			continue;
		fl_figure_add(&args->names, s->workloads.v[w]);
		args->panels++;
		fputs("\n\n", out);
	}
	return 0;
}

const struct fl_figure fl_figure_density = {
	.name = "density",
	.title = "Children that fit",
	.caption =
		"Number of the child that could not get its memory, medians over boots, and what "
		"the "
		"model allows: a child costs its chunk with huge pages, its touched pages and page "
		"tables with base pages.",
	.data = data,
};
