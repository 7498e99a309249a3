/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

struct bucket {
	double low, high;
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

	b->v = fl_realloc(b->v, (b->n + 1) * sizeof(*b->v));
	b->v[b->n++] = (struct bucket){ low, high, count };
	b->total += count;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	double x = ((const struct bucket *)a)->low, y = ((const struct bucket *)b)->low;

	return (x > y) - (x < y);
}

/* Boots and classes have the same buckets: one of each is left. */
static void merge(struct buckets *b)
{
	size_t n = 0;

	if (b->n)
		qsort(b->v, b->n, sizeof(*b->v), ascending);
	for (size_t i = 0; i < b->n; i++) {
		if (n && b->v[n - 1].low >= b->v[i].low) {
			b->v[n - 1].count += b->v[i].count;
			b->v[n - 1].high = fmax(b->v[n - 1].high, b->v[i].high);
		} else {
			b->v[n++] = b->v[i];
		}
	}
	b->n = n;
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
	merge(b);
	return 0;
}

/* Marks lie evenly along a curve as it is drawn, and not on those of its neighbours. */
struct marks {
	double x, y;
};

static bool is_mark(struct marks *m, double latency, double share)
{
	double x = log10(latency), y = -log10(fmax(1 - share, 1e-6));

	if (hypot(x - m->x, y - m->y) < 0.9)
		return false;
	*m = (struct marks){ x, y };
	return true;
}

/* A bucket is a slope from its low to its high edge, a gap between buckets is flat. */
static void print_block(FILE *out, const char *label, const struct buckets *b, unsigned int number)
{
	struct marks m = { log10(b->v[0].high) - 0.13 * (number % 7), 0 };
	uint64_t sum = 0;

	fl_figure_quote(out, label);
	fputc('\n', out);
	for (size_t i = 0; i < b->n; i++) {
		double share = (double)sum / (double)b->total;

		if (b->v[i].low > 0)
			fprintf(out, "%.9g %.9f 0\n", b->v[i].low, share);
		sum += b->v[i].count;
		share = (double)sum / (double)b->total;
		fprintf(out, "%.9g %.9f %d\n", b->v[i].high, share,
			is_mark(&m, b->v[i].high, share));
	}
	fputs("\n\n", out);
}

int fl_latency_cdf_block(FILE *out, const char *label, const struct fl_summary *s,
			 const struct fl_row *row, struct fl_store *store, unsigned int number,
			 bool *drawn, struct fl_error *err)
{
	struct buckets b = { 0 };
	int bad = gather(&b, s, row, store, err);

	*drawn = !bad && b.total;
	if (*drawn)
		print_block(out, label, &b, number);
	free(b.v);
	return bad;
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	args->unit = fl_summary_time(s);
	for (size_t i = 0; i < s->n_rows; i++) {
		cleanup_free char *label = NULL;
		bool drawn;

		if (strcmp(s->rows[i].workload_name, workload))
			continue;
		label = fl_figure_label(s, &s->rows[i]);
		if (fl_latency_cdf_block(out, label, s, &s->rows[i], store, args->panels, &drawn,
					 err))
			return -1;
		args->panels += drawn;
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
