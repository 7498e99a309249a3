/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/fairness.h"
#include "harness/judge/pair_path.h"
#include "harness/judge/state.h"
#include "harness/judge/touches.h"

static bool one_kernel(const struct fl_summary *s, const struct fl_selection *sel)
{
	const char *kernel = NULL;

	for (size_t i = 0; i < s->n_points; i++) {
		if (!fl_selection_takes(sel, &s->points[i]))
			continue;
		if (kernel && strcmp(kernel, s->points[i].kernel))
			return false;
		kernel = s->points[i].kernel;
	}
	return true;
}

static bool ignored(const struct fl_comparison *c, const char *key)
{
	if (!strcmp(key, "kernel") && one_kernel(&c->a, &c->sa) && one_kernel(&c->b, &c->sb))
		return true;
	return fl_selection_names(&c->sa, key) || fl_selection_names(&c->sb, key);
}

/* Does o have all relevant settings of p? */
static bool agrees(const struct fl_comparison *c, const struct fl_stored_point *p,
		   const struct fl_stored_point *o)
{
	for (size_t i = 0; i < p->n_settings; i++) {
		const char *value = fl_summary_setting(o, p->settings[i].name);

		if (ignored(c, p->settings[i].name))
			continue;
		if (!value || strcmp(value, p->settings[i].value))
			return false;
	}
	return true;
}

static const struct fl_stored_point *first(const struct fl_summary *s, const struct fl_row *row)
{
	return &s->points[row->points[0]];
}

static bool is_pair(const struct fl_comparison *c, const struct fl_row *a, const struct fl_row *b)
{
	const struct fl_stored_point *pa = first(&c->a, a), *pb = first(&c->b, b);

	return (ignored(c, "workload") || !strcmp(pa->workload_name, pb->workload_name)) &&
	       (ignored(c, "kernel") || !strcmp(pa->kernel, pb->kernel)) && agrees(c, pa, pb) &&
	       agrees(c, pb, pa);
}

static char *full_name(const struct fl_row *row)
{
	return fl_asprintf("%s %s on %s", row->workload_name, row->label, row->kernel);
}

static int refuse(const struct fl_row *one, const struct fl_row *x, const struct fl_row *y,
		  const char *of, struct fl_error *err)
{
	cleanup_free char *name = full_name(one), *first_fit = full_name(x), *other = full_name(y);

	return fl_fail(err, FL_USAGE,
		       "%s fits two rows of %s, %s and %s: RUN@KEY=VALUE,... leaves one", name, of,
		       first_fit, other);
}

/* The row of B that matches a; NULL: none.  -1: several rows match one. */
static int partner(const struct fl_comparison *c, const struct fl_row *a,
		   const struct fl_row **found, struct fl_error *err)
{
	*found = NULL;
	for (size_t i = 0; i < c->b.n_rows; i++) {
		const struct fl_row *b = &c->b.rows[i];

		if (!fl_selection_takes(&c->sb, first(&c->b, b)) || !is_pair(c, a, b))
			continue;
		if (*found)
			return refuse(a, *found, b, c->side_b, err);
		*found = b;
	}
	for (const struct fl_row *o = c->a.rows; *found && o < a; o++)
		if (fl_selection_takes(&c->sa, first(&c->a, o)) && is_pair(c, o, *found))
			return refuse(*found, o, a, c->side_a, err);
	return 0;
}

static size_t count_status(const struct fl_summary *s, const struct fl_row *row, bool skipped)
{
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++) {
		const char *status = s->points[row->points[i]].status;

		n += skipped ? !strcmp(status, "skipped")
			     : strcmp(status, "ok") && strcmp(status, "skipped");
	}
	return n;
}

/* Do the selections differ in a setting?  Then the sides may legitimately get different things. */
static bool settings_differ(const struct fl_comparison *c)
{
	for (size_t i = 0; i < c->sa.keys.n; i++)
		for (size_t j = 0; j < c->sb.keys.n; j++)
			if (!strcmp(c->sa.keys.v[i], c->sb.keys.v[j]) &&
			    strcmp(c->sa.keys.v[i], "kernel") &&
			    strcmp(c->sa.values.v[i], c->sb.values.v[j]))
				return true;
	return false;
}

static int measure_distance(struct fl_comparison *c, struct fl_pair *p, struct fl_store *store,
			    struct fl_error *err)
{
	struct fl_touches a = { 0 }, b = { 0 };
	int bad = fl_touches_read(&a, &c->a, p->a, store, err) ||
		  fl_touches_read(&b, &c->b, p->b, store, err);

