/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What workloads print.  Ours print "key value" lines whose key is the name of a
 * metric that a workload owns; page_fault1 and usemem print their peers' lines.
 */
#include "harness/collect/collect.h"

#include <stdio.h>
#include <string.h>

#include "harness/collect/text.h"

struct reading {
	double touches, elapsed_ns, unmap_ns, average;
	double usemem_us, free_us; /* of the slowest task */
	struct fl_result *r;
};

static void take_metric(struct reading *o, const char *line)
{
	char key[64];
	double value;
	const struct fl_metric *m;

	if (sscanf(line, "%63[a-z_0-9] %lf", key, &value) != 2 || !(value >= 0 && value < 1e18))
		return;
	m = fl_metric_find(key);
	if (m && m->owner == FL_OWNER_WORKLOAD && !m->series && fl_metric_fits(m->name, key))
		fl_result_put(o->r, key, value, m->unit);
}

static void take_line(struct reading *o, const char *line)
{
	unsigned long long a, b;

	if (!strpbrk(line, "0123456789")) /* of megabytes of output, most */
		return;
	if (sscanf(line, "average:%llu", &a) == 1)
		o->average = (double)a;
	else if (sscanf(line, "touches:%llu", &a) == 1)
		o->touches = (double)a;
	else if (sscanf(line, "elapsed_ns:%llu", &a) == 1)
		o->elapsed_ns = (double)a;
	else if (sscanf(line, "unmap_ns:%llu", &a) == 1)
		o->unmap_ns = (double)a;
	else if (sscanf(line, "%llu bytes / %llu usecs =", &a, &b) == 2)
		o->usemem_us = (double)b > o->usemem_us ? (double)b : o->usemem_us;
	else if (sscanf(line, "pass 1: %llu bytes / %llu usecs", &a, &b) == 2 && b)
		o->average = (double)a / 4096 * 1e6 / (double)b;
	else if (sscanf(line, "%llu usecs to free memory", &a) == 1)
		o->free_us = (double)a > o->free_us ? (double)a : o->free_us;
	else
		take_metric(o, line);
}

static double find(const struct fl_result *r, const char *name)
{
	const struct fl_value *v = fl_result_find(r, name);

	return v ? v->value : 0;
}

static void put_rates(struct reading *o)
{
	double touched = find(o->r, "touch_count"), rate = o->average;

	if (rate <= 0 && o->elapsed_ns > 0)
		rate = o->touches * 1e9 / o->elapsed_ns;
	if (rate <= 0 && o->usemem_us > 0)
		rate = touched * 1e6 / o->usemem_us;
	if (rate > 0)
		fl_result_put(o->r, "touch_rate", rate, FL_UNIT_PER_S);
	if (o->touches > 0 && o->unmap_ns > 0)
		fl_result_put(o->r, "free_latency_mean", o->unmap_ns / o->touches, FL_UNIT_NS);
	if (touched > 0 && o->free_us > 0)
		fl_result_put(o->r, "free_rate", touched * 1e6 / o->free_us, FL_UNIT_PER_S);
}

void fl_collect_output(struct fl_result *r, const char *workload, const char *text, size_t len)
{
	struct reading o = { .r = r };
	const char *at = text, *end = text + len;
	char line[256];

	(void)workload;
	while (fl_text_next(&at, end, line, sizeof(line)))
		take_line(&o, line);
	put_rates(&o);
}

double fl_collect_idle(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	double idle = 0;
	char line[256];

	while (fl_text_next(&at, end, line, sizeof(line))) {
		double ns;

		if ((sscanf(line, "slept_ns %lf", &ns) == 1 ||
		     sscanf(line, "warmup_ns %lf", &ns) == 1 ||
		     sscanf(line, "looked_ns %lf", &ns) == 1) &&
		    ns >= 0 && ns < 1e18)
			idle += ns;
	}
	return idle;
}
