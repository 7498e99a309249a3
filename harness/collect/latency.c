/* SPDX-License-Identifier: GPL-2.0 */
/* The latency file of a workload: its format is in workloads/lib/latency.h. */
#include "harness/collect/collect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/strv.h"

#define CLASSES_MAX 16
#define BUCKETS_MAX 200000

struct class
{
	char name[32];
	unsigned long long count, in_buckets;
	double sum, min, max, tick;
	size_t first, n; /* in fl_result.buckets */
};

static const struct {
	const char *class, *metric;
} names[] = {
	{ "base", "fault_latency" },
	{ "region", "region_latency" },
	{ "write_after", "write_latency_after" },
	{ "write_before", "write_latency_before" },
	{ "write_during", "write_latency_during" },
};

/*
 * Within a bucket latencies are taken as spread evenly; one that holds a single tick of the clock
 * holds one value.
 */
static double quantile(const struct fl_result *r, const struct class *c, double q)
{
	double want = q * (double)c->count, before = 0;

	for (size_t i = c->first; i < c->first + c->n; i++) {
		const struct fl_bucket *b = &r->buckets[i];
		double value;

		if (before + (double)b->count < want) {
			before += (double)b->count;
			continue;
		}
		value = b->low;
		if (b->high - b->low > 1.5 * c->tick)
			value += (b->high - b->low) * (want - before) / (double)b->count;
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

static void put_class(struct fl_result *r, const struct class *c)
{
	static const struct {
		const char *leaf;
		double q;
	} quantiles[] = {
		{ "p50", 0.5 },    { "p90", 0.9 },      { "p99", 0.99 },
		{ "p999", 0.999 }, { "p9999", 0.9999 },
	};
	const char *stem = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].class, c->name))
			stem = names[i].metric;
	if (!c->count)
		return;
	if (!strcmp(c->name, "fork")) {
		fl_result_put(r, "fork_time", c->sum / (double)c->count, FL_UNIT_NS);
		fl_result_put(r, "fork_time_max", c->max, FL_UNIT_NS);
		fl_result_put(r, "fork_time_min", c->min, FL_UNIT_NS);
	}
	if (!stem)
		return;
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		put(r, stem, quantiles[i].leaf, quantile(r, c, quantiles[i].q));
	put(r, stem, "max", c->max);
	put(r, stem, "mean", c->sum / (double)c->count);
}

/* What a touched page cost on the whole: comparable whatever the page size. */
static void put_touches(struct fl_result *r, const struct class *c, size_t n)
{
	double sum = 0, count = 0, regions = 0;

	for (size_t i = 0; i < n; i++) {
		bool region = !strcmp(c[i].name, "region");

		if (!region && strcmp(c[i].name, "base"))
			continue;
		sum += c[i].sum;
		count += (double)c[i].count;
		regions += region ? (double)c[i].count : 0;
	}
	if (count <= 0)
		return;
	fl_result_put(r, "touch_latency_mean", sum / count, FL_UNIT_NS);
	fl_result_put(r, "touch_count", count, FL_UNIT_COUNT);
	fl_result_put(r, "region_count", regions, FL_UNIT_COUNT);
}

static int take_class(struct fl_result *r, struct class *classes, size_t *n, double tick,
		      const char *line)
{
	struct class *c = &classes[*n];

	if (*n == CLASSES_MAX)
		return -EINVAL;
	memset(c, 0, sizeof(*c));
	if (sscanf(line, "class %31s count %llu sum_ns %lf min_ns %lf max_ns %lf", c->name,
		   &c->count, &c->sum, &c->min, &c->max) != 5)
		return -EINVAL;
	c->first = r->n_buckets;
	c->tick = tick;
	(*n)++;
	r->class_names = fl_realloc(r->class_names, (r->n_classes + 1) * sizeof(*r->class_names));
	memcpy(r->class_names[r->n_classes++], c->name, sizeof(c->name));
	return 0;
}

static int take_bucket(struct fl_result *r, struct class *classes, size_t n, const char *line)
{
	struct class *c = &classes[n ? n - 1 : 0];
	unsigned long long count;
	struct fl_bucket b;

	if (!n || sscanf(line, "bucket %lf %lf %llu", &b.low, &b.high, &count) != 3)
		return -EINVAL;
	if (!(b.low >= 0 && b.high > b.low && b.high < 1e18) || !count ||
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

/* 0: go on, 1: the end, -EINVAL. */
static int take_line(struct fl_result *r, struct class *classes, size_t *n, double *tick,
		     const char *line, int number)
{
	double hz;
	int version;

	if (number == 1)
		return sscanf(line, "faultline-latency %d", &version) == 1 && version == 1
			       ? 0
			       : -EINVAL;
	if (!strncmp(line, "clock ", 6)) {
		*tick = sscanf(line, "clock %*s hz %lf", &hz) == 1 && hz > 0 ? 1e9 / hz : 0;
		return 0;
	}
	if (!strncmp(line, "class ", 6))
		return take_class(r, classes, n, *tick, line);
	if (!strncmp(line, "bucket ", 7))
		return take_bucket(r, classes, *n, line);
	return !strcmp(line, "end") ? 1 : -EINVAL;
}

/* A curve needs no more than 128 bars an octave, and the store keeps them for every point. */
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
	struct class classes[CLASSES_MAX];
	const char *at = text, *end = text + len;
	double tick = 0;
	size_t n = 0;
	int got = 0;

	for (*line = 1; at < end && !got; ++*line) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		char one[256];

		if (!stop || (size_t)(stop - at) >= sizeof(one))
			return -EINVAL;
		memcpy(one, at, (size_t)(stop - at));
		one[stop - at] = '\0';
		got = take_line(r, classes, &n, &tick, one, *line);
		at = stop + 1;
	}
	for (size_t i = 0; i < n && got == 1; i++)
		if (classes[i].in_buckets != classes[i].count)
			got = -EINVAL;
	if (got != 1)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		put_class(r, &classes[i]);
	put_touches(r, classes, n);
	coarsen(r);
	return 0;
}
