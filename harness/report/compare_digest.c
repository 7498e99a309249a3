/* SPDX-License-Identifier: GPL-2.0 */
/* What many rows of a comparison have alike, said once. */
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

/* "usemem (3), memhog (2)": rows of each workload that `takes` takes. */
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

static bool is_like(const struct fl_judged *a, const struct fl_judged *b)
{
	return !strcmp(a->metric, b->metric) &&
	       (a->note == b->note || (a->note && b->note && !strcmp(a->note, b->note)));
}

/* Rows with another state say so themselves. */
static bool counts(const struct fl_pair *p, const struct fl_judged *j, enum fl_verdict v)
{
	return j->verdict == v && (v == FL_INCONCLUSIVE || (!p->state && !j->tail));
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

static void print_difference(FILE *out, const struct fl_comparison *c, const struct fl_judged *of,
			     unsigned int width)
{
	struct range r = range_of(c, of);
	cleanup_free char *text = NULL;
	char low[32], high[32];
	bool span = r.least->change != r.most->change;

	fl_judged_change(r.least, low, sizeof(low));
	fl_judged_change(r.most, high, sizeof(high));
	text = fl_asprintf("%s in %zu row%s, %s%s%s%s%s", of->metric, r.rows,
			   r.rows == 1 ? "" : "s", low, span ? " to " : "", span ? high : "",
			   of->note ? ": " : "", of->note ? of->note : "");
	fl_wrap(out, "differs: ", text, width);
}

/* What these boots cannot tell, and the smallest change that they would have shown. */
static void print_unknown(FILE *out, const struct fl_comparison *c, const struct fl_judged *of,
			  unsigned int width)
{
	struct range r = range_of(c, of);
	cleanup_free char *text = NULL, *more = NULL;

	if (!isfinite(r.detectable))
		return;
	if (r.needed)
		more = fl_asprintf("; %u boots would show %.2g %%", r.needed, 100 * of->band);
	text = fl_asprintf("%s in %zu row%s: less than %.2g %% would not have shown%s", of->metric,
			   r.rows, r.rows == 1 ? "" : "s", 100 * r.detectable, more ? more : "");
	fl_wrap(out, "not told: ", text, width);
}

/* Of one boot a side nothing is known of the spread. */
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

		fl_wrap(out, "not told, too few boots: ", text, width);
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

static void print_lacks(FILE *out, const struct fl_summary *s, const struct fl_row *row,
			const struct fl_strv *metrics, unsigned int width)
{
	const struct fl_stored_point *p = fl_summary_good_boot(s, row);
	cleanup_free char *list = fl_strv_join(metrics, ", "), *head = NULL;

	if (!metrics->n || !p)
		return;
	head = fl_asprintf("not on %s (%s): ", row->kernel,
			   p->kernel_release ? p->kernel_release : "?");
	fl_wrap(out, "", head, width);
	fl_wrap(out, "    ", list, width);
}

void fl_compare_digest(FILE *out, const struct fl_comparison *c, unsigned int width)
{
	const struct fl_pair *both = NULL;

	print_unchanged(out, c, width);
	print_metrics(out, c, FL_DIFFERS, print_difference, width);
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
