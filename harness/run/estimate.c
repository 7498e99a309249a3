/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/store/store.h"

/* Seconds of a point under TCG on two cores: restored from a template, or booted. */
#define RESTORED_S 2.0
#define BOOTED_S 6.0

/* Mean time of the points with a key: kernel, workload and settings, or the workload alone. */
struct past {
	struct entry {
		char *key;
		double sum;
		unsigned int n;
	} * v;
	size_t n, room;
};

static void add(struct past *p, char *key, double seconds)
{
	if (p->n == p->room) {
		p->room = p->room ? 2 * p->room : 256;
		p->v = fl_realloc(p->v, p->room * sizeof(*p->v));
	}
	p->v[p->n++] = (struct entry){ .key = key, .sum = seconds, .n = 1 };
}

static void take(void *arg, const struct fl_duration *d)
{
	add(arg, fl_asprintf("%s\n%s\n%s", d->kernel, d->workload, d->settings), d->wall_s);
	add(arg, fl_strdup(d->workload), d->wall_s);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static void put_together(struct past *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_key);
	for (size_t i = 0; i < p->n; i++) {
		if (n && !strcmp(p->v[n - 1].key, p->v[i].key)) {
			p->v[n - 1].sum += p->v[i].sum;
			p->v[n - 1].n++;
			free(p->v[i].key);
		} else {
			p->v[n++] = p->v[i];
		}
	}
	p->n = n;
}

/* 0: not there. */
static double mean(const struct past *p, const char *key)
{
	const struct entry wanted = { .key = (char *)key };
	const struct entry *e = p->n ? bsearch(&wanted, p->v, p->n, sizeof(*p->v), by_key) : NULL;

	return e ? e->sum / e->n : 0;
}

/* As the store has them: sorted by name, which '=' keeps, as it is in no name. */
static char *key_of(const struct fl_point *point)
{
	cleanup_free char *text = NULL;
	struct fl_strv settings = { 0 };

	for (size_t i = 0; i < point->n_settings; i++)
		fl_strv_pushf(&settings, "%s=%s", point->settings[i].name,
			      point->settings[i].value);
	fl_strv_sort(&settings);
	text = fl_strv_join(&settings, "\n");
	fl_strv_release(&settings);
	return fl_asprintf("%s\n%s\n%s", point->kernel, point->workload->run, text);
}

static void load(struct past *past, const struct fl_experiment *of)
{
	struct fl_store *store = NULL;
	struct fl_error ignored;

	if (fl_store_open(&store, true, &ignored))
		return;
	fl_store_each_duration(store, of->name,
			       of->guest.clock == FL_CLOCK_REAL ? "real" : "instructions", take,
			       past, &ignored);
	fl_store_close(store);
	put_together(past);
}

void fl_estimate_make(struct fl_estimate *e, const struct fl_experiment *of,
		      const struct fl_plan *plan)
{
	double guess = of->guest.clock == FL_CLOCK_REAL ? BOOTED_S : RESTORED_S;
	struct past past = { 0 };

	*e = (struct fl_estimate){ .n = plan->n };
	e->seconds = fl_calloc(plan->n, sizeof(*e->seconds));
	e->measured = fl_calloc(plan->n, sizeof(*e->measured));
	load(&past, of);
	for (size_t i = 0; i < plan->n; i++) {
		cleanup_free char *key = key_of(&plan->points[i]);
		double same = mean(&past, key), like = 0;

		if (same <= 0)
			like = mean(&past, plan->points[i].workload->run);
		e->measured[i] = same > 0;
		e->seconds[i] = same > 0 ? same : like > 0 ? like : guess;
	}
	for (size_t i = 0; i < past.n; i++)
		free(past.v[i].key);
	free(past.v);
}

void fl_estimate_release(struct fl_estimate *e)
{
	free(e->seconds);
	free(e->measured);
	*e = (struct fl_estimate){ 0 };
}

