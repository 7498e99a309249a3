/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/collect/collect.h"
#include "harness/judge/sampled.h"

static const struct {
	const char *metric, *head;
	bool hide_zero, with_steps;
} shown[] = {
	{ "cases_passed", "passed", false, true },
	{ "cases_failed", "failed", false, true },
	{ "cases_skipped", "skipped", false, true },
	{ "cases_changed", "changed", false, true },
	{ "cases_unexplained", "unexplained", false, true },
	{ "touch_latency_mean", "touch mean", false, false },
	{ "fault_latency_p50", "page p50", false, true },
	{ "fault_latency_p99", "page p99", false, true },
	{ "region_latency_p50", "region p50", false, true },
	{ "region_latency_p99", "region p99", false, false },
	{ "touch_rate", "touches", false, true },
	{ "fault_count", "faults", false, false },
	{ "report_time_95", "95% back", false, true },
	{ "report_time_999", "99.9% back", false, true },
	{ "pages_reported", "reported", true, true },
	{ "host_leftover_end", "left over", false, true },
	{ "round_time_mean", "turn", false, true },
	{ "round_time_max", "turn max", false, true },
	{ "guests_fit", "guests fit", false, true },
	{ "stack_rss_peak", "guests RSS", false, true },
	{ "stack_charge_peak", "charged", false, true },
	{ "fork_time", "fork", false, true },
	{ "write_latency_before_p99", "write p99", false, false },
	{ "write_latency_during_p99", "in snap p99", false, false },
	{ "children_until_failure", "child fails", false, true },
	{ "cache_kept", "cache kept", false, true },
	{ "hungry_time", "hungry", false, true },
	{ "hungry_failed", "no memory", true, true },
	{ "hungry_reclaims", "reclaims", true, true },
	{ "released_by_hunger", "released", true, true },
	{ "free_before_online_delta", "before online", false, true },
	{ "memmap_in_new_memory", "memmap inside", false, true },
	{ "memmap_node", "memmap node", false, true },
	{ "total_short", "not counted", false, true },
	{ "usable_time", "usable after", false, true },
	{ "usable_time_per_gb", "a GB", false, true },
	{ "unplugged", "unplugged", false, true },
	{ "unplug_time", "unplug", false, true },
	{ "unplug_free_lost", "unplug lost", false, true },
	{ "guest_hugetlb_at_gigantic", "1 GB pages", false, true },
	{ "search_largest", "size good", false, true },
	{ "search_least_bad", "size bad", false, true },
	{ "search_tries", "tries", false, true },
	{ "guest_rss_peak", "RSS peak", false, false },
	{ "memcg_charge_peak", "charge peak", false, true },
	{ "memcg_charge_mean", "charge mean", false, false },
	{ "memcg_anon_huge_peak", "huge peak", false, false },
	{ "promotions_copy", "copies", true, true },
	{ "promotions_inplace", "in place", true, true },
	{ "promotions_fault", "at fault", true, true },
	{ "splits_pmd", "PMD splits", true, true },
	{ "balloon_inflate_block", "blocks taken", true, true },
	{ "balloon_inflate_fallback", "blocks short", true, true },
	{ "balloon_migrate", "balloon moved", true, true },
	{ "balloon_interrupts", "balloon irqs", true, true },
	{ "promotion_mapped_mean", "mapped mean", false, true },
	{ "promotion_cleared_mean", "cleared mean", false, true },
	{ "promotion_delay_mean", "beyond T", true, true },
	{ "promotion_latency_p50", "in place p50", false, true },
	{ "promotion_latency_p99", "in place p99", false, true },
	{ "promotion_copy_time_p50", "copy p50", false, true },
	{ "promotion_copy_time_p99", "copy p99", false, true },
	{ "promotion_bytes_copied", "copied", true, true },
	{ "host_rss_peak", "host RSS", false, false },
	{ "host_anon_huge_peak", "host huge", false, false },
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

/*
 * What steps leave, each family by the time of its steps: the host's huge pages at sample steps,
 * and what programs of run steps say.
 */
static const struct {
	const char *prefix, *head;
} at_steps[] = {
	{ "host_anon_huge_at_", "huge" },
	{ "model_host_huge_at_", "model" },
	{ "touch_rate_of_", "touches" },
	{ "thp_fault_fallback_at_", "fallback" },
};

static size_t add_column(const struct fl_summary *s, const char *workload, const char *metric,
			 bool hide_zero, struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	struct fl_column *c = &columns[n];
	const char *unit = "";
	double max;

	if (n == FL_COLUMNS_MAX || !measure(s, workload, metric, &unit, &max) ||
	    (hide_zero && max <= 0))
		return n;
	snprintf(c->metric, sizeof(c->metric), "%s", metric);
	c->divisor = fl_readable(unit, max, c->unit, sizeof(c->unit));
	return n + 1;
}

static size_t add_steps(const struct fl_summary *s, const char *workload,
			struct fl_column columns[FL_COLUMNS_MAX], size_t n)
{
	for (size_t f = 0; f < sizeof(at_steps) / sizeof(at_steps[0]); f++) {
		struct fl_strv names = { 0 };

		fl_steps_by_time(&names, s, workload, at_steps[f].prefix);
		for (size_t i = 0; i < names.n; i++) {
			cleanup_free char *metric =
				fl_asprintf("%s%s", at_steps[f].prefix, names.v[i]);
			size_t more = add_column(s, workload, metric, f > 0, columns, n);

			if (more > n)
				snprintf(columns[n].head, sizeof(columns[n].head), "%s %.30s",
					 at_steps[f].head, names.v[i]);
			n = more;
		}
		fl_strv_release(&names);
	}
	return n;
}

/* --- the experiment's own choice: [experiment] columns --- */

/* As the usual tables call it, or by its own name. */
static void name_column(struct fl_column *c, const char *metric)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (strcmp(shown[i].metric, metric) != 0)
			continue;
		snprintf(c->head, sizeof(c->head), "%s", shown[i].head);
		return;
	}
	snprintf(c->head, sizeof(c->head), "%s", metric);
	for (char *p = c->head; *p; p++)
		*p = *p == '_' ? ' ' : *p;
}

static size_t add_chosen(const struct fl_summary *s, const char *workload,
			 struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s->columns.n; i++) {
		size_t more = add_column(s, workload, s->columns.v[i], false, columns, n);

		if (more > n)
			name_column(&columns[n], s->columns.v[i]);
		n = more;
	}
	return n;
}

size_t fl_columns_of(const struct fl_summary *s, const char *workload,
		     struct fl_column columns[FL_COLUMNS_MAX])
{
	size_t steps, n = add_chosen(s, workload, columns);

	if (n)
		return n;
	steps = n = add_steps(s, workload, columns, 0);
	/* Where steps look at the host, what it was at most says little. */
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		size_t more = n;

		if (!steps || shown[i].with_steps)
			more = add_column(s, workload, shown[i].metric, shown[i].hide_zero, columns,
					  n);
		if (more > n)
			snprintf(columns[n].head, sizeof(columns[n].head), "%s", shown[i].head);
		n = more;
	}
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