	p->p50_a = fl_quantile(a.v, a.n, 0.5);
	p->p50_b = fl_quantile(b.v, b.n, 0.5);
	p->p99_a = fl_quantile(a.v, a.n, 0.99);
	p->p99_b = fl_quantile(b.v, b.n, 0.99);
	p->shift = bad ? (struct fl_quantile_shift){ .ratio = NAN }
		       : fl_quantile_shift(a.v, a.n, b.v, b.n);
	free(a.v);
	free(b.v);
	return bad ? -1 : 0;
}

static char *label_of(const struct fl_comparison *c, const struct fl_row *row)
{
	if (ignored(c, "kernel") || !c->a.kernels_vary)
		return fl_summary_row_name(row);
	return fl_asprintf("%s %s %s", row->workload_name, row->kernel, row->label);
}

/* Both names, where another row of the workload was asked for on the other side. */
static char *name_of(const struct fl_comparison *c, const struct fl_row *a, const struct fl_row *b)
{
	bool kernel = c->a.kernels_vary && !ignored(c, "kernel");
	bool other = settings_differ(c) && strcmp(a->name, b->name) != 0;

	return fl_asprintf("%s %s%s%s%s%s", a->workload_name, kernel ? a->kernel : "",
			   kernel ? " " : "", a->name, other ? " -> " : "", other ? b->name : "");
}

static void judge_metric(struct fl_comparison *c, struct fl_pair *p, const char *name,
			 const struct fl_rules *rules, fl_band_fn band, void *arg)
{
	bool insn = !strcmp(c->a.run.timebase, "insn");
	const struct fl_metric *m = fl_summary_meaning(&c->a, name);
	cleanup_free double *a = fl_calloc(p->a->n + 1, sizeof(*a));
	cleanup_free double *b = fl_calloc(p->b->n + 1, sizeof(*b));
	const char *unit = "";
	size_t na = fl_summary_values(&c->a, p->a, name, !insn, a, NULL);
	size_t nb = fl_summary_values(&c->b, p->b, name, !insn, b, &unit);
	struct fl_judged *j;

	if (!m || !na || !nb || m->class == FL_UNJUDGED || !fl_summary_judges(unit))
		return;
	p->judged = fl_realloc(p->judged, (p->n + 1) * sizeof(*p->judged));
	j = &p->judged[p->n++];
	memset(j, 0, sizeof(*j));
	j->metric = name;
	j->meaning = m;
	j->unit = unit;
	fl_judge_measure(j, m, a, na, b, nb, insn, band ? band(arg, p->a, name) : 0, rules);
	c->shaky += insn && m->class == FL_EXACT && !j->exact && (na > 1 || nb > 1);
}

static bool is_judged(const struct fl_pair *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->judged[i].metric, name))
			return true;
	return false;
}

static int by_topic(const void *a, const void *b)
{
	const struct fl_judged *x = a, *y = b;
	int topic =
		(x->meaning->topic > y->meaning->topic) - (x->meaning->topic < y->meaning->topic);

	return topic ? topic : strcmp(x->metric, y->metric);
}

/* Whatever both sides have: metrics of steps, of sizes and of the experiment among them. */
static void judge_all(struct fl_comparison *c, struct fl_pair *p, const struct fl_rules *rules,
		      fl_band_fn band, void *arg)
{
	for (size_t i = 0; i < p->a->n; i++) {
		const struct fl_stored_point *point = &c->a.points[p->a->points[i]];

		for (size_t j = 0; j < point->n_metrics; j++)
			if (!is_judged(p, point->metrics[j].name))
				judge_metric(c, p, point->metrics[j].name, rules, band, arg);
	}
	if (p->n)
		qsort(p->judged, p->n, sizeof(*p->judged), by_topic);
}

/*
 * Points that B skipped and A did not: lost coverage with the same kernel and settings; with
 * others, a feature that is missing there.
 */
static void judge_fate(const struct fl_comparison *c, struct fl_pair *p)
{
	bool more_failed = p->b_lost * p->a->n > p->a_lost * p->b->n;
	bool skipped = p->b_skipped * p->a->n > p->a_skipped * p->b->n;
	bool same = !strcmp(p->a->kernel, p->b->kernel) && !settings_differ(c);

	p->lost = more_failed || (skipped && same);
	p->not_comparable =
		(p->a_skipped || p->b_skipped) && !p->lost && !(p->a->n_ok && p->b->n_ok);
}

