/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/crossing.h"
#include "harness/report/figures.h"

static const struct fl_crossing_curve *curve_of(const struct fl_judged_crossings *j,
						const struct fl_crossing *x, const char *workload)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->curves[i].crossing == x && !strcmp(j->curves[i].workload, workload))
			return j->curves[i].n ? &j->curves[i] : NULL;
	return NULL;
}

/* Shares of the reference, so that both have one axis; T is drawn as a logarithm. */
static void print_curve(FILE *out, const struct fl_crossing_curve *c)
{
	for (size_t i = 0; c && i < c->n; i++) {
		const struct fl_crossing_step *s = &c->steps[i];

		if (s->at > 0 && c->price.median > 0 && c->saving.median > 0)
			fprintf(out, "%g %g %g\n", s->at, 100 * s->saved / c->saving.median,
				100 * s->extra / c->price.median);
	}
	fputs("NaN NaN NaN\n\n\n", out);
}

/* "usemem: held_rss": what is saved is not the same quantity for every workload. */
static void name_panel(struct fl_figure_args *args, const struct fl_judged_crossings *j,
		       const char *workload)
{
	struct fl_strv saved = { 0 };
	char *name = fl_strdup(workload);

	for (size_t i = 0; i < j->n; i++) {
		const struct fl_crossing_curve *c = &j->curves[i];
		cleanup_free char *old = NULL;

		if (strcmp(c->workload, workload) != 0 || !c->saving_name ||
		    !fl_strv_add(&saved, c->saving_name))
			continue;
		old = name;
		name = fl_asprintf("%s%s%s", old, saved.n == 1 ? ": " : ", ", c->saving_name);
	}
	fl_figure_add(&args->names, name);
	fl_strv_release(&saved);
	free(name);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct fl_judged_crossings j;

	(void)store;
	(void)workload;
	if (fl_judge_crossings(&j, s, err))
		return -1;
	for (size_t w = 0; w < s->workloads.n; w++) {
		bool any = false;

		for (size_t i = 0; i < j.crossings.n; i++)
			any |= curve_of(&j, &j.crossings.v[i], s->workloads.v[w]) != NULL;
		if (!any)
			continue;
		for (size_t i = 0; i < j.crossings.n; i++)
			print_curve(out, curve_of(&j, &j.crossings.v[i], s->workloads.v[w]));
		name_panel(args, &j, s->workloads.v[w]);
		args->panels++;
	}
	for (size_t i = 0; i < j.crossings.n; i++)
		fl_figure_add(&args->labels, j.crossings.v[i].name);
	fl_judged_crossings_release(&j);
	return 0;
}

const struct fl_figure fl_figure_crossing = {
	.name = "crossing",
	.title = "What waiting saves and what it costs",
	.caption =
		"For each crossing of the experiment: memory saved (filled, solid) and the extra "
		"price (open, dashed), both in percent of the reference, over the threshold T. "
		"Where the dashed line lies above the solid one, the price grew by a larger share "
		"than the memory shrank; the rate between them is in the table. Medians over "
		"boots.",
	.data = data,
};
