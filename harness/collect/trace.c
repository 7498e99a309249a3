/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cost of promotions, from the kernel's trace.  In place (thp_reserve, the reservations series)
 * one event tells everything.  A copy (huge_memory, mainline's khugepaged and MADV_COLLAPSE) is two
 * events of one task: mm_collapse_huge_page_isolate, when the pages of the range have been taken
 * and are about to be copied, says how many were not there; mm_collapse_huge_page says how it
 * ended.  Between them come the copy, the clearing of the rest and the new mapping; nobody can
 * touch the range from just before the first event on.
 */
#include "harness/collect/collect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/collect/tables.h"
#include "harness/collect/text.h"

#define PAGES 512
#define PAGE_KIB 4
#define TASKS_MAX 64
#define ORDER_MAX 10

#define LATENCY(stem, leaf, judged, heading, what)                                             \
	{                                                                                      \
		.name = stem "_" leaf, .unit = FL_UNIT_NS, .better = FL_LESS, .class = judged, \
		.topic = FL_TOPIC_PROMOTION, .column = heading, .beside_steps = true,          \
		.about = what,                                                                 \
	}

static const struct fl_metric metrics[] = {
	{
		.name = "promotion_bytes_copied",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.column = "copied",
		.hide_zero = true,
		.beside_steps = true,
		.about = "memory copied by promotions: 4 KiB per page present when a collapse "
			 "isolated the range (512 - none_or_zero of "
			 "mm_collapse_huge_page_isolate); 0 in place",
	},
	{
		.name = "promotion_cleared_mean",
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.column = "cleared mean",
		.beside_steps = true,
		.about = "pages cleared to fill a promoted range, by copy or in place",
	},
	LATENCY("promotion_copy_time", "max", FL_TAIL, NULL,
		"a promotion by copy, from its isolated pages to its end (trace clock, resolution "
		"1000 ns), longest"),
	LATENCY("promotion_copy_time", "mean", FL_TAIL, NULL,
		"a promotion by copy, from its isolated pages to its end (trace clock, resolution "
		"1000 ns), mean"),
	LATENCY("promotion_copy_time", "p50", FL_EXACT, "copy p50",
		"a promotion by copy, from its isolated pages to its end (trace clock, resolution "
		"1000 ns), median"),
	LATENCY("promotion_copy_time", "p99", FL_TAIL, "copy p99",
		"a promotion by copy, from its isolated pages to its end (trace clock, resolution "
		"1000 ns), 99th percentile"),
	{
		.name = "promotion_delay_mean",
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.column = "beyond T",
		.hide_zero = true,
		.beside_steps = true,
		.about = "pages mapped above the threshold at a promotion by fault or khugepaged "
			 "(threshold: thp.promotion_threshold in place, 512 - "
			 "khugepaged.max_ptes_none by copy)",
	},
	LATENCY("promotion_latency", "max", FL_TAIL, NULL,
		"a promotion in place (latency of thp_res_promote), longest"),
	LATENCY("promotion_latency", "mean", FL_TAIL, NULL,
		"a promotion in place (latency of thp_res_promote), mean"),
	LATENCY("promotion_latency", "p50", FL_EXACT, "in place p50",
		"a promotion in place (latency of thp_res_promote), median"),
	LATENCY("promotion_latency", "p99", FL_TAIL, "in place p99",
		"a promotion in place (latency of thp_res_promote), 99th percentile"),
	{
		.name = "promotion_mapped_mean",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_PROMOTION,
		.column = "mapped mean",
		.beside_steps = true,
		.about = "used pages of a range when it was promoted, by copy or in place",
	},
	{
		.name = "promotions_failed",
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.about = "promotions, by copy or in place, that failed",
	},
	{
		.name = "promotions_madvise",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_PROMOTION,
		.about = "reserved ranges promoted in place by MADV_COLLAPSE",
	},
	{
		.name = "promotions_traced",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_PROMOTION,
		.about = "promotions in the trace, by copy or in place: the number behind these "
			 "means",
	},
	{
		.name = "reservation_unused_mean",
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.about = "unused pages of a reservation that ended without a promotion "
			 "(thp_res_release)",
	},
	{
		.name = "reserved_pages_reclaimed",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_PROMOTION,
		.about = "reserved pages released by reclaim (thp_res_reclaim)",
	},
	{
		.name = "trace_events",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_PROMOTION,
		.about = "events in the trace's text",
	},
	{
		.name = "trace_lost",
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.topic = FL_TOPIC_PROMOTION,
		.about = "events lost because the trace buffer was full; the means then cover only "
			 "the most recent events",
	},
	{ 0 },
};

const struct fl_metric *fl_trace_metrics(void)
{
	return metrics;
}

struct durations {
	double *v;
	size_t n, room;
	double sum;
};

/* A collapse that has isolated its pages and has not ended yet. */
struct collapse {
	unsigned int pid, none, pages;
	double at_us;
};

struct mean {
	double sum, n;
};

struct tracing {
	unsigned int threshold, max_ptes_none; /* of the settings; the kernel's defaults */
	bool reservations, copies;             /* were these events on? */
	struct durations inplace, copy;
	struct mean cleared, mapped, delay, unused;
	double copied; /* pages */
	double failed, madvise, reclaimed, events, lost;
	struct collapse tasks[TASKS_MAX];
	size_t n_tasks;
};

/* One event: where its fields begin, and its head. */
struct event {
	const char *fields;
	unsigned int pid;
	double at_us;
	bool khugepaged;
};

static void add(struct mean *m, double value)
{
	m->sum += value;
	m->n++;
}

static void add_duration(struct durations *d, double ns)
{
	if (d->n == d->room) {
		d->room = d->room ? 2 * d->room : 64;
		d->v = fl_realloc(d->v, d->room * sizeof(*d->v));
	}
	d->v[d->n++] = ns;
	d->sum += ns;
}

/* "key=123"; false: it is missing, or larger than `most`. */
static bool field(const char *fields, const char *key, double most, double *value)
{
	size_t n = strlen(key);
	char *end;

	for (const char *at = fields; (at = strstr(at, key)); at += n) {
		if ((at > fields && at[-1] != ' ') || at[n] != '=')
			continue;
		at += n + 1;
		if (*at < '0' || *at > '9')
			return false;
		*value = strtod(at, &end);
		return *value <= most;
	}
	return false;
}

/* Of a promoted range of so many pages. */
static void add_promotion(struct tracing *t, double pages, double mapped, double threshold,
			  bool counts)
{
	add(&t->mapped, mapped);
	add(&t->cleared, pages - mapped);
	if (counts && mapped >= threshold)
		add(&t->delay, mapped - threshold);
}

static void take_promote(struct tracing *t, const struct event *e)
{
	bool madvise = strstr(e->fields, " by=madvise ") != NULL;
	double mapped, latency, result;

	if (!field(e->fields, "mapped", PAGES, &mapped) ||
	    !field(e->fields, "latency", 1e18, &latency))
		return;
	if (!field(e->fields, "result", 0, &result)) {
		t->failed++;
		return;
	}
	add_duration(&t->inplace, latency);
	add_promotion(t, PAGES, mapped, t->threshold, !madvise);
	t->madvise += madvise;
}

static struct collapse *collapse_of(struct tracing *t, unsigned int pid)
{
	for (size_t i = 0; i < t->n_tasks; i++)
		if (t->tasks[i].pid == pid)
			return &t->tasks[i];
	return NULL;
}

/* What is collapsed: a huge page, or what the kernel says (order=, from 7.2 on). */
static unsigned int pages_of(const struct event *e, unsigned int otherwise)
{
	double order;

	return field(e->fields, "order", ORDER_MAX, &order) ? 1u << (unsigned int)order : otherwise;
}

/*
 * A kernel that collapses to several sizes knows max_ptes_none = 0 and 511 alone, and for the
 * smaller sizes no threshold follows from either.
 */
static bool has_threshold(const struct tracing *t, const struct event *e, unsigned int pages)
{
	double order;

	if (!field(e->fields, "order", ORDER_MAX, &order))
		return true;
	return pages == PAGES && (t->max_ptes_none == 0 || t->max_ptes_none == PAGES - 1);
}

static bool succeeded(const struct event *e)
{
	return strstr(e->fields, "status=succeeded") != NULL;
}

static void take_isolate(struct tracing *t, const struct event *e)
{
	struct collapse *c = collapse_of(t, e->pid);
	double none;

	if (!succeeded(e) || !field(e->fields, "none_or_zero", PAGES, &none))
		return;
	if (!c && t->n_tasks == TASKS_MAX)
		return;
	if (!c)
		c = &t->tasks[t->n_tasks++];
	*c = (struct collapse){ e->pid, (unsigned int)none, pages_of(e, PAGES), e->at_us };
}

static void take_collapse(struct tracing *t, const struct event *e)
{
	struct collapse *c = collapse_of(t, e->pid), was;
	unsigned int pages;

	if (!c) { /* it did not get as far as isolating pages */
		t->failed += !succeeded(e);
		return;
	}
	was = *c;
	*c = t->tasks[--t->n_tasks];
	if (!succeeded(e)) {
		t->failed++;
		return;
	}
	if (e->at_us >= was.at_us)
		add_duration(&t->copy, (e->at_us - was.at_us) * 1e3);
	pages = pages_of(e, was.pages);
	if (was.none > pages) { /* the two events belong to different ranges */
		t->failed++;
		return;
	}
	t->copied += pages - was.none;
	add_promotion(t, pages, pages - was.none, (double)PAGES - t->max_ptes_none,
		      e->khugepaged && has_threshold(t, e, pages));
}

static void take_release(struct tracing *t, const struct event *e)
{
	double unused;

	if (field(e->fields, "unused", PAGES, &unused))
		add(&t->unused, unused);
}

static void take_reclaim(struct tracing *t, const struct event *e)
{
	double pages;

	if (field(e->fields, "pages", 1e15, &pages))
		t->reclaimed += pages;
}

static const struct {
	const char *mark;
	void (*take)(struct tracing *t, const struct event *e);
} events[] = {
	{ ": mm_collapse_huge_page: ", take_collapse },
	{ ": mm_collapse_huge_page_isolate: ", take_isolate },
	{ ": thp_res_promote: ", take_promote },
	{ ": thp_res_reclaim: ", take_reclaim },
	{ ": thp_res_release: ", take_release },
};

/* "   khugepaged-30      [000] .....    21.123456", up to the mark; a name may hold anything. */
static bool take_head(struct event *e, const char *line, const char *mark)
{
	const char *at = mark, *cpu;

	while (at > line && (at[-1] == '.' || (at[-1] >= '0' && at[-1] <= '9')))
		at--;
	if (at == mark)
		return false;
	e->at_us = strtod(at, NULL) * 1e6;
	for (cpu = at; cpu > line && *cpu != '['; cpu--)
		;
	while (cpu > line && cpu[-1] == ' ')
		cpu--;
	for (at = cpu; at > line && at[-1] >= '0' && at[-1] <= '9'; at--)
		;
	if (at == cpu || at == line || at[-1] != '-' || cpu - at > 10)
		return false;
	e->pid = (unsigned int)strtoull(at, NULL, 10);
	at--;
	e->khugepaged = at - line >= 10 && !strncmp(at - 10, "khugepaged", 10);
	return isfinite(e->at_us) && e->at_us < 1e15;
}

static void take_comment(struct tracing *t, const char *line)
{
	double in_buffer, written;

	if (sscanf(line, "# entries-in-buffer/entries-written: %lf/%lf", &in_buffer, &written) == 2)
		t->lost = written >= in_buffer && written < 1e15 ? written - in_buffer : 0;
	sscanf(line, "# thp.promotion_threshold %3u", &t->threshold);
	sscanf(line, "# khugepaged.max_ptes_none %3u", &t->max_ptes_none);
	t->reservations |= !strncmp(line, "# enabled thp_reserve", 21);
	t->copies |= !strcmp(line, "# enabled huge_memory") ||
		     !strcmp(line, "# enabled huge_memory:mm_collapse_huge_page_isolate");
}

static void take_line(struct tracing *t, const char *line)
{
	if (*line == '#') {
		take_comment(t, line);
		return;
	}
	t->events += *line != '\0';
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		const char *mark = strstr(line, events[i].mark);
		struct event e;

		if (!mark || !take_head(&e, line, mark))
			continue;
		e.fields = mark + strlen(events[i].mark);
		events[i].take(t, &e);
		return;
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The nearest rank. */
static double quantile(const struct durations *d, double q)
{
	size_t rank = (size_t)ceil(q * (double)d->n);

	return d->v[rank ? rank - 1 : 0];
}

static void put_durations(struct fl_result *r, const char *stem, struct durations *d)
{
	const struct {
		const char *leaf;
		double q;
	} leaves[] = { { "p50", 0.5 }, { "p99", 0.99 }, { "max", 1 } };
	char name[64];

	if (!d->n)
		return;
	qsort(d->v, d->n, sizeof(*d->v), by_size);
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		snprintf(name, sizeof(name), "%s_%s", stem, leaves[i].leaf);
		fl_result_put(r, name, quantile(d, leaves[i].q), FL_UNIT_NS);
	}
	snprintf(name, sizeof(name), "%s_mean", stem);
	fl_result_put(r, name, d->sum / (double)d->n, FL_UNIT_NS);
}

static void put_mean(struct fl_result *r, const char *name, const struct mean *m)
{
	if (m->n > 0)
		fl_result_put(r, name, m->sum / m->n, FL_UNIT_COUNT);
}

static void put_all(struct fl_result *r, struct tracing *t)
{
	fl_result_put(r, "trace_events", t->events, FL_UNIT_COUNT);
	fl_result_put(r, "trace_lost", t->lost, FL_UNIT_COUNT);
	if (!t->reservations && !t->copies)
		return;
	put_durations(r, "promotion_latency", &t->inplace);
	put_durations(r, "promotion_copy_time", &t->copy);
	put_mean(r, "promotion_mapped_mean", &t->mapped);
	put_mean(r, "promotion_cleared_mean", &t->cleared);
	put_mean(r, "promotion_delay_mean", &t->delay);
	put_mean(r, "reservation_unused_mean", &t->unused);
	fl_result_put(r, "promotions_traced", t->mapped.n, FL_UNIT_COUNT);
	fl_result_put(r, "promotions_failed", t->failed, FL_UNIT_COUNT);
	if (t->copies)
		fl_result_put(r, "promotion_bytes_copied", t->copied * PAGE_KIB, FL_UNIT_KIB);
	if (t->reservations) {
		fl_result_put(r, "promotions_madvise", t->madvise, FL_UNIT_COUNT);
		fl_result_put(r, "reserved_pages_reclaimed", t->reclaimed, FL_UNIT_COUNT);
	}
}

void fl_collect_trace(struct fl_result *r, const char *text, size_t len)
{
	struct tracing t = { .threshold = 1, .max_ptes_none = PAGES - 1 };
	const char *at = text, *end = text + len;
	char line[512];

	while (fl_text_next(&at, end, line, sizeof(line)))
		take_line(&t, line);
	put_all(r, &t);
	free(t.inplace.v);
	free(t.copy.v);
}
