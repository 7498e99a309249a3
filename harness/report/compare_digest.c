/* SPDX-License-Identifier: GPL-2.0 */
/* What many rows of a comparison have in common, printed once. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"
#include "harness/base/wrap.h"

bool fl_compare_says(const struct fl_pair *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->judged[i].verdict == FL_WORSE || p->judged[i].verdict == FL_BETTER)
			return true;
	return p->lost || p->state;
}

/* "usemem (3), memhog (2)": how many rows of each workload `takes` selects. */
static char *by_workload(const struct fl_comparison *c,
			 bool (*takes)(const struct fl_comparison *, const struct fl_pair *,
				       const void *),
			 const void *arg, size_t *n)
{
	struct fl_strv workloads = { 0 }, texts = { 0 };
	char *text;

	*n = 0;
	for (size_t i = 0; i < c->n; i++)
		fl_strv_add(&workloads, c->pairs[i].a->workload_name);
	for (size_t w = 0; w < workloads.n; w++) {
		size_t rows = 0;

		for (size_t i = 0; i < c->n; i++)
			rows += !strcmp(c->pairs[i].a->workload_name, workloads.v[w]) &&
				takes(c, &c->pairs[i], arg);
		if (rows)
			fl_strv_pushf(&texts, "%s (%zu)", workloads.v[w], rows);
		*n += rows;
	}
	text = fl_strv_join(&texts, ", ");
	fl_strv_release(&workloads);
	fl_strv_release(&texts);
	return text;
}

static bool counts(const struct fl_pair *p, const struct fl_judged *j, enum fl_verdict v);

static bool is_unchanged(const struct fl_comparison *c, const struct fl_pair *p, const void *arg)
{
	(void)c;
	(void)arg;
	for (size_t i = 0; i < p->n; i++)
		if (counts(p, &p->judged[i], FL_DIFFERS))
			return false;
	return p->n && !fl_compare_says(p) && !p->not_comparable;
}

static void print_unchanged(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	cleanup_free char *rows = NULL, *text = NULL;
	size_t n;

	rows = by_workload(c, is_unchanged, NULL, &n);
	text = fl_asprintf("%zu of %zu rows: %s", n, c->n, rows);
	if (n)
		fl_wrap(out, "no change seen: ", text, width);
}

static bool lacks(const struct fl_comparison *c, const struct fl_pair *p, const void *arg)
{
	return p->not_comparable && !strcmp(fl_compare_lack(c, p), arg);
}

static void print_lacking_rows(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	struct fl_strv reasons = { 0 };

	for (size_t i = 0; i < c->n; i++)
		if (c->pairs[i].not_comparable)
			fl_strv_add(&reasons, fl_compare_lack(c, &c->pairs[i]));
	for (size_t r = 0; r < reasons.n; r++) {
		cleanup_free char *rows = NULL, *text = NULL;
		size_t n;

		rows = by_workload(c, lacks, reasons.v[r], &n);
		text = fl_asprintf("%zu row%s: %s: %s", n, n == 1 ? "" : "s", reasons.v[r], rows);
		fl_wrap(out, "not comparable: ", text, width);
	}
	fl_strv_release(&reasons);
}

/* In a note, the part after the semicolon is about a single pair. */
static size_t reason_length(const struct fl_judged *j)
{
	return j->note ? strcspn(j->note, ";") : 0;
}

static bool same_reason(const struct fl_judged *a, const struct fl_judged *b)
{
	size_t n = reason_length(a);

	return n == reason_length(b) && (!n || !strncmp(a->note, b->note, n));
}

static bool is_like(const struct fl_judged *a, const struct fl_judged *b)
{
	return !strcmp(a->metric, b->metric) && same_reason(a, b);
}

/* Rows with another state say so themselves. */
static bool counts(const struct fl_pair *p, const struct fl_judged *j, enum fl_verdict v)
{
	return j->verdict == v && (v == FL_INCONCLUSIVE || (!p->state && !j->tail));
}

static bool is_in(const struct fl_pair *p, const struct fl_judged *of)
{
	for (size_t k = 0; k < p->n; k++)
		if (counts(p, &p->judged[k], of->verdict) && is_like(&p->judged[k], of))
			return true;
	return false;
}

static bool is_first(const struct fl_comparison *c, const struct fl_judged *of)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (j == of)
				return true;
			if (counts(&c->pairs[i], j, of->verdict) && is_like(j, of))
				return false;
		}
	return true;
}

