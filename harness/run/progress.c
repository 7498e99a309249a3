/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/live.h"
#include "harness/base/paths.h"
#include "harness/base/print.h"
#include "harness/base/strv.h"
#include "harness/base/units.h"
#include "harness/base/wrap.h"
#include "harness/judge/summary.h"

#define FIGURES 2        /* of a point that has ended */
#define LINE_MAX_LEN 100 /* of a line about one */
#define FAILURES_MAX 10  /* that are told one by one */
#define TRUST 0.15 /* share of the run after which measured times weigh as much as the estimate */

struct fl_progress {
	struct fl_progress_config c;
	struct fl_summary s;              /* of points without values: for the names of rows */
	struct fl_strv skips, reasons;    /* of skipped and failed points that were told, */
	unsigned int first[FAILURES_MAX]; /* and the point that each was the reason of */
	pthread_mutex_t lock;             /* of what follows */
	struct running {
		const struct fl_point *point; /* NULL: free */
		uint64_t since_ns;
	} * running;
	unsigned int done, failed, skipped, told;
	double expected;             /* estimated seconds of all points, one after another, */
	double expected_done, spent; /* of the finished ones, and the seconds they took */
	uint64_t began_ns;
};

static double expected_of(const struct fl_progress *p, const struct fl_point *point)
{
	return p->c.estimate->seconds[point - p->c.plan->points];
}

/* Seconds left: the estimate, corrected by the times of finished points. */
static double left(const struct fl_progress *p, uint64_t now_ns)
{
	double prior = TRUST * p->expected;
	double scale = (prior + p->spent) / (prior + p->expected_done);
	double rest = scale * (p->expected - p->expected_done), longest = 0;

	for (unsigned int i = 0; i < p->c.jobs; i++) {
		const struct running *r = &p->running[i];
		double takes = r->point ? scale * expected_of(p, r->point) : 0;
		double so_far = (double)(now_ns - r->since_ns) / 1e9;

		rest -= so_far < takes ? so_far : takes;
		longest = takes - so_far > longest ? takes - so_far : longest;
	}
	return rest / p->c.jobs > longest ? rest / p->c.jobs : longest;
}

static unsigned int total(const struct fl_progress *p)
{
	return (unsigned int)p->c.plan->n;
}

static unsigned int percent(const struct fl_progress *p)
{
	return (unsigned int)(100ull * p->done / total(p));
}

/* Rows' names as tables have them; kernels and names are borrowed. */
static void name_rows(struct fl_progress *p)
{
	const struct fl_plan *plan = p->c.plan;

	p->s.points = fl_calloc(plan->n, sizeof(*p->s.points));
	p->s.n_points = plan->n;
	for (size_t i = 0; i < plan->n; i++) {
		const struct fl_point *from = &plan->points[i];
		struct fl_stored_point *to = &p->s.points[i];

		to->kernel = (char *)from->kernel;
		to->workload_name = from->workload->name;
		to->n_settings = from->n_settings;
		to->settings = fl_calloc(from->n_settings, sizeof(*to->settings));
		for (size_t j = 0; j < from->n_settings; j++) {
			to->settings[j].name = (char *)from->settings[j].name;
			to->settings[j].value = (char *)from->settings[j].value;
		}
		p->s.kernels_vary |= strcmp(from->kernel, plan->points[0].kernel) != 0;
	}
}

/* malloc'd; "" for a row of nothing but its workload. */
static char *label(const struct fl_progress *p, const struct fl_point *point)
{
	return fl_summary_point_name(&p->s, &p->s.points[point - p->c.plan->points],
				     p->c.row_names);
}

static char *row_name(const struct fl_progress *p, const struct fl_point *point)
{
	cleanup_free char *row = label(p, point);

	return fl_asprintf("%s%s%s", point->workload->name, *row ? " " : "", row);
}

/* --- the live line --- */

static size_t bar_width(unsigned int columns)
{
	return columns >= 100 ? 40 : columns >= 60 ? 13 : 0;
}

static void put_bar(char *text, size_t len, size_t width, unsigned int done, unsigned int of)
{
	char bar[64];
	size_t full = width * done / of;

	memset(bar, '=', full);
	if (full < width)
		bar[full] = '>';
	if (full + 1 < width)
		memset(bar + full + 1, ' ', width - full - 1);
	snprintf(text, len, " [%.*s]", (int)width, bar);
}

