/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

struct bucket {
	double high;
	uint64_t count;
};

struct buckets {
	struct bucket *v;
	size_t n;
	uint64_t total;
};

static int take(void *arg, double low, double high, uint64_t count)
{
	struct buckets *b = arg;

	(void)low;
	b->v = fl_realloc(b->v, (b->n + 1) * sizeof(*b->v));
	b->v[b->n++] = (struct bucket){ high, count };
	b->total += count;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	double x = ((const struct bucket *)a)->high, y = ((const struct bucket *)b)->high;

	return (x > y) - (x < y);
}

/* All boots of a row together, pages and first touches of regions: what a task meets. */
static int gather(struct buckets *b, const struct fl_summary *s, const struct fl_row *row,
		  struct fl_store *store, struct fl_error *err)
{
	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		if (strcmp(p->status, "ok"))
			continue;
		if (fl_store_each_bucket(store, p->id, "base", take, b, err) ||
		    fl_store_each_bucket(store, p->id, "region", take, b, err))
			return -1;
	}
	if (b->n)
		qsort(b->v, b->n, sizeof(*b->v), ascending);
	return 0;
}

static void print_block(FILE *out, const struct fl_row *row, const struct buckets *b, bool kernels,
			bool first)
{
	cleanup_free char *label =
		kernels ? fl_asprintf("%s %s", row->kernel, row->label) : fl_strdup(row->label);
	uint64_t sum = 0;

	if (!first)
		fputs("\n\n", out);
	fl_figure_quote(out, label);
	fputc('\n', out);
	for (size_t i = 0; i < b->n; i++) {
		sum += b->v[i].count;
		fprintf(out, "%g %.9f\n", b->v[i].high, (double)sum / (double)b->total);
	}
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	args->unit = fl_summary_time(s);
	for (size_t i = 0; i < s->n_rows; i++) {
		struct buckets b = { 0 };

		if (strcmp(s->rows[i].workload_name, workload))
			continue;
		if (gather(&b, s, &s->rows[i], store, err))
			return -1;
		if (b.n)
			print_block(out, &s->rows[i], &b, s->kernels_vary, !args->panels++);
		free(b.v);
	}
	return 0;
}

const struct fl_figure fl_figure_latency_cdf = {
	.name = "latency-cdf",
	.title = "How long a first touch takes",
	.caption =
		"Distribution of all first touches, boots of a setting together. The scale of the "
		"share is stretched by nines, so that the tail can be read.",
	.per_workload = true,
	.data = data,
};
