/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/compare.h"
#include "harness/report/figures_compare.h"

#define LINES_MAX 44
#define CURVES_MAX 8

static const struct fl_figure changes = {
	.name = "compare-changes",
	.title = "What changed",
	.caption = "Change from A to B with its interval; a dot without one is exact. Grey lies "
		   "within "
		   "the noise or below what counts, a hollow mark could not be told.",
};

static const struct fl_figure distributions = {
	.name = "latency-cdf",
	.title = "Faults of A and B",
	.caption = "Distribution of all first touches that faulted, on both sides, boots of a "
		   "setting together.",
};

struct compared {
	const struct fl_comparison *c;
	struct fl_store *store;
	const char *workload;
};

static double percent(double x)
{
	return 100 * fmax(fmin(x, 9.99), -9.99);
}

static void print_line(FILE *out, const struct fl_pair *p, const struct fl_judged *j)
{
	cleanup_free char *label = fl_asprintf("%s  %s", p->label, j->metric);

	fprintf(out, "%g %g %g %d ", percent(j->change), percent(j->interval.low),
		percent(j->interval.high), j->verdict);
	fl_figure_quote(out, label);
	fputc('\n', out);
}

/* Those that changed; where there are none, the headline of a few rows: that is an answer too. */
static int changes_data(FILE *out, void *arg, struct fl_figure_args *a, struct fl_error *err)
{
	const struct compared *x = arg;
	const struct fl_comparison *c = x->c;
	bool any = c->counts[FL_WORSE] + c->counts[FL_BETTER] + c->counts[FL_DIFFERS] > 0;

	(void)err;
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];
		cleanup_free const struct fl_judged **shown = fl_calloc(p->n + 1, sizeof(*shown));
		size_t n = fl_compare_shown(p, false, shown);

		for (size_t k = 0; k < n && a->panels < LINES_MAX; k++) {
			if (((any || c->n > FL_COMPARE_FEW) && !fl_compare_is_change(shown[k])) ||
			    !isfinite(shown[k]->change))
				continue;
			print_line(out, p, shown[k]);
			a->panels++;
		}
	}
	return 0;
}

static int cdf_data(FILE *out, void *arg, struct fl_figure_args *a, struct fl_error *err)
{
	const struct compared *x = arg;
	const struct fl_comparison *c = x->c;

	a->unit = fl_summary_time(&c->b);
	for (size_t i = 0; i < c->n && a->panels < CURVES_MAX; i++) {
		const struct fl_pair *p = &c->pairs[i];
		cleanup_free char *la = fl_asprintf("A %s", p->label);
		cleanup_free char *lb = fl_asprintf("B %s", p->label);
		bool drawn;

		if (strcmp(p->b->workload_name, x->workload) ||
		    (c->n > FL_COMPARE_FEW && !fl_compare_changed(p)))
			continue;
		if (fl_latency_cdf_block(out, la, &c->a, p->a, x->store, a->panels, &drawn, err))
			return -1;
		a->panels += drawn;
		if (fl_latency_cdf_block(out, lb, &c->b, p->b, x->store, a->panels, &drawn, err))
			return -1;
		a->panels += drawn;
	}
	return 0;
}

int fl_figures_compare(struct fl_drawings *d, const struct fl_comparison *c, struct fl_store *store,
		       struct fl_error *err)
{
	cleanup_free char *dir = fl_figure_dir(&c->b, err);
	cleanup_free char *sub = fl_asprintf("A %s, B %s", c->side_a, c->side_b);
	struct compared x = { c, store, NULL };

	if (!dir || fl_figure_make(d, &changes, fl_asprintf("%s/compare-changes", dir),
				   fl_strdup(changes.title), sub, changes_data, &x, err))
		return -1;
	for (size_t i = 0; i < c->b.workloads.n; i++) {
		x.workload = c->b.workloads.v[i];
		if (fl_figure_make(d, &distributions, fl_asprintf("%s/compare-%zu", dir, i + 1),
				   fl_asprintf("%s: %s", distributions.title, x.workload), sub,
				   cdf_data, &x, err))
			return -1;
	}
	return 0;
}
