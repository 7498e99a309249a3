/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *metric, *head;
	bool hide_zero;
} shown[] = {
	{ "cases_passed", "passed", false },
	{ "cases_failed", "failed", false },
	{ "cases_skipped", "skipped", false },
	{ "cases_changed", "changed", false },
	{ "cases_unexplained", "unexplained", false },
	{ "touch_latency_mean", "touch mean", false },
	{ "fault_latency_p50", "page p50", false },
	{ "fault_latency_p99", "page p99", false },
	{ "region_latency_p50", "region p50", false },
	{ "region_latency_p99", "region p99", false },
	{ "touch_rate", "touches", false },
	{ "fault_count", "faults", false },
	{ "report_time_95", "95% back", false },
	{ "report_time_999", "99.9% back", false },
	{ "host_leftover_end", "left over", false },
	{ "round_time_mean", "turn", false },
	{ "round_time_max", "turn max", false },
	{ "guests_fit", "guests fit", false },
	{ "stack_rss_peak", "guests RSS", false },
	{ "stack_charge_peak", "charged", false },
	{ "fork_time", "fork", false },
	{ "write_latency_before_p99", "write p99", false },
	{ "write_latency_during_p99", "in snap p99", false },
	{ "children_until_failure", "child fails", false },
	{ "guest_rss_peak", "RSS peak", false },
	{ "memcg_charge_peak", "charge peak", false },
	{ "memcg_charge_mean", "charge mean", false },
	{ "memcg_anon_huge_peak", "huge peak", false },
	{ "promotions_copy", "copies", true },
	{ "promotions_inplace", "in place", true },
	{ "promotions_fault", "at fault", true },
	{ "splits_pmd", "PMD splits", true },
	{ "host_rss_peak", "host RSS", false },
	{ "host_anon_huge_peak", "host huge", false },
};

static bool measure(const struct fl_summary *s, const char *workload, const char *metric,
		    const char **unit, double *max)
{
	bool any = false;

	*max = 0;
	for (size_t i = 0; i < s->n_rows; i++) {
		struct fl_spread v;

		if (strcmp(s->rows[i].workload_name, workload))
			continue;
		v = fl_summary_metric(s, &s->rows[i], metric, unit);
		any |= v.n > 0;
		*max = v.n && v.median > *max ? v.median : *max;
	}
	return any;
}

#define AT_STEP "host_anon_huge_at_"

/* When a step began; below 0 where it did not. */
static double began(const struct fl_stored_point *p, const char *step)
{
	char name[64];

	snprintf(name, sizeof(name), "step_%.40s_start", step);
	for (size_t i = 0; i < p->n_metrics; i++)
		if (!strcmp(p->metrics[i].name, name))
			return p->metrics[i].value;
	return -1;
}

/* The host's huge pages at each sample step, in the order of time. */
static size_t add_steps(const struct fl_summary *s, const struct fl_stored_point *p,
			const char *workload, struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	double last = -1, max;

	while (n < FL_COLUMNS_MAX) {
		struct fl_column *c = &columns[n];
		const char *next = NULL, *unit = "";
		double first = INFINITY;

		for (size_t i = 0; i < p->n_metrics; i++) {
			const char *name = p->metrics[i].name;
			double at;

			if (strncmp(name, AT_STEP, strlen(AT_STEP)) != 0)
				continue;
			at = began(p, name + strlen(AT_STEP));
			if (at > last && at < first) {
				first = at;
				next = name;
			}
		}
		if (!next || !measure(s, workload, next, &unit, &max))
			break;
		last = first;
		c->metric = next;
		snprintf(c->own, sizeof(c->own), "huge %.40s", next + strlen(AT_STEP));
		c->head = c->own;
		c->divisor = fl_readable(unit, max, c->unit, sizeof(c->unit));
		n++;
	}
	return n;
}

size_t fl_columns_of(const struct fl_summary *s, const char *workload,
		     struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]) && n < FL_COLUMNS_MAX; i++) {
		struct fl_column *c = &columns[n];
		const char *unit = "";
		double max;

		if (!measure(s, workload, shown[i].metric, &unit, &max) ||
		    (shown[i].hide_zero && max <= 0))
			continue;
		c->metric = shown[i].metric;
		c->head = shown[i].head;
		c->divisor = fl_readable(unit, max, c->unit, sizeof(c->unit));
		n++;
	}
	for (size_t i = 0; i < s->n_points; i++)
		if (!strcmp(s->points[i].workload_name, workload) &&
		    !strcmp(s->points[i].status, "ok"))
			return add_steps(s, &s->points[i], workload, columns, n);
	return n;
}

void fl_column_text(const struct fl_column *c, const struct fl_spread *v, const char *plus_minus,
		    char *out, size_t len)
{
	double value = v->median / c->divisor, half;
	int digits = fabs(value) >= 1000 || value == floor(value) ? 0 : fabs(value) >= 10 ? 1 : 2;

	if (!v->n) {
		snprintf(out, len, "-");
		return;
	}
	half = v->median != 0 ? 50 * (v->most - v->least) / fabs(v->median) : 0;
	if (half >= 1)
		snprintf(out, len, "%.*f %s%.0f%%", digits, value, plus_minus, half);
	else
		snprintf(out, len, "%.*f", digits, value);
}
