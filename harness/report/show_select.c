/* SPDX-License-Identifier: GPL-2.0 */
/* Which rows and columns of a run are shown. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/judge/provenance.h"
#include "harness/report/show.h"

#define LISTED 160 /* characters of all there is, in a sentence of one line */

void fl_show_release(struct fl_show *show)
{
	fl_strv_release(&show->workloads);
	fl_strv_release(&show->kernels);
	fl_strv_release(&show->keys);
	fl_strv_release(&show->values);
	fl_strv_release(&show->columns);
	free(show->sort);
	memset(show, 0, sizeof(*show));
}

bool fl_show_narrows(const struct fl_show *show)
{
	return show->workloads.n || show->kernels.n || show->keys.n || show->columns.n ||
	       show->sort;
}

static bool any_fits(const struct fl_strv *globs, const char *name)
{
	for (size_t i = 0; i < globs->n; i++)
		if (!fnmatch(globs->v[i], name, 0))
			return true;
	return !globs->n;
}

static bool is_kernel(const struct fl_show *show, const struct fl_summary *s, const char *kernel)
{
	for (size_t i = 0; i < show->kernels.n; i++)
		if (!strcmp(fl_kernel_of_role(&s->run, show->kernels.v[i]), kernel))
			return true;
	return !show->kernels.n;
}

static const char *wanted_value(const struct fl_summary *s, const char *key, const char *value)
{
	return strcmp(key, "kernel") ? value : fl_kernel_of_role(&s->run, value);
}

bool fl_show_takes(const struct fl_show *show, const struct fl_summary *s, const struct fl_row *row)
{
	for (size_t i = 0; i < show->keys.n; i++) {
		const char *key = show->keys.v[i], *value = fl_summary_value(s, row, key);

		if (!value || strcmp(value, wanted_value(s, key, show->values.v[i])) != 0)
			return false;
	}
	return any_fits(&show->workloads, row->workload_name) && is_kernel(show, s, row->kernel);
}

bool fl_show_takes_point(const struct fl_show *show, const struct fl_summary *s,
			 const struct fl_stored_point *p)
{
	return (!show->point || p->number == show->point) &&
	       fl_show_takes(show, s, fl_summary_row_of(s, p));
}

bool fl_show_wants(const struct fl_show *show, const char *metric)
{
	return !show->columns.n || fl_strv_has(&show->columns, metric);
}

/* --- what a run knows, for the sentence about what it does not --- */

/* "did you mean X?", what holds the word, or all there is. */
static int unknown(const struct fl_summary *s, const char *what, const char *name,
		   const struct fl_strv *known, struct fl_error *err)
{
	const char *none[] = { NULL };
	const char *near = fl_nearest(name, known->n ? (const char *const *)known->v : none);
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < known->n && !near; i++)
		near = strcasestr(known->v[i], name) ? known->v[i] : NULL;
	if (near)
		return fl_fail(err, FL_USAGE, "%s has no %s %s: did you mean %s?", s->run.name,
			       what, name, near);
	list = fl_strv_join(known, ", ");
	return fl_fail(err, FL_USAGE, "%s has no %s %s: %.*s%s", s->run.name, what, name, LISTED,
		       list, strlen(list) > LISTED ? "..." : "");
}

static int check_workloads(const struct fl_show *show, const struct fl_summary *s,
			   struct fl_error *err)
{
	for (size_t i = 0; i < show->workloads.n; i++) {
		size_t j = 0;

		while (j < s->workloads.n && fnmatch(show->workloads.v[i], s->workloads.v[j], 0))
			j++;
		if (j == s->workloads.n)
			return unknown(s, "workload", show->workloads.v[i], &s->workloads, err);
	}
	return 0;
}

static int check_kernels(const struct fl_show *show, const struct fl_summary *s,
			 struct fl_error *err)
{
	struct fl_strv known = { 0 };
	int bad = 0;

	for (size_t i = 0; i < s->n_rows; i++)
		fl_strv_add(&known, s->rows[i].kernel);
	for (size_t i = 0; i < show->kernels.n && !bad; i++)
		if (!fl_strv_has(&known, fl_kernel_of_role(&s->run, show->kernels.v[i])))
			bad = unknown(s, "kernel", show->kernels.v[i], &known, err);
	fl_strv_release(&known);
	return bad;
}