double fl_estimate_total(const struct fl_estimate *e, const unsigned int *order, size_t n,
			 unsigned int jobs)
{
	double sum = 0, longest = 0;

	for (size_t i = 0; i < n; i++) {
		double s = e->seconds[order[i]];

		sum += s;
		longest = s > longest ? s : longest;
	}
	return sum / jobs > longest ? sum / jobs : longest;
}

static void print_point(FILE *out, const struct fl_point *p)
{
	fprintf(out, "%5u  %s  repeat %u  %s ", p->number, p->kernel, p->repeat, p->workload->name);
	for (size_t i = 0; i < p->n_settings; i++)
		fprintf(out, " %s=%s", p->settings[i].name, p->settings[i].value);
	fputc('\n', out);
}

#define HEAD 10 /* columns of "workload  " */

/* "kernel    stock, patched", further lines below the first item. */
static void print_list(FILE *out, int width, const char *head, const struct fl_strv *items)
{
	int at = fprintf(out, "  %-*s", width, head), begin = at;

	for (size_t i = 0; i < items->n; i++) {
		const char *comma = i + 1 < items->n ? "," : "";
		int len = (int)(strlen(items->v[i]) + strlen(comma));

		if (i && at + 1 + len > 80)
			at = fprintf(out, "\n%*s", begin, "") - 1;
		else if (i)
			at += fprintf(out, " ");
		at += fprintf(out, "%s%s", items->v[i], comma);
	}
	fputc('\n', out);
}

static int longest_name(const struct fl_axis *axes, size_t n, int least)
{
	for (size_t i = 0; i < n; i++)
		least = (int)strlen(axes[i].name) > least ? (int)strlen(axes[i].name) : least;
	return least;
}

static void print_axes(FILE *out, int width, const struct fl_axis *axes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *head = fl_asprintf("  %s", axes[i].name);

		print_list(out, width, head, &axes[i].values);
	}
}

static void print_sweep(FILE *out, const struct fl_experiment *of)
{
	int width = longest_name(of->axes, of->n_axes, 6) + 4;
	struct fl_strv workloads = { 0 };

	for (size_t i = 0; i < of->n_groups; i++)
		width = longest_name(of->groups[i].axes, of->groups[i].n_axes, width - 4) + 4;
	for (size_t i = 0; i < of->n_workloads; i++)
		fl_strv_push(&workloads, of->workloads[i].name);
	print_list(out, HEAD, "kernel", &of->kernels);
	print_list(out, HEAD, "workload", &workloads);
	fprintf(out, "  %-*s%u\n", HEAD, "boots", of->repeat);
	if (of->n_axes)
		fprintf(out, "  settings of all\n");
	print_axes(out, width, of->axes, of->n_axes);
	for (size_t i = 0; i < of->n_groups; i++) {
		const struct fl_group *g = &of->groups[i];

		if (*g->name)
			fprintf(out, "  settings %s%s\n", g->name,
				g->workloads.n ? ", for some workloads" : "");
		print_axes(out, width, g->axes, g->n_axes);
	}
	fl_strv_release(&workloads);
}

void fl_estimate_print(FILE *out, const struct fl_estimate *e, const struct fl_experiment *of,
		       const struct fl_plan *plan, const unsigned int *order, size_t n,
		       unsigned int jobs, bool points)
{
	size_t measured = 0;
	char text[32];

	for (size_t i = 0; i < n; i++) {
		measured += e->measured[order[i]];
		if (points)
			print_point(out, &plan->points[order[i]]);
	}
	fprintf(out, "%s%s: %zu point%s, %u guest%s at a time, about %s", of->name,
		of->quick ? " --quick" : "", n, n == 1 ? "" : "s", jobs, jobs == 1 ? "" : "s",
		fl_format_brief(fl_estimate_total(e, order, n, jobs), text, sizeof(text)));
	if (measured < n)
		fprintf(out, " (%zu points never measured, so a guess)", n - measured);
	fputc('\n', out);
	print_sweep(out, of);
}
