/* SPDX-License-Identifier: GPL-2.0 */
/* What the forms of a comparison share: which metrics, and how a value and a verdict read. */
#include "harness/report/compare.h"

#include <math.h>
#include <string.h>

#include "harness/base/strv.h"

#define MORE_MAX 12 /* changed ones beside the headline */

/* What decides about a memory-management change, in the order in which it is asked. */
static const char *const headline[] = {
	"touch_latency_mean",
	"fault_latency_p50",
	"fault_latency_p99",
	"region_latency_p50",
	"fork_time",
	"write_latency_during_p99",
	"workload_time",
	"children_until_failure",
	"guest_rss_peak",
	"memcg_charge_peak",
	"memcg_anon_huge_peak",
	"guest_available_delta",
	"guest_free_lost",
	"promotions_khugepaged",
};

#define N_HEADLINE (sizeof(headline) / sizeof(headline[0]))

static bool is_headline(const char *metric)
{
	for (size_t i = 0; i < N_HEADLINE; i++)
		if (!strcmp(headline[i], metric))
			return true;
	return false;
}

static const struct fl_judged *find(const struct fl_pair *p, const char *metric)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->judged[i].metric, metric))
			return &p->judged[i];
	return NULL;
}

size_t fl_compare_shown(const struct fl_pair *p, bool all, const struct fl_judged **shown)
{
	size_t n = 0, more = 0;

	for (size_t i = 0; i < N_HEADLINE; i++) {
		const struct fl_judged *j = find(p, headline[i]);

		if (j && (all || j->a != 0 || j->b != 0))
			shown[n++] = j;
	}
	for (enum fl_verdict v = FL_WORSE;; v = v == FL_WORSE ? FL_BETTER : FL_DIFFERS) {
		for (size_t i = 0; i < p->n; i++)
			if (!all && p->judged[i].verdict == v &&
			    !is_headline(p->judged[i].metric) && more++ < MORE_MAX)
				shown[n++] = &p->judged[i];
		if (v == FL_DIFFERS)
			break;
	}
	for (size_t i = 0; i < p->n && all; i++)
		if (!is_headline(p->judged[i].metric))
			shown[n++] = &p->judged[i];
	return n;
}

size_t fl_compare_changed(const struct fl_pair *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->judged[i].verdict == FL_WORSE || p->judged[i].verdict == FL_BETTER ||
		     p->judged[i].verdict == FL_DIFFERS;
	return n;
}

void fl_compare_verdict(const struct fl_judged *j, char *out, size_t len)
{
	if (j->verdict != FL_INCONCLUSIVE)
		snprintf(out, len, "%s", fl_verdict_names[j->verdict]);
	else if (!isfinite(j->detectable) || j->na < 2 || j->nb < 2)
		snprintf(out, len, "cannot tell: too few boots");
	else if (j->needed > (j->na < j->nb ? j->na : j->nb))
		snprintf(out, len, "cannot tell below %.2g %%: %u boots would", 100 * j->detectable,
			 j->needed);
	else
		snprintf(out, len, "cannot tell below %.2g %%", 100 * j->detectable);
}

static void print_value(char *out, size_t len, double value)
{
	double size = fabs(value);

	snprintf(out, len, "%.*f",
		 value == floor(value) && size < 1e9 ? 0
		 : size >= 1000                      ? 1
						     : 2,
		 value);
}

struct fl_compare_values fl_compare_values(const struct fl_judged *j)
{
	struct fl_compare_values v = { 0 };
	double divisor = fl_readable(j->unit, fmax(fabs(j->a), fabs(j->b)), v.unit, sizeof(v.unit));

	print_value(v.a, sizeof(v.a), j->a / divisor);
	print_value(v.b, sizeof(v.b), j->b / divisor);
	return v;
}

char *fl_compare_sum(const struct fl_comparison *c)
{
	size_t judged = 0;

	for (size_t i = 0; i < c->n; i++)
		judged += c->pairs[i].n;
	return fl_asprintf("%zu worse, %zu better, %zu differ, %zu same, %zu cannot tell, of %zu "
			   "metrics in %zu rows%s",
			   c->counts[FL_WORSE], c->counts[FL_BETTER], c->counts[FL_DIFFERS],
			   c->counts[FL_SAME], c->counts[FL_INCONCLUSIVE], judged, c->n,
			   c->lost || c->missing.n ? "; rows were lost" : "");
}