static int check_condition(const struct fl_summary *s, const char *key, const char *value,
			   struct fl_error *err)
{
	struct fl_strv keys = { 0 }, values = { 0 };
	cleanup_free char *what = fl_asprintf("point with %s =", key);
	int bad = 0;

	fl_strv_push(&keys, "kernel");
	fl_strv_push(&keys, "workload");
	for (size_t i = 0; i < s->n_points; i++) {
		const char *has = fl_summary_point_value(&s->points[i], key);

		if (has)
			fl_strv_add(&values, has);
		for (size_t j = 0; j < s->points[i].n_settings; j++)
			fl_strv_add(&keys, s->points[i].settings[j].name);
	}
	if (!values.n)
		bad = unknown(s, "setting", key, &keys, err);
	else if (!fl_strv_has(&values, wanted_value(s, key, value)))
		bad = unknown(s, what, value, &values, err);
	fl_strv_release(&keys);
	fl_strv_release(&values);
	return bad;
}

/* Metrics that some point has, and behind them the heads that tables give them. */
static void known_columns(const struct fl_summary *s, struct fl_strv *metrics,
			  struct fl_strv *heads)
{
	for (size_t i = 0; i < s->n_points; i++)
		for (size_t j = 0; j < s->points[i].n_metrics; j++)
			fl_strv_add(metrics, s->points[i].metrics[j].name);
	for (size_t i = 0; i < metrics->n; i++) {
		const struct fl_metric *m = fl_summary_meaning(s, metrics->v[i]);

		fl_strv_push(heads, m && m->column ? m->column : metrics->v[i]);
	}
}

/* Metrics that a word means: one by its name, all that a glob fits, one by its head. */
static void find_columns(const char *name, const struct fl_strv *metrics,
			 const struct fl_strv *heads, struct fl_strv *found)
{
	for (size_t i = 0; i < metrics->n; i++)
		if (!fnmatch(name, metrics->v[i], 0))
			fl_strv_add(found, metrics->v[i]);
	for (size_t i = 0; i < metrics->n && !found->n; i++)
		if (!strcasecmp(name, heads->v[i]))
			fl_strv_add(found, metrics->v[i]);
}

static int check_columns(struct fl_show *show, const struct fl_summary *s, struct fl_error *err)
{
	struct fl_strv metrics = { 0 }, heads = { 0 }, columns = { 0 }, sort = { 0 };
	int bad = 0;

	known_columns(s, &metrics, &heads);
	for (size_t i = 0; i < show->columns.n && !bad; i++) {
		struct fl_strv found = { 0 };

		find_columns(show->columns.v[i], &metrics, &heads, &found);
		for (size_t j = 0; j < found.n; j++)
			fl_strv_add(&columns, found.v[j]);
		if (!found.n)
			bad = unknown(s, "metric", show->columns.v[i], &metrics, err);
		fl_strv_release(&found);
	}
	if (!bad && show->sort)
		find_columns(show->sort, &metrics, &heads, &sort);
	if (!bad && show->sort && !sort.n)
		bad = unknown(s, "metric", show->sort, &metrics, err);
	if (!bad && show->sort) {
		free(show->sort);
		show->sort = fl_strdup(sort.v[0]);
	}
	fl_strv_release(&show->columns);
	show->columns = columns;
	fl_strv_release(&sort);
	fl_strv_release(&metrics);
	fl_strv_release(&heads);
	return bad;
}

int fl_show_check(struct fl_show *show, const struct fl_summary *s, struct fl_error *err)
{
	if (check_workloads(show, s, err) || check_kernels(show, s, err))
		return -1;
	for (size_t i = 0; i < show->keys.n; i++)
		if (check_condition(s, show->keys.v[i], show->values.v[i], err))
			return -1;
	if (check_columns(show, s, err))
		return -1;
	for (size_t i = 0; i < s->n_rows; i++)
		if (fl_show_takes(show, s, &s->rows[i]))
			return 0;
	return s->n_rows ? fl_fail(err, FL_USAGE, "%s has no point that meets all of them",
				   s->run.name)
			 : 0;
}
