/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's huge pages at each sample step: a group of bars a step, a bar a row, and what others
 * published for that row and step as hollow marks.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/claims.h"
#include "harness/judge/sampled.h"
#include "harness/report/figures.h"

#define SERIES "host_anon_huge_at_"
#define WIDTH 0.8 /* of a group; the distance of two is 1 */

struct bars {
	const struct fl_summary *s;
	const struct fl_judged_claims *claims;
	const char *workload;
	struct fl_strv steps, labels; /* labels: of all workloads' rows */
};

static bool has_bars(const struct bars *b, const struct fl_row *row)
{
	for (size_t i = 0; i < b->steps.n; i++) {
		cleanup_free char *metric = fl_asprintf(SERIES "%s", b->steps.v[i]);

		if (fl_summary_metric(b->s, row, metric, NULL).n)
			return true;
	}
	return false;
}

static double place(const struct bars *b, size_t step, size_t label)
{
	double each = WIDTH / (double)b->labels.n;

	return (double)step + each * ((double)label - (double)(b->labels.n - 1) / 2);
}

static void print_bars(FILE *out, const struct bars *b, size_t label)
{
	bool any = false;

	for (size_t r = 0; r < b->s->n_rows; r++) {
		const struct fl_row *row = &b->s->rows[r];
		cleanup_free char *own = fl_figure_label(b->s, row);

		if (strcmp(row->workload_name, b->workload) ||
		    fl_strv_find(&b->labels, own) != label)
			continue;
		for (size_t i = 0; i < b->steps.n; i++) {
			cleanup_free char *metric = fl_asprintf(SERIES "%s", b->steps.v[i]);
			struct fl_spread v = fl_summary_metric(b->s, row, metric, NULL);

			if (v.n)
				fprintf(out, "%g %g %g %g\n", place(b, i, label), v.median / 1024,
					v.least / 1024, v.most / 1024);
			any |= v.n > 0;
		}
	}
	fputs(any ? "\n\n" : "NaN NaN NaN NaN\n\n\n", out);
}

static void print_published(FILE *out, const struct bars *b)
{
	bool any = false;

	for (size_t i = 0; i < b->claims->claims.n_published; i++) {
		const struct fl_judged_published *p = &b->claims->published[i];
		cleanup_free char *step = fl_step_of_metric(p->published->metric, SERIES, "");
		cleanup_free char *label = p->row ? fl_figure_label(b->s, p->row) : NULL;
		size_t at = step ? fl_strv_find(&b->steps, step) : b->steps.n;

		if (!label || at == b->steps.n || strcmp(p->row->workload_name, b->workload))
			continue;
		fprintf(out, "%g %g\n", place(b, at, fl_strv_find(&b->labels, label)),
			p->published->value / 1024);
		any = true;
	}
	fputs(any ? "\n\n" : "NaN NaN\n\n\n", out);
}

static void print_panel(FILE *out, const struct bars *b)
{
	for (size_t i = 0; i < b->steps.n; i++)
		fprintf(out, "%zu \"%s\"\n", i, b->steps.v[i]);
	fputs("\n\n", out);
	for (size_t l = 0; l < b->labels.n; l++)
		print_bars(out, b, l);
	print_published(out, b);
}

/* Labels of all rows first: a label has one colour in all panels. */
static void gather_labels(struct bars *b)
{
	for (size_t r = 0; r < b->s->n_rows; r++) {
		const struct fl_row *row = &b->s->rows[r];
		cleanup_free char *label = fl_figure_label(b->s, row);

		fl_strv_release(&b->steps);
		fl_steps_by_time(&b->steps, b->s, row->workload_name, SERIES);
		if (has_bars(b, row) && fl_strv_find(&b->labels, label) == b->labels.n)
			fl_strv_push(&b->labels, label);
	}
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct fl_judged_claims claims = { 0 };
	struct bars b = { .s = s, .claims = &claims };
	int bad = fl_judge_claims(&claims, s, err);

	(void)store;
	(void)workload;
	if (!bad)
		gather_labels(&b);
	for (size_t w = 0; !bad && w < s->workloads.n; w++) {
		fl_strv_release(&b.steps);
		fl_steps_by_time(&b.steps, s, s->workloads.v[w], SERIES);
		b.workload = s->workloads.v[w];
		if (!b.steps.n)
			continue;
		print_panel(out, &b);
		fl_figure_add(&args->names, b.workload);
		args->panels++;
	}
	for (size_t i = 0; i < b.labels.n; i++)
		fl_figure_add(&args->labels, b.labels.v[i]);
	fl_strv_release(&b.steps);
	fl_strv_release(&b.labels);
	fl_judged_claims_release(&claims);
	return bad;
}

const struct fl_figure fl_figure_steps = {
	.name = "steps",
	.title = "The host's huge pages at each step",
	.caption = "AnonHugePages of the guest's memory on the host at the sample steps, in their "
		   "order; medians over boots, bars from the least to the most. Rings: published.",
	.data = data,
};