static void put_running(const struct fl_progress *p, char *text, size_t len)
{
	const char *between = "  | ";
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < p->c.jobs && at < len; i++) {
		cleanup_free char *name = NULL;

		if (!p->running[i].point)
			continue;
		name = row_name(p, p->running[i].point);
		at += (size_t)snprintf(text + at, len - at, "%s%s", between, name);
		between = ", ";
	}
}

static void put_counts(const struct fl_progress *p, char *text, size_t len)
{
	size_t at = 0;

	text[0] = '\0';
	if (p->failed)
		at = (size_t)snprintf(text, len, "  %u FAILED", p->failed);
	if (p->skipped && at < len)
		snprintf(text + at, len - at, "  %u skipped", p->skipped);
}

static void live_line(void *arg, unsigned int columns, char *text, size_t len)
{
	struct fl_progress *p = arg;
	char bar[72] = "", counts[64], running[512] = "", eta[16];
	int width = snprintf(NULL, 0, "%u", total(p));

	pthread_mutex_lock(&p->lock);
	if (bar_width(columns)) {
		put_bar(bar, sizeof(bar), bar_width(columns), p->done, total(p));
		put_running(p, running, sizeof(running));
	}
	put_counts(p, counts, sizeof(counts));
	fl_format_brief(left(p, fl_now_ns()), eta, sizeof(eta));
	snprintf(text, len, "%*u/%u%s %3u%%  %s left%s%s", width, p->done, total(p), bar,
		 percent(p), eta, counts, running);
	pthread_mutex_unlock(&p->lock);
}

/* --- lines that stay --- */

static const char EVENT[] = "      "; /* below "FAIL  " */

static unsigned int columns(void)
{
	unsigned int width = fl_terminal_width(STDERR_FILENO);

	return width ? width : LINE_MAX_LEN;
}

static void figures(char *buf, size_t len, const struct fl_result *r, enum fl_timebase base)
{
	const struct fl_metric *m;
	size_t at = 0, shown = 0;

	buf[0] = '\0';
	for (size_t i = 0; (m = fl_metric_at(i)) && at < len && shown < FIGURES; i++) {
		const struct fl_value *v = m->headline ? fl_result_find(r, m->name) : NULL;
		char unit[24];
		double per;

		if (!v || v->value == 0)
			continue;
		per = fl_readable(fl_value_unit(v, base), v->value, unit, sizeof(unit));
		at += (size_t)snprintf(buf + at, len - at, "%s%.4g %s %s", at ? ", " : "",
				       v->value / per, unit, m->column ? m->column : m->name);
		shown++;
	}
}

static void say_point(const struct fl_progress *p, const struct fl_point *point,
		      const struct fl_outcome *o, unsigned int done)
{
	cleanup_free char *row = row_name(p, point), *line = NULL;
	char numbers[160];

	figures(numbers, sizeof(numbers), &o->result, p->c.timebase);
	line = fl_asprintf("%*u/%u  %-7s %6.1fs  %-28s %-8s  %s", snprintf(NULL, 0, "%u", total(p)),
			   done, total(p), fl_status_names[o->status], o->wall_s, row,
			   p->s.kernels_vary ? point->kernel : "", numbers);
	fprintf(stderr, "%.*s\n", (int)fl_live_fit(line, LINE_MAX_LEN), line);
}

/* Only the word is coloured; the width is that of the whole line. */
static void say_fail_head(const char *what)
{
	cleanup_free char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	fl_wrap(f, "FAIL  ", what, columns());
	fclose(f);
	fl_print_colour(stderr, FL_RED, "FAIL");
	fputs(text + strlen("FAIL"), stderr);
}

static void say_failure(struct fl_progress *p, const struct fl_point *point,
			const struct fl_outcome *o)
{
	cleanup_free char *row = row_name(p, point);
	cleanup_free char *what =
		fl_asprintf("point %u  %s on %s", point->number, row, point->kernel);
	cleanup_free char *why = fl_asprintf("%s%s%s", fl_status_names[o->status],
					     o->reason[0] ? ": " : "", o->reason);
	size_t known = fl_strv_find(&p->reasons, why);

	flockfile(stderr);
	say_fail_head(what);
	if (known < p->reasons.n) {
		fprintf(stderr, "%s%s, as point %u\n", EVENT, fl_status_names[o->status],
			p->first[known]);
	} else {
		p->first[p->reasons.n] = point->number;
		fl_strv_push(&p->reasons, why);
		fl_wrap(stderr, EVENT, why, columns());
		fprintf(stderr, "%sconsole: %s/point-%04u/console.log\n", EVENT,
			fl_path_from_here(p->c.dir), point->number);
	}
	if (p->told == FAILURES_MAX)
		fprintf(stderr, "%sfurther points that fail are only counted\n", EVENT);
	funlockfile(stderr);
}