/* Of a metric's rows with that verdict: how many, and the ends of what is said of them. */
struct range {
	size_t rows;
	const struct fl_judged *least, *most; /* changes */
	double detectable;                    /* the largest; INFINITY: too few boots */
	unsigned int needed;
};

static struct range range_of(const struct fl_comparison *c, const struct fl_judged *of)
{
	struct range r = { .least = of, .most = of };

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (!counts(&c->pairs[i], j, of->verdict) || !is_like(j, of))
				continue;
			r.rows++;
			r.least = j->change < r.least->change ? j : r.least;
			r.most = j->change > r.most->change ? j : r.most;
			r.needed = j->needed > r.needed ? j->needed : r.needed;
			if (!isfinite(j->detectable) || j->na < 2 || j->nb < 2)
				r.detectable = INFINITY;
			r.detectable = fmax(r.detectable, j->detectable);
		}
	return r;
}

/* --- what differs and is neither better nor worse --- */

/* Metrics that differ in the same rows, or for the same reason, are one entry. */
static bool in_same_rows(const struct fl_comparison *c, const struct fl_judged *a,
			 const struct fl_judged *b)
{
	for (size_t i = 0; i < c->n; i++)
		if (is_in(&c->pairs[i], a) != is_in(&c->pairs[i], b))
			return false;
	return true;
}

static bool together(const struct fl_comparison *c, const struct fl_judged *a,
		     const struct fl_judged *b)
{
	return same_reason(a, b) && (a->note || in_same_rows(c, a, b));
}

/* "-0.63 % to +3.84 %" */
static char *span_text(const struct range *r)
{
	char low[32], high[32];

	fl_judged_change(r->least, low, sizeof(low));
	fl_judged_change(r->most, high, sizeof(high));
	if (!strcmp(low, high))
		return fl_strdup(low);
	/* "from 0" and "to 0" are no ends of a range. */
	return fl_asprintf("%s%s%s", low, isalpha((unsigned char)*high) ? ", " : " to ", high);
}

/* "in usemem thp=never", or in how many rows. */
static char *where_text(const struct fl_comparison *c, const struct fl_judged *of)
{
	const char *name = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (!is_in(&c->pairs[i], of))
			continue;
		name = n++ ? NULL : c->pairs[i].name;
	}
	return name ? fl_asprintf("in %s", name) : fl_asprintf("in %zu rows", n);
}

#define ITEMS_MAX 4

static double size_of(const struct range *r)
{
	return fmax(fabs(r->least->change), fabs(r->most->change));
}

struct item {
	struct range r;
	const char *metric;
};

static int by_size(const void *a, const void *b)
{
	double x = size_of(&((const struct item *)a)->r), y = size_of(&((const struct item *)b)->r);

	return (x < y) - (x > y);
}

/* The largest changes, "and 18 more". */
static char *items_text(struct item *items, size_t n, bool rows)
{
	struct fl_strv texts = { 0 };
	char *text;

	qsort(items, n, sizeof(*items), by_size);
	for (size_t i = 0; i < n && (i < ITEMS_MAX || n == ITEMS_MAX + 1); i++) {
		cleanup_free char *span = span_text(&items[i].r);
		cleanup_free char *in = rows ? fl_asprintf(" in %zu row%s", items[i].r.rows,
							   items[i].r.rows == 1 ? "" : "s")
					     : fl_strdup("");

		fl_strv_pushf(&texts, "%s %s%s", items[i].metric, span, in);
	}
	if (n > ITEMS_MAX + 1)
		fl_strv_pushf(&texts, "and %zu more", n - ITEMS_MAX);
	text = fl_strv_join(&texts, ", ");
	fl_strv_release(&texts);
	return text;
}

static void print_together(FILE *out, const struct fl_comparison *c, const struct fl_judged **all,
			   size_t n, size_t first, unsigned int width)
{
	const struct fl_judged *of = all[first];
	cleanup_free char *where = where_text(c, of), *list = NULL, *text = NULL;
	cleanup_free struct item *items = fl_calloc(n, sizeof(*items));
	size_t k = 0;

	for (size_t i = first; i < n; i++)
		if (together(c, of, all[i]))
			items[k++] = (struct item){ range_of(c, all[i]), all[i]->metric };
	list = items_text(items, k, of->note != NULL);
	text = of->note ? fl_asprintf("%.*s: %s", (int)reason_length(of), of->note, list)
			: fl_asprintf("%s: %s", where, list);
	fl_wrap(out, "differs: ", text, width);
}