static void judge_pair(struct fl_comparison *c, const struct fl_row *a, const struct fl_row *b,
		       const struct fl_rules *rules, fl_band_fn band, void *arg)
{
	struct fl_pair *p;

	c->pairs = fl_realloc(c->pairs, (c->n + 1) * sizeof(*c->pairs));
	p = &c->pairs[c->n++];
	*p = (struct fl_pair){ .a = a, .b = b, .label = label_of(c, a), .name = name_of(c, a, b) };
	p->a_lost = count_status(&c->a, a, false);
	p->b_lost = count_status(&c->b, b, false);
	p->a_skipped = count_status(&c->a, a, true);
	p->b_skipped = count_status(&c->b, b, true);
	judge_fate(c, p);
	p->state = fl_state_difference(&c->a, a, &c->b, b);
	judge_all(c, p, rules, band, arg);
}

/* A failure stays "worse", whatever either side got. */
static bool is_health(const struct fl_metric *m)
{
	return m->topic == FL_TOPIC_CASES || !strcmp(m->name, "oom_kills") ||
	       !strcmp(m->name, "survived");
}

static bool is_change(const struct fl_judged *j)
{
	return j->verdict == FL_WORSE || j->verdict == FL_BETTER;
}

static const struct fl_judged *leaf_of(const struct fl_pair *p, const char *mean, const char *leaf)
{
	size_t stem = strlen(mean) - strlen("mean");

	for (size_t i = 0; i < p->n; i++)
		if (!strncmp(p->judged[i].metric, mean, stem) &&
		    !strcmp(p->judged[i].metric + stem, leaf))
			return &p->judged[i];
	return NULL;
}

/*
 * If the mean moved while the distribution is unchanged up to its 99th percentile, a few events
 * moved it.
 */
static void look_at_mean(const struct fl_pair *p, struct fl_judged *j)
{
	size_t len = strlen(j->metric);
	const struct fl_judged *p50, *p99, *max;

	if (!is_change(j) || len < 5 || strcmp(j->metric + len - 5, "_mean"))
		return;
	p50 = leaf_of(p, j->metric, "p50");
	p99 = leaf_of(p, j->metric, "p99");
	max = leaf_of(p, j->metric, "max");
	if (!p50 || !p99 || p50->verdict != FL_SAME || p99->verdict != FL_SAME)
		return;
	j->verdict = FL_DIFFERS;
	j->note = max ? fl_asprintf("p50 to p99 are the same; the longest took %.0f and %.0f %s",
				    max->a, max->b, max->unit)
		      : fl_strdup("p50 to p99 are the same");
}

/* Work that a program did on one side only: NULL, or a sentence, malloc'd. */
static char *other_work(const struct fl_pair *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct fl_judged *j = &p->judged[i];

		if (j->meaning->work && j->exact && j->verdict != FL_SAME)
			return fl_asprintf("not the same work: %s %.0f and %.0f", j->metric, j->a,
					   j->b);
	}
	return NULL;
}

static void look_again(struct fl_pair *p)
{
	cleanup_free char *work = other_work(p);

	for (size_t i = 0; i < p->n; i++) {
		struct fl_judged *j = &p->judged[i];

		if (p->state && is_change(j) && !is_health(j->meaning)) {
			j->verdict = FL_DIFFERS;
			j->note = fl_strdup("not the same state");
		} else if (work && is_change(j) && !is_health(j->meaning)) {
			j->verdict = FL_DIFFERS;
			j->note = fl_strdup(work);
		}
		look_at_mean(p, j);
	}
}

static void decide_all(struct fl_comparison *c, const struct fl_rules *rules)
{
	struct fl_judged **all;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->pairs[i].n;
	all = fl_calloc(n + 1, sizeof(struct fl_judged *));
	n = 0;
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++)
			all[n++] = &c->pairs[i].judged[j];
	fl_judge_decide(all, n, rules);
	for (size_t i = 0; i < c->n; i++) {
		look_again(&c->pairs[i]);
		fl_pair_path_decide(&c->pairs[i], rules);
	}
	for (size_t i = 0; i < n; i++)
		c->counts[all[i]->verdict]++;
	for (size_t i = 0; i < c->n; i++) {
		c->lost += c->pairs[i].lost;
		c->unlike += c->pairs[i].state != NULL;
	}
	c->settings_differ = settings_differ(c);
	free(all);
}

static char *side(const struct fl_summary *s, const struct fl_selection *sel)
{
	char *text = fl_strdup(s->run.name);

	for (size_t i = 0; i < sel->keys.n; i++) {
		cleanup_free char *old = text;

		text = fl_asprintf("%s %s=%s", old, sel->keys.v[i], sel->values.v[i]);
	}
	return text;
}