static void say_tenth(const struct fl_progress *p, uint64_t now_ns)
{
	bool over = p->done == total(p);
	char text[32];

	fl_format_brief(over ? (double)(now_ns - p->began_ns) / 1e9 : left(p, now_ns), text,
			sizeof(text));
	fprintf(stderr, "%*u/%u %3u%%  %u failed, %u skipped, %s%s%s\n",
		snprintf(NULL, 0, "%u", total(p)), p->done, total(p), percent(p), p->failed,
		p->skipped, over ? "took " : "", text, over ? "" : " left");
}

static void say_head(const struct fl_progress *p)
{
	const struct fl_progress_config *c = &p->c;
	char text[32], to_do[48] = "";
	cleanup_free char *head = NULL;

	fl_format_brief(fl_estimate_total(c->estimate, c->order, c->n, c->jobs), text,
			sizeof(text));
	if (c->n < c->plan->n)
		snprintf(to_do, sizeof(to_do), ", %zu to do", c->n);
	head = fl_asprintf("%s: %u point%s%s, %u guest%s at a time, about %s", c->title, total(p),
			   total(p) == 1 ? "" : "s", to_do, c->jobs, c->jobs == 1 ? "" : "s", text);
	fl_wrap(stderr, "", head, columns());
	if (c->note)
		fl_wrap(stderr, "", c->note, columns());
}

/* --- what run.c calls --- */

struct fl_progress *fl_progress_new(const struct fl_progress_config *c)
{
	struct fl_progress *p = fl_calloc(1, sizeof(*p));

	p->c = *c;
	pthread_mutex_init(&p->lock, NULL);
	p->running = fl_calloc(c->jobs, sizeof(*p->running));
	p->done = (unsigned int)(c->plan->n - c->n);
	p->began_ns = fl_now_ns();
	for (size_t i = 0; i < c->n; i++)
		p->expected += c->estimate->seconds[c->order[i]];
	name_rows(p);
	if (c->loudness == FL_SAY_END)
		return p;
	say_head(p);
	fl_live_begin(live_line, p);
	return p;
}

void fl_progress_point_begins(struct fl_progress *p, const struct fl_point *point)
{
	pthread_mutex_lock(&p->lock);
	for (unsigned int i = 0; i < p->c.jobs; i++) {
		if (p->running[i].point)
			continue;
		p->running[i] = (struct running){ .point = point, .since_ns = fl_now_ns() };
		break;
	}
	pthread_mutex_unlock(&p->lock);
}

static void count(struct fl_progress *p, const struct fl_point *point, const struct fl_outcome *o,
		  bool bad)
{
	for (unsigned int i = 0; i < p->c.jobs; i++)
		if (p->running[i].point == point)
			p->running[i].point = NULL;
	p->done++;
	p->failed += bad;
	p->skipped += o->status == FL_SKIPPED;
	p->expected_done += expected_of(p, point);
	p->spent += o->wall_s;
}

void fl_progress_point(struct fl_progress *p, const struct fl_point *point,
		       const struct fl_outcome *o, bool bad)
{
	unsigned int before, now;

	pthread_mutex_lock(&p->lock);
	before = percent(p) / 10;
	count(p, point, o, bad);
	now = percent(p) / 10;
	p->told += bad;
	pthread_mutex_unlock(&p->lock);
	/* Points end one at a time (jobs.h), but the live line's thread may want the lock now. */
	if (p->c.loudness == FL_SAY_END)
		return;
	if (p->c.loudness == FL_SAY_POINTS)
		say_point(p, point, o, p->done);
	if (bad && p->told <= FAILURES_MAX)
		say_failure(p, point, o);
	if (o->status == FL_SKIPPED && fl_strv_add(&p->skips, o->reason))
		fl_wrap(stderr, "SKIP  ", o->reason, columns());
	if (!fl_live_can() && now > before && p->c.loudness != FL_SAY_POINTS)
		say_tenth(p, fl_now_ns());
}

void fl_progress_free(struct fl_progress *p)
{
	if (!p)
		return;
	fl_live_end();
	for (size_t i = 0; i < p->s.n_points; i++)
		free(p->s.points[i].settings);
	free(p->s.points);
	free(p->running);
	fl_strv_release(&p->skips);
	fl_strv_release(&p->reasons);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