static void print_differences(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	cleanup_free const struct fl_judged **all = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (!counts(&c->pairs[i], j, FL_DIFFERS) || !is_first(c, j))
				continue;
			all = fl_realloc(all, (n + 1) * sizeof(*all));
			all[n++] = j;
		}
	for (size_t i = 0; i < n; i++) {
		size_t before = 0;

		while (before < i && !together(c, all[before], all[i]))
			before++;
		if (before == i)
			print_together(out, c, all, n, i, width);
	}
}

/* Inconclusive metrics, and the smallest change that these boots would have shown. */
static void print_unknown(FILE *out, const struct fl_comparison *c, const struct fl_judged *of,
			  unsigned int width)
{
	struct range r = range_of(c, of);
	cleanup_free char *text = NULL, *more = NULL;

	if (!isfinite(r.detectable))
		return;
	if (r.needed)
		more = fl_asprintf("; %u boots would show %.2g %%", r.needed, 100 * of->band);
	text = fl_asprintf("%s in %zu row%s: a change below %.2g %% would not show%s", of->metric,
			   r.rows, r.rows == 1 ? "" : "s", 100 * r.detectable, more ? more : "");
	fl_wrap(out, "inconclusive: ", text, width);
}

/* With one boot a side the spread is unknown. */
static void print_too_few(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	struct fl_strv metrics = { 0 };

	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (counts(&c->pairs[i], j, FL_INCONCLUSIVE) &&
			    !isfinite(range_of(c, j).detectable))
				fl_strv_add(&metrics, j->metric);
		}
	if (metrics.n) {
		cleanup_free char *text = fl_strv_join(&metrics, ", ");

		fl_wrap(out, "inconclusive, too few boots: ", text, width);
	}
	fl_strv_release(&metrics);
}

static void print_metrics(FILE *out, const struct fl_comparison *c, enum fl_verdict verdict,
			  void (*print)(FILE *, const struct fl_comparison *,
					const struct fl_judged *, unsigned int),
			  unsigned int width)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->pairs[i].n; k++) {
			const struct fl_judged *j = &c->pairs[i].judged[k];

			if (counts(&c->pairs[i], j, verdict) && is_first(c, j))
				print(out, c, j, width);
		}
}

/* "folio_swpin_64k" is of the family folio_swpin, if that is among them, too. */
static bool is_of_family(const struct fl_strv *metrics, const char *name)
{
	const char *last = strrchr(name, '_');
	cleanup_free char *family = last ? strndup(name, (size_t)(last - name)) : NULL;

	return family && last[1] >= '0' && last[1] <= '9' && fl_strv_has(metrics, family);
}

static void print_lacks(FILE *out, const struct fl_summary *s, const struct fl_row *row,
			const struct fl_strv *metrics, unsigned int width)
{
	const struct fl_stored_point *p = fl_summary_good_boot(s, row);
	cleanup_free char *list = NULL, *head = NULL;
	struct fl_strv names = { 0 };
	size_t sizes = 0;

	if (!metrics->n || !p)
		return;
	for (size_t i = 0; i < metrics->n; i++)
		if (is_of_family(metrics, metrics->v[i]))
			sizes++;
		else
			fl_strv_push(&names, metrics->v[i]);
	if (sizes)
		fl_strv_pushf(&names, "and by size of folio: %zu", sizes);
	list = fl_strv_join(&names, ", ");
	fl_strv_release(&names);
	head = fl_asprintf("not on %s (%s): ", row->kernel,
			   p->kernel_release ? p->kernel_release : "?");
	fl_wrap(out, "", head, width);
	fl_wrap(out, "    ", list, width);
}

void fl_compare_digest(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	const struct fl_pair *both = NULL;

	print_unchanged(out, c, width);
	print_differences(out, c, width);
	print_metrics(out, c, FL_INCONCLUSIVE, print_unknown, width);
	print_too_few(out, c, width);
	print_lacking_rows(out, c, width);
	for (size_t i = 0; i < c->n && !both; i++)
		if (c->pairs[i].a->n_ok && c->pairs[i].b->n_ok)
			both = &c->pairs[i];
	if (!both)
		return;
	print_lacks(out, &c->a, both->a, &c->lacks_a, width);
	print_lacks(out, &c->b, both->b, &c->lacks_b, width);
}
