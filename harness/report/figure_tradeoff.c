/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

static char *label_of(const struct fl_summary *s, const struct fl_row *row)
{
	return s->kernels_vary ? fl_asprintf("%s %s", row->kernel, row->label)
			       : fl_strdup(row->label);
}

/* Settings have the same number, and so the same mark, in every panel. */
static size_t number_of(struct fl_strv *labels, const char *label)
{
	for (size_t i = 0; i < labels->n; i++)
		if (!strcmp(labels->v[i], label))
			return i + 1;
	fl_strv_push(labels, label);
	return labels->n;
}

static bool print_row(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		      struct fl_strv *labels)
{
	cleanup_free char *label = label_of(s, row);
	struct fl_spread memory = fl_summary_metric(s, row, "memcg_charge_mean", NULL);
	struct fl_spread cost = fl_summary_metric(s, row, "touch_latency_mean", NULL);

	if (!memory.n || !cost.n)
		return false;
	fprintf(out, "%g %g %g %g %g %g %zu\n", memory.median / 1024, memory.least / 1024,
		memory.most / 1024, cost.median, cost.least, cost.most, number_of(labels, label));
	return true;
}

static void add_name(char **names, const char *mark, const char *name)
{
	char *old = *names;

	*names = fl_asprintf("%s %s%s%s", old, mark, name, mark);
	free(old);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct fl_strv labels = { 0 };

	(void)store;
	(void)workload;
	(void)err;
	args->unit = fl_summary_time(s);
	args->names = fl_strdup("");
	args->labels = fl_strdup("");
	for (size_t w = 0; w < s->workloads.n; w++) {
		bool any = false;

		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				any |= print_row(out, s, &s->rows[i], &labels);
		if (!any)
			continue;
		add_name(&args->names, "", s->workloads.v[w]);
		args->panels++;
		fputs("\n\n", out);
	}
	for (size_t i = 0; i < labels.n; i++)
		add_name(&args->labels, "\"", labels.v[i]);
	fl_strv_release(&labels);
	return 0;
}

const struct fl_figure fl_figure_tradeoff = {
	.name = "tradeoff",
	.title = "What a setting costs and what it holds",
	.caption =
		"Mean cost of a touched page against the memory that the workload's cgroup was "
		"charged for "
		"on the mean of its samples; medians over boots, bars from the least to the most. "
		"Left and low is good.",
	.data = data,
};
