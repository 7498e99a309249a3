/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The latency file of a workload: its format is in workloads/lib/latency.h.  Version 1 is still
 * read: its classes base and region hold all first touches, including stores and interrupted ones,
 * so it cannot tell how many touches faulted.
 */
#include "harness/collect/collect.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/strv.h"

#define CLASSES_MAX 16
#define BUCKETS_MAX 200000

struct class
{
	char name[32];
	unsigned long long count, in_buckets;
	double sum, min, max;
	size_t first, n; /* in fl_result.buckets */
};

struct reading {
	struct fl_result *r;
	struct class classes[CLASSES_MAX];
	size_t n;
	int version;
	double tick, cost, away; /* ns; cost and away 0 in version 1 */
};

static const struct {
	const char *class, *metric;
} names[] = {
	{ "base", "fault_latency" },
	{ "region", "region_latency" },
	{ "store", "store_latency" },
	{ "write_after", "write_latency_after" },
	{ "write_before", "write_latency_before" },
	{ "write_during", "write_latency_during" },
};

/*
 * The value at rank ceil(q * count).  A bucket one clock tick wide is a single value; for a wider
 * one the middle is taken, since the values in it are unknown.
 */
static double quantile(const struct reading *o, const struct class *c, double q)
{
	double want = ceil(q * (double)c->count), before = 0;

	for (size_t i = c->first; i < c->first + c->n; i++) {
		const struct fl_bucket *b = &o->r->buckets[i];
		double value = b->low;

		before += (double)b->count;
		if (before < want)
			continue;
		if (b->high - b->low > 1.5 * o->tick)
			value += (b->high - o->tick - b->low) / 2;
		return value < c->min ? c->min : value > c->max ? c->max : value;
	}
	return c->max;
}

static void put(struct fl_result *r, const char *stem, const char *leaf, double value)
{
	char name[64];

	snprintf(name, sizeof(name), "%.40s_%.16s", stem, leaf);
	fl_result_put(r, name, value, FL_UNIT_NS);
}

static void put_quantiles(const struct reading *o, const struct class *c, const char *stem)
{
	static const struct {
		const char *leaf;
		double q;
	} quantiles[] = {
		{ "p50", 0.5 },    { "p90", 0.9 },      { "p99", 0.99 },
		{ "p999", 0.999 }, { "p9999", 0.9999 },
	};
	bool store = !strcmp(c->name, "store");

	for (size_t i = 0; i < (store ? 1 : sizeof(quantiles) / sizeof(quantiles[0])); i++)
		put(o->r, stem, quantiles[i].leaf, quantile(o, c, quantiles[i].q));
	if (!store)
		put(o->r, stem, "max", c->max);
	put(o->r, stem, "mean", c->sum / (double)c->count);
}

static void put_class(const struct reading *o, const struct class *c)
{
	if (!c->count)
		return;
	if (!strcmp(c->name, "fork")) {
		fl_result_put(o->r, "fork_time", c->sum / (double)c->count, FL_UNIT_NS);
		fl_result_put(o->r, "fork_time_max", c->max, FL_UNIT_NS);
		fl_result_put(o->r, "fork_time_min", c->min, FL_UNIT_NS);
	}
	if (!strcmp(c->name, "interrupted"))
		fl_result_put(o->r, "interrupted_latency_max", c->max, FL_UNIT_NS);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].class, c->name))
			put_quantiles(o, c, names[i].metric);
}

static const struct class *find(const struct reading *o, const char *name)
{
	static const struct class none;

	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->classes[i].name, name))
			return &o->classes[i];
	return &none;
}

/*
 * The overall cost of a touched page, comparable for any page size.  This mean keeps timer ticks:
 * the longer a touch, the likelier a tick or a preemption during it, so without those touches the
 * mean would be too small, by 1 % if it is dominated by a few huge faults.  Time of other tasks is
 * subtracted.
 */
static void put_touches(const struct reading *o)
{
	const struct class *base = find(o, "base"), *region = find(o, "region");
	const struct class *store = find(o, "store"), *interrupted = find(o, "interrupted");
	const struct class *preempted = find(o, "preempted");
	double timed = (double)(base->count + region->count + store->count + interrupted->count +
				preempted->count);
	double whole = base->sum + region->sum + store->sum + interrupted->sum +
		       fmax(preempted->sum - o->away, 0);

	if (timed <= 0)
		return;
	fl_result_put(o->r, "touch_latency_mean", whole / timed, FL_UNIT_NS);
	fl_result_put(o->r, "touch_count", timed, FL_UNIT_COUNT);
	fl_result_put(o->r, "region_count", (double)region->count, FL_UNIT_COUNT);
	if (o->version < 2 || !*store->name || !*interrupted->name)
		return;
	fl_result_put(o->r, "touches_faulted", (double)(base->count + region->count),
		      FL_UNIT_COUNT);
	fl_result_put(o->r, "touches_stored", (double)store->count, FL_UNIT_COUNT);
	fl_result_put(o->r, "touches_interrupted", (double)interrupted->count, FL_UNIT_COUNT);
	fl_result_put(o->r, "touches_preempted", (double)preempted->count, FL_UNIT_COUNT);
}

