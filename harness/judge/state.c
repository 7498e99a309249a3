/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/collect.h"

/* A counter's values over the boots of one side. */
struct had {
	struct fl_spread v;
	size_t none; /* boots in which it was 0 */
};

static struct had had(const struct fl_summary *s, const struct fl_row *row, const char *metric)
{
	cleanup_free double *values = fl_calloc(row->n + 1, sizeof(*values));
	size_t n = fl_summary_values(s, row, metric, false, values, NULL);
	struct had h = { 0 };

	for (size_t i = 0; i < n; i++)
		h.none += values[i] == 0;
	h.v = fl_spread(values, n);
	return h;
}

/* An OOM kill is never a crumb. */
static double least_of(const char *metric)
{
	return strcmp(metric, "oom_kills") ? FL_STATE_LEAST : 1;
}

static char *some_and_none(char some, const struct had *h, char none, const char *what)
{
	if (!h->none)
		return fl_asprintf("%c had %.0f %s and %c none", some, h->v.median, what, none);
	return fl_asprintf("%c had %s in %zu of %zu boots and %c in none", some, what,
			   h->v.n - h->none, h->v.n, none);
}

static char *some_boots(char some, char none, const struct had *h, const char *what)
{
	return fl_asprintf("%c had %s in all boots, %c in %zu of %zu", some, what, none,
			   h->v.n - h->none, h->v.n);
}

static char *times(const struct had *a, const struct had *b, const char *what)
{
	bool more = b->v.least > a->v.most;
	double factor = more ? b->v.median / a->v.median : a->v.median / b->v.median;

	if (!more && a->v.least <= b->v.most)
		return NULL;
	if (factor < FL_STATE_FACTOR || fabs(a->v.median - b->v.median) < FL_STATE_LEAST)
		return NULL;
	return fl_asprintf("A had %.0f %s and B %.0f (x %.1f)", a->v.median, what, b->v.median,
			   b->v.median / a->v.median);
}

static char *differs(const struct had *a, const struct had *b, const struct fl_metric *m)
{
	double least = least_of(m->name);

	if (!a->v.n || !b->v.n)
		return NULL;
	if (a->v.most == 0 && b->v.most >= least)
		return some_and_none('B', b, 'A', m->state);
	if (b->v.most == 0 && a->v.most >= least)
		return some_and_none('A', a, 'B', m->state);
	if (a->none < b->none && !a->none && a->v.least >= least)
		return some_boots('A', 'B', b, m->state);
	if (b->none < a->none && !b->none && b->v.least >= least)
		return some_boots('B', 'A', a, m->state);
	return a->none || b->none ? NULL : times(a, b, m->state);
}

char *fl_state_difference(const struct fl_summary *sa, const struct fl_row *a,
			  const struct fl_summary *sb, const struct fl_row *b)
{
	const struct fl_metric *m;
	char *text = NULL;

	for (size_t i = 0; (m = fl_metric_at(i)); i++) {
		struct had ha, hb;
		cleanup_free char *one = NULL, *old = NULL;

		if (!m->state)
			continue;
		ha = had(sa, a, m->name);
		hb = had(sb, b, m->name);
		one = differs(&ha, &hb, m);
		if (!one)
			continue;
		old = text;
		text = fl_asprintf("%s%s%s", old ? old : "", old ? "; " : "", one);
	}
	return text;
}
