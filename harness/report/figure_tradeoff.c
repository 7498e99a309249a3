/* SPDX-License-Identifier: GPL-2.0 */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

static bool print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		      double divisor)
{
	cleanup_free char *label = s->kernels_vary ? fl_asprintf("%s %s", row->kernel, row->label)
						   : fl_strdup(row->label);
	struct fl_spread memory = fl_summary_metric(s, row, "memcg_charge_peak", NULL);
	struct fl_spread cost = fl_summary_metric(s, row, "touch_latency_mean", NULL);

	if (!memory.n || !cost.n)
		return false;
	fprintf(out, "%g %g %g %g %g %g ", memory.median / 1024, memory.least / 1024,
		memory.most / 1024, cost.median / divisor, cost.least / divisor,
		cost.most / divisor);
	fl_figure_quote(out, label);
	fputc('\n', out);
	return true;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	(void)store;
	(void)workload;
	(void)err;
	args->unit = !strcmp(s->run.timebase, "insn")  ? "instructions"
		     : !strcmp(s->run.timebase, "tcg") ? "ns of emulated time"
						       : "ns";
	args->names = fl_strdup("");
	for (size_t w = 0; w < s->workloads.n; w++) {
		bool any = false;

		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				any |= print_row(out, s, &s->rows[i], 1);
		if (any) {
			cleanup_free char *old = args->names;

			args->names = fl_asprintf("%s %s", old, s->workloads.v[w]);
			args->panels++;
			fputs("\n\n", out);
		}
	}
	return 0;
}

const struct fl_figure fl_figure_tradeoff = {
	.name = "tradeoff",
	.title = "What a setting costs and what it holds",
	.caption =
		"Mean cost of a touched page against the memory that the workload was charged for, "
		"medians over boots, bars from the least to the most. Left and low is good.",
	.data = data,
};