static int pair_rows(struct fl_comparison *c, const struct fl_rules *rules, fl_band_fn band,
		     void *arg, struct fl_error *err)
{
	for (size_t i = 0; i < c->a.n_rows; i++) {
		const struct fl_row *a = &c->a.rows[i], *b;

		if (!fl_selection_takes(&c->sa, first(&c->a, a)))
			continue;
		if (partner(c, a, &b, err))
			return -1;
		if (b)
			judge_pair(c, a, b, rules, band, arg);
		else if (a->n_ok) {
			cleanup_free char *label = label_of(c, a);

			fl_strv_push(&c->missing, label);
		}
	}
	return 0;
}

static int compare(struct fl_comparison *c, struct fl_store *store, const struct fl_rules *rules,
		   fl_band_fn band, void *arg, struct fl_error *err)
{
	if (fl_summary_read(&c->a, store, c->sa.run, err) ||
	    fl_summary_read(&c->b, store, c->sb.run, err))
		return -1;
	c->side_a = side(&c->a, &c->sa);
	c->side_b = side(&c->b, &c->sb);
	if (fl_selection_check(&c->sa, &c->a, err) || fl_selection_check(&c->sb, &c->b, err) ||
	    fl_check_fair(c, err) || pair_rows(c, rules, band, arg, err))
		return -1;
	for (size_t i = 0; i < c->n; i++)
		if (measure_distance(c, &c->pairs[i], store, err) ||
		    fl_pair_path_read(&c->pairs[i], c, store, err))
			return -1;
	if (!c->n)
		return fl_fail(err, FL_USAGE,
			       "%s and %s have no workload with the same settings in common",
			       c->side_a, c->side_b);
	decide_all(c, rules);
	fl_note_lacks(c);
	return 0;
}

int fl_compare(struct fl_comparison *c, struct fl_store *store, const char *a, const char *b,
	       const struct fl_rules *rules, fl_band_fn band, void *arg, struct fl_error *err)
{
	memset(c, 0, sizeof(*c));
	if (fl_selection_parse(&c->sa, store, a, err) || fl_selection_parse(&c->sb, store, b, err))
		return -1;
	return compare(c, store, rules, band, arg, err);
}

int fl_compare_runs(struct fl_comparison *c, struct fl_store *store, int64_t a, int64_t b,
		    const struct fl_rules *rules, struct fl_error *err)
{
	memset(c, 0, sizeof(*c));
	c->sa.run = a;
	c->sb.run = b;
	return compare(c, store, rules, NULL, NULL, err);
}

void fl_comparison_release(struct fl_comparison *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->pairs[i].label);
		free(c->pairs[i].name);
		free(c->pairs[i].state);
		for (size_t j = 0; j < c->pairs[i].n; j++)
			free(c->pairs[i].judged[j].note);
		free(c->pairs[i].judged);
		fl_path_release(&c->pairs[i].path);
	}
	free(c->pairs);
	free(c->side_a);
	free(c->side_b);
	fl_strv_release(&c->unfair);
	fl_strv_release(&c->differs);
	fl_strv_release(&c->missing);
	fl_strv_release(&c->lacks_a);
	fl_strv_release(&c->lacks_b);
	fl_selection_release(&c->sa);
	fl_selection_release(&c->sb);
	fl_summary_release(&c->a);
	fl_summary_release(&c->b);
	memset(c, 0, sizeof(*c));
}

bool fl_pair_fails(const struct fl_comparison *c, const struct fl_pair *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->judged[i].verdict == FL_WORSE)
			return true;
	return p->lost || (p->state && !c->settings_differ);
}

bool fl_comparison_worse(const struct fl_comparison *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (fl_pair_fails(c, &c->pairs[i]))
			return true;
	return c->missing.n > 0;
}

void fl_judged_change(const struct fl_judged *j, char *out, size_t len)
{
	if (!isfinite(j->change))
		snprintf(out, len, "from 0");
	else if (j->change == -1)
		snprintf(out, len, "to 0");
	else if (fabs(j->change) >= 10)
		snprintf(out, len, "x %.1f", j->change + 1);
	else
		snprintf(out, len, fabs(j->change) < 0.0001 ? "%+.1g %%" : "%+.2f %%",
			 100 * j->change);
}

/* No decimals for something that doubled. */
static int places(double change)
{
	return fabs(change) < 1 ? 1 : 0;
}

void fl_judged_interval(const struct fl_judged *j, char *out, size_t len)
{
	if (j->exact)
		snprintf(out, len, j->na > 1 && j->nb > 1 ? "exact" : "exact (one boot)");
	else if (!isfinite(j->interval.low) || !isfinite(j->interval.high))
		snprintf(out, len, "-");
	else
		snprintf(out, len, "%+.*f .. %+.*f %%", places(j->interval.low),
			 100 * j->interval.low, places(j->interval.high), 100 * j->interval.high);
}
