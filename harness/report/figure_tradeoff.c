/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cost against memory.  Settings of one name ("promotion_threshold=8", "=64") are a family: one
 * mark, joined by a line where the values are numbers, each point labelled with its value, so that
 * the sweep reads as a path.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"

struct place {
	size_t family;
	char *value;
	struct fl_spread memory, cost;
};

struct panel {
	struct place *v;
	size_t n;
	double widest, dearest;
	const char *memory; /* the metric on its axis; NULL: none was measured */
};

/* What the workload's cgroup is charged for: while the program holds its memory, or on the mean. */
static const char *const held[] = { "charge_at_hold", "snapshot_charge_during",
				    "memcg_charge_mean" };

/* The first of them that the workload has: one for all of its rows, or two quantities would share
 * an axis. */
static const char *held_by(const struct fl_summary *s, const char *workload)
{
	for (size_t k = 0; k < sizeof(held) / sizeof(held[0]); k++)
		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, workload) &&
			    fl_summary_metric(s, &s->rows[i], held[k], NULL).n)
				return held[k];
	return NULL;
}

/* "a=1 b=2" is family "a=1 b" and value "2"; "as booted" is a family of its own. */
static size_t split_label(char *label, struct fl_strv *families, char **value)
{
	char *equals = strrchr(label, '=');

	*value = fl_strdup(equals ? equals + 1 : "");
	if (equals)
		*equals = '\0';
	fl_strv_add(families, label);
	return fl_strv_find(families, label);
}

static void add_place(struct panel *p, const struct fl_summary *s, const struct fl_row *row,
		      const char *memory, struct fl_strv *families)
{
	cleanup_free char *label = fl_figure_label(s, row);
	struct place at = {
		.memory = fl_summary_metric(s, row, memory, NULL),
		.cost = fl_summary_metric(s, row, "touch_latency_mean", NULL),
	};

	if (!at.memory.n || !at.cost.n)
		return;
	at.family = split_label(label, families, &at.value);
	p->v = fl_realloc(p->v, (p->n + 1) * sizeof(*p->v));
	p->v[p->n++] = at;
	p->widest = fmax(p->widest, at.memory.most);
	p->dearest = fmax(p->dearest, at.cost.most);
}

static void release_panel(struct panel *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].value);
	free(p->v);
}

/* Would the labels of these two lie on each other? */
static bool close_by(const struct panel *p, const struct place *a, const struct place *b)
{
	return a->family == b->family &&
	       fabs(a->memory.median - b->memory.median) < 0.12 * p->widest &&
	       fabs(a->cost.median - b->cost.median) < 0.07 * p->dearest;
}

/* One label for a crowd: "0", "0, 64", "0 … 511". */
static char *label_of_crowd(const struct panel *p, size_t first)
{
	size_t last = first, n = 1;

	for (size_t i = first + 1; i < p->n && close_by(p, &p->v[first], &p->v[i]); i++, n++)
		last = i;
	return n == 1 ? fl_strdup(p->v[first].value)
		      : fl_asprintf("%s%s%s", p->v[first].value, n == 2 ? ", " : " … ",
				    p->v[last].value);
}

static void print_family(FILE *out, const struct panel *p, size_t family)
{
	const struct place *crowd = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct place *at = &p->v[i];
		bool in_crowd = crowd && close_by(p, crowd, at);
		bool number = at->value[0] && !at->value[strspn(at->value, "0123456789.")];
		cleanup_free char *label = NULL;

		if (at->family != family)
			continue;
		crowd = in_crowd ? crowd : at;
		label = in_crowd ? fl_strdup("") : label_of_crowd(p, i);
		fprintf(out, "%g %g %g %g %g %g %d ", at->memory.median / 1024,
			at->memory.least / 1024, at->memory.most / 1024, at->cost.median,
			at->cost.least, at->cost.most, number);
		fl_figure_quote(out, label);
		fputc('\n', out);
	}
	fputs("NaN NaN NaN NaN NaN NaN 0 \"\"\n\n\n", out);
}

static void gather(struct panel *p, const struct fl_summary *s, const char *workload,
		   struct fl_strv *families)
{
	p->memory = held_by(s, workload);
	for (size_t i = 0; i < s->n_rows && p->memory; i++)
		if (!strcmp(s->rows[i].workload_name, workload))
			add_place(p, s, &s->rows[i], p->memory, families);
}

static int data(FILE *out, const struct fl_summary *s, struct fl_store *store, const char *workload,
		struct fl_figure_args *args, struct fl_error *err)
{
	struct panel *panels = fl_calloc(s->workloads.n, sizeof(*panels));
	struct fl_strv families = { 0 };

	(void)store;
	(void)workload;
	(void)err;
	args->unit = fl_summary_time(s);
	for (size_t w = 0; w < s->workloads.n; w++)
		gather(&panels[w], s, s->workloads.v[w], &families);
	for (size_t w = 0; w < s->workloads.n; w++) {
		for (size_t f = 0; f < families.n && panels[w].n; f++)
			print_family(out, &panels[w], f);
		if (panels[w].n) {
			cleanup_free char *name =
				fl_asprintf("%s: %s", s->workloads.v[w], panels[w].memory);

			fl_figure_add(&args->names, name);
			args->panels++;
		}
		release_panel(&panels[w]);
	}
	for (size_t i = 0; i < families.n; i++)
		fl_figure_add(&args->labels, families.v[i]);
	fl_strv_release(&families);
	free(panels);
	return 0;
}

const struct fl_figure fl_figure_tradeoff = {
	.name = "tradeoff",
	.title = "What a setting costs and what it holds",
	.caption =
		"Mean cost of a touched page against the memory that the workload's cgroup was "
		"charged for, named above each panel: while the program held its memory, or on the "
		"mean of at least five samples; medians over boots, bars from the "
		"least to the most. Settings that lie on each other share a label. Left and low "
		"is good.",
	.data = data,
};
