/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by all forms of a comparison: which metrics, and how values and verdicts are written. */
#include "harness/report/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"

#define MORE_MAX 12 /* changed ones beside the headline */

size_t fl_compare_shown(const struct fl_pair *p, bool all, const struct fl_judged **shown)
{
	static const enum fl_verdict order[] = { FL_WORSE, FL_BETTER, FL_DIFFERS };
	size_t n = 0, more = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct fl_judged *j = &p->judged[i];

		if (j->meaning->headline && (all || j->a != 0 || j->b != 0))
			shown[n++] = j;
	}
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]) && !all; k++)
		for (size_t i = 0; i < p->n; i++)
			if (p->judged[i].verdict == order[k] && !p->judged[i].meaning->headline &&
			    fl_compare_is_change(&p->judged[i]) && more++ < MORE_MAX)
				shown[n++] = &p->judged[i];
	for (size_t i = 0; i < p->n && all; i++)
		if (!p->judged[i].meaning->headline)
			shown[n++] = &p->judged[i];
	return n;
}

bool fl_compare_is_change(const struct fl_judged *j)
{
	return j->verdict == FL_WORSE || j->verdict == FL_BETTER ||
	       (j->verdict == FL_DIFFERS && !j->tail);
}

size_t fl_compare_changed(const struct fl_pair *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += fl_compare_is_change(&p->judged[i]);
	return n;
}

#define LINES_MAX 120 /* of all rows that changed; at least ROOM_MIN each */
#define ROOM_MIN 4

size_t fl_compare_room(const struct fl_comparison *c)
{
	size_t rows = 0, room;

	for (size_t i = 0; i < c->n; i++)
		rows += !c->pairs[i].not_comparable && fl_compare_says(&c->pairs[i]);
	room = LINES_MAX / (rows ? rows : 1);
	return room > ROOM_MIN ? room : ROOM_MIN;
}

#define WORST_MAX 5

struct worst {
	const struct fl_pair *p;
	const struct fl_judged *j;
};

static double size_of(const struct fl_judged *j)
{
	return isfinite(j->change) ? fabs(j->change) : 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = size_of(((const struct worst *)a)->j), y = size_of(((const struct worst *)b)->j);

	return (x < y) - (x > y);
}

/* One row per metric and change is enough: a slower fault shows in every row. */
static bool said(const struct worst *w, size_t n, const struct fl_judged *j)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(w[i].j->metric, j->metric))
			return true;
	return false;
}

void fl_compare_worst(const struct fl_comparison *c, struct fl_strv *lines)
{
	struct worst *all, shown[WORST_MAX];
	size_t n = 0, k = 0;

	all = fl_calloc(c->counts[FL_WORSE] + 1, sizeof(*all));
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->pairs[i].n; j++)
			if (c->pairs[i].judged[j].verdict == FL_WORSE)
				all[n++] = (struct worst){ &c->pairs[i], &c->pairs[i].judged[j] };
	if (n)
		qsort(all, n, sizeof(*all), by_size);
	for (size_t i = 0; i < n && k < WORST_MAX; i++) {
		struct fl_compare_values v = fl_compare_values(all[i].j);
		char change[32];

		if (said(shown, k, all[i].j))
			continue;
		shown[k++] = all[i];
		fl_judged_change(all[i].j, change, sizeof(change));
		fl_strv_pushf(lines, "%s %s: %s -> %s %s (%s)", all[i].p->name, all[i].j->metric,
			      v.a, v.b, v.unit, change);
	}
	free(all);
}

void fl_compare_verdict(const struct fl_judged *j, char *out, size_t len)
{
	if (j->verdict != FL_INCONCLUSIVE)
		snprintf(out, len, "%s", fl_verdict_names[j->verdict]);
	else if (!isfinite(j->detectable) || j->na < 2 || j->nb < 2)
		snprintf(out, len, "inconclusive: too few boots");
	else if (j->needed > (j->na < j->nb ? j->na : j->nb))
		snprintf(out, len, "inconclusive below %.2g %%: %u boots needed",
			 100 * j->detectable, j->needed);
	else
		snprintf(out, len, "inconclusive below %.2g %%", 100 * j->detectable);
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

const char *fl_compare_lack(const struct fl_comparison *c, const struct fl_pair *p)
{
	bool of_b = p->b_skipped > 0;
	const struct fl_summary *s = of_b ? &c->b : &c->a;
	const struct fl_row *row = of_b ? p->b : p->a;

	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *point = &s->points[row->points[i]];

		if (!strcmp(point->status, "skipped") && point->reason)
			return point->reason;
	}
	return "no point was measured";
}

char *fl_compare_sum(const struct fl_comparison *c)
{
	return fl_asprintf(
		"%zu metric%s worse, %zu better, %zu the same, %zu inconclusive, %zu differ%s%s",
		c->counts[FL_WORSE], c->counts[FL_WORSE] == 1 ? "" : "s", c->counts[FL_BETTER],
		c->counts[FL_SAME], c->counts[FL_INCONCLUSIVE], c->counts[FL_DIFFERS],
		c->unlike ? "; not all in the same state" : "",
		c->lost || c->missing.n ? "; rows were lost" : "");
}