#define NS_MAX 1e15 /* eleven days */

/* The file is untrusted. */
static bool plausible(const struct class *c)
{
	double n = (double)c->count, slack = n + 1; /* each value is rounded */

	if (!(c->min >= 0 && c->min <= c->max && c->max < NS_MAX) || c->count > 1ull << 53)
		return false;
	return c->sum >= n * c->min - slack && c->sum <= n * c->max + slack;
}

static bool is_word(const char *name)
{
	return !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static int take_class(struct reading *o, const char *line)
{
	struct class *c = &o->classes[o->n];
	struct fl_result *r = o->r;

	if (o->n == CLASSES_MAX)
		return -EINVAL;
	memset(c, 0, sizeof(*c));
	if (sscanf(line, "class %31s count %llu sum_ns %lf min_ns %lf max_ns %lf", c->name,
		   &c->count, &c->sum, &c->min, &c->max) != 5 ||
	    !is_word(c->name) || !plausible(c) || find(o, c->name)->count || strchr(line, '-'))
		return -EINVAL;
	c->first = r->n_buckets;
	o->n++;
	r->class_names = fl_realloc(r->class_names, (r->n_classes + 1) * sizeof(*r->class_names));
	memcpy(r->class_names[r->n_classes++], c->name, sizeof(c->name));
	return 0;
}

static int take_bucket(struct reading *o, const char *line)
{
	struct class *c = &o->classes[o->n ? o->n - 1 : 0];
	struct fl_result *r = o->r;
	unsigned long long count;
	struct fl_bucket b;

	if (!o->n || sscanf(line, "bucket %lf %lf %llu", &b.low, &b.high, &count) != 3)
		return -EINVAL;
	if (!(b.low >= 0 && b.high - b.low > 1e-3 && b.high < NS_MAX) || !count ||
	    r->n_buckets >= BUCKETS_MAX || (c->n && b.low < r->buckets[r->n_buckets - 1].low))
		return -EINVAL;
	b.cls = (uint8_t)(r->n_classes - 1);
	b.count = count;
	c->in_buckets += count;
	c->n++;
	if (!(r->n_buckets & (r->n_buckets - 1)))
		r->buckets = fl_realloc(r->buckets, (r->n_buckets ? 2 * r->n_buckets : 1) *
							    sizeof(*r->buckets));
	r->buckets[r->n_buckets++] = b;
	return 0;
}

static int take_clock(struct reading *o, const char *line)
{
	double hz;
	int n = sscanf(line, "clock %*s hz %lf cost_ns %lf away_ns %lf", &hz, &o->cost, &o->away);

	if (o->version >= 2 && (n < 2 || !(hz > 0) || !(o->cost >= 0 && o->cost < 1e9) ||
				!(o->away >= 0 && o->away < NS_MAX)))
		return -EINVAL;
	o->tick = n >= 1 && hz > 0 ? 1e9 / hz : 0;
	return 0;
}

/* 0: go on, 1: the end, -EINVAL. */
static int take_line(struct reading *o, const char *line, int number)
{
	if (number == 1)
		return sscanf(line, "faultline-latency %d", &o->version) == 1 &&
				       (o->version == 1 || o->version == 2)
			       ? 0
			       : -EINVAL;
	if (!strncmp(line, "clock ", 6))
		return take_clock(o, line);
	if (!strncmp(line, "class ", 6))
		return take_class(o, line);
	if (!strncmp(line, "bucket ", 7))
		return take_bucket(o, line);
	return !strcmp(line, "end") ? 1 : -EINVAL;
}

/* 128 bars per octave are enough for a curve, and the store keeps them for every point. */
static void coarsen(struct fl_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_buckets; i++) {
		const struct fl_bucket *b = &r->buckets[i];
		struct fl_bucket *last = &r->buckets[n ? n - 1 : 0];

		if (n && last->cls == b->cls && b->high - last->low <= last->low / 128) {
			last->high = b->high;
			last->count += b->count;
		} else {
			r->buckets[n++] = *b;
		}
	}
	r->n_buckets = n;
}

int fl_collect_latency(struct fl_result *r, const char *text, size_t len, int *line)
{
	const char *at = text, *end = text + len;
	struct reading o = { .r = r };
	int got = 0;

	for (*line = 1; at < end && !got; ++*line) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		char one[256];

		if (!stop || (size_t)(stop - at) >= sizeof(one))
			return -EINVAL;
		memcpy(one, at, (size_t)(stop - at));
		one[stop - at] = '\0';
		got = take_line(&o, one, *line);
		at = stop + 1;
	}
	for (size_t i = 0; i < o.n && got == 1; i++)
		if (o.classes[i].in_buckets != o.classes[i].count)
			got = -EINVAL;
	if (got != 1)
		return -EINVAL;
	for (size_t i = 0; i < o.n; i++)
		put_class(&o, &o.classes[i]);
	put_touches(&o);
	if (o.version >= 2 && o.n)
		fl_result_put(r, "clock_cost", o.cost, FL_UNIT_NS);
	coarsen(r);
	return 0;
}
