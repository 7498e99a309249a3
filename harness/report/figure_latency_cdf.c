/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/touches.h"
#include "harness/report/figures.h"

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
static void print_block(FILE *out, const char *label, const struct fl_touches *b,
			unsigned int number)
{
	struct marks m = { log10(b->v[0].high) - 0.13 * (number % 7), 0 };
	double sum = 0;

	fl_figure_quote(out, label);
	fputc('\n', out);
	for (size_t i = 0; i < b->n; i++) {
		double share = sum / b->total;

		if (b->v[i].low > 0)
			fprintf(out, "%.9g %.9f 0\n", b->v[i].low, share);
		sum += b->v[i].weight;
		share = sum / b->total;
		fprintf(out, "%.9g %.9f %d\n", b->v[i].high, share,
			is_mark(&m, b->v[i].high, share));
	}
	fputs("\n\n", out);
}

int fl_latency_cdf_block(FILE *out, const char *label, const struct fl_summary *s,
			 const struct fl_row *row, struct fl_store *store, unsigned int number,
			 bool *drawn, struct fl_error *err)
{
	struct fl_touches b;
	int bad = fl_touches_read(&b, s, row, store, err);

	*drawn = !bad && b.total > 0;
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
	.title = "How long a first touch that faults takes",
	.caption = "Distribution of all first touches that faulted, boots of a setting together. "
		   "The scale of the "
		   "share is stretched by nines, so that the tail can be read.",
	.per_workload = true,
	.data = data,
};
