/* SPDX-License-Identifier: GPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/sampled.h"
#include "harness/report/figures.h"

#define PANELS_MAX 6

struct ticks {
	FILE *out;
	size_t n;
};

static int print_tick(void *arg, uint64_t t_ns, double value)
{
	struct ticks *t = arg;

	fprintf(t->out, "%.4f %.2f\n", (double)t_ns / 1e9, value / 1024);
	t->n++;
	return 0;
}

/* Steps that begin within this share of the time share a line, or their names lie on each other. */
#define CROWD 0.025

struct mark {
	double at; /* s */
	char *step;
};

static int by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static size_t marks_of(const struct fl_stored_point *p, struct mark *marks)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_metrics; i++) {
		char *step = fl_step_of_metric(p->metrics[i].name, "step_", "_start");

		if (step)
			marks[n++] = (struct mark){ p->metrics[i].value / 1e9, step };
	}
	qsort(marks, n, sizeof(*marks), by_time);
	return n;
}

/* "seconds 0 names" for each crowd of steps. */
static void print_steps(FILE *out, const struct fl_stored_point *p)
{
	cleanup_free struct mark *marks = fl_calloc(p->n_metrics + 1, sizeof(*marks));
	size_t n = marks_of(p, marks), last = 0;

	for (size_t i = 0; i < n; i = last) {
		cleanup_free char *names = fl_strdup(marks[i].step);

		for (last = i + 1;
		     last < n && marks[last].at - marks[i].at <= CROWD * marks[n - 1].at; last++) {
			cleanup_free char *old = names;

			names = fl_asprintf("%s, %s", old, marks[last].step);
		}
		fprintf(out, "%.4f 0 ", marks[i].at);
		fl_figure_quote(out, names);
		fputc('\n', out);
	}
	fputs(n ? "\n\n" : "NaN NaN \"\"\n\n\n", out);
	for (size_t i = 0; i < n; i++)
		free(marks[i].step);
}

static int print_panel(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		       struct fl_store *store, struct fl_figure_args *args, bool *any,
		       struct fl_error *err)
{
	static const char *const series[] = { "guest_rss", "guest_anon_huge", "host_rss",
					      "host_anon_huge" };
	const struct fl_stored_point *p = fl_summary_good_boot(s, row);
	cleanup_free char *label = fl_figure_label(s, row);

	fl_figure_add(&args->names, label);
	args->panels++;
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		struct ticks ticks = { out, 0 };

		if (fl_store_each_tick(store, p->id, series[i], print_tick, &ticks, err))
			return -1;
		/* On the target "host" there is no host side; an empty block would move the next.
		 */
		fputs(ticks.n ? "\n\n" : "NaN NaN\n\n\n", out);
		*any |= ticks.n > 0;
	}
	print_steps(out, p);
	return 0;
}

/* More settings than panels: those spread evenly over the sweep, ends included. */
static bool has_panel(size_t i, size_t n)
{
	return n <= PANELS_MAX || !i ||
	       i * (PANELS_MAX - 1) / (n - 1) != (i - 1) * (PANELS_MAX - 1) / (n - 1);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	size_t mine = 0, seen = 0;
	bool any = false;

	if (!strcmp(s->run.timebase, "insn")) /* two samples are no course */
		return 0;
	for (size_t i = 0; i < s->n_rows; i++)
		mine += !strcmp(s->rows[i].workload_name, workload) && s->rows[i].n_ok;
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (strcmp(row->workload_name, workload) || !row->n_ok)
			continue;
		if (has_panel(seen++, mine) && print_panel(out, s, row, store, args, &any, err))
			return -1;
	}
	args->panels = any ? args->panels : 0;
	return 0;
}

const struct fl_figure fl_figure_memory_time = {
	.name = "memory-time",
	.title = "Memory over time",
	.caption = "Resident and huge memory of the workload in the guest, and of the guest's "
		   "memory on the "
		   "host, on one time line; one boot of each setting. Upright lines: steps begin.",
	.per_workload = true,
	.data = data,
};
