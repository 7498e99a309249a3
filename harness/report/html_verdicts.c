/* SPDX-License-Identifier: GPL-2.0 */
/* The answer's first lines: each verdict once, the workloads that it is of, and the numbers. */
#include <math.h>
#include <string.h>

#include "harness/report/html_run.h"

const char *const fl_html_tones[] = {
	[FL_ANSWERED_NEITHER] = "",
	[FL_ANSWERED_GOOD] = "good",
	[FL_ANSWERED_MIXED] = "mixed",
	[FL_ANSWERED_BAD] = "bad",
};

const struct fl_crossing_curve *fl_html_curve(const struct fl_html_run *r,
					      const struct fl_answered_line *line)
{
	for (size_t i = 0; line->workload && r->answered->crossing && i < r->crossings->n; i++) {
		const struct fl_crossing_curve *c = &r->crossings->curves[i];

		if (!strcmp(c->crossing->name, r->answered->crossing) &&
		    !strcmp(c->workload, line->workload))
			return c;
	}
	return NULL;
}

/* A step of each workload that has one verdict. */
struct told {
	const struct fl_crossing_curve *curve;
	double at, cost[2], saved[2]; /* as shares of the reference: least and most */
	bool differs;                 /* the steps do not stand at the same place */
	size_t n;
};

static void tell(struct told *t, const struct fl_crossing_curve *c,
		 const struct fl_crossing_step *s)
{
	double cost = s->price / c->price.median, saved = s->saving / c->saving.median;

	if (!t->n++) {
		*t = (struct told){ c, s->at, { cost, cost }, { saved, saved }, false, 1 };
		return;
	}
	t->differs |= t->at != s->at || strcmp(t->curve->price_name, c->price_name) != 0;
	t->cost[0] = fmin(t->cost[0], cost);
	t->cost[1] = fmax(t->cost[1], cost);
	t->saved[0] = fmin(t->saved[0], saved);
	t->saved[1] = fmax(t->saved[1], saved);
}

/* "+53%", or "+53% to +56%". */
static void print_shares(FILE *out, const double share[2])
{
	char low[FL_ANSWERED_CELL], high[FL_ANSWERED_CELL];

	fl_answered_change(share[0], 1, low);
	fl_answered_change(share[1], 1, high);
	fputs(low, out);
	if (strcmp(low, high) != 0)
		fprintf(out, " to %s", high);
}

static void print_metric(const struct fl_html_run *r, const char *metric)
{
	char words[48];

	fl_html_words(r->s, metric, words);
	fl_html(r->out, words);
	fputc(' ', r->out);
}

static void print_saved(const struct fl_html_run *r, const struct told *t)
{
	fputs(": ", r->out);
	print_metric(r, t->curve->saving_name);
	print_shares(r->out, t->saved);
	fputs(", ", r->out);
	print_metric(r, t->curve->price_name);
	print_shares(r->out, t->cost);
	fprintf(r->out, " at T=%g", t->at);
}

static void print_paid(const struct fl_html_run *r, const struct told *first,
		       const struct told *last)
{
	fputs(": ", r->out);
	print_metric(r, first->curve->price_name);
	print_shares(r->out, first->cost);
	fprintf(r->out, " at T=%g", first->at);
	if (last->at > first->at && !last->differs) {
		fputs(", ", r->out);
		print_shares(r->out, last->cost);
		fprintf(r->out, " at T=%g", last->at);
	}
}

/* Where it begins to save; or where it begins to cost, and where it costs the most steps on. */
static void print_numbers(const struct fl_html_run *r, const char *verdict,
			  enum fl_answered_tone tone)
{
	const struct fl_answered *a = r->answered;
	struct told first = { 0 }, last = { 0 };
	bool costs = tone == FL_ANSWERED_BAD;

	for (size_t i = 0; i < a->n_lines; i++) {
		const struct fl_crossing_curve *c = fl_html_curve(r, &a->lines[i]);
		size_t at = 0;

		if (strcmp(a->lines[i].verdict, verdict) != 0 || !c || !c->n ||
		    !(c->price.median > 0))
			continue;
		while (costs && at < c->n - 1 && !c->steps[at].costs)
			at++;
		tell(&first, c, &c->steps[costs ? at : c->from]);
		tell(&last, c, &c->steps[c->n - 1]);
	}
	if (!first.n || first.differs || tone == FL_ANSWERED_NEITHER)
		return;
	if (costs)
		print_paid(r, &first, &last);
	else if (isfinite(first.saved[0]) && isfinite(first.saved[1]))
		print_saved(r, &first);
}

/* Is the verdict of this line that of one before? */
static bool said_before(const struct fl_answered *a, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (!strcmp(a->lines[i].verdict, a->lines[line].verdict))
			return true;
	return false;
}

/* "PAYS, T>=128 sparse-64: RSS held -86%, touch mean -38% at T=128" */
static void print_verdict(const struct fl_html_run *r, size_t line)
{
	const struct fl_answered *a = r->answered;
	const struct fl_answered_line *l = &a->lines[line];
	const char *between = " ";

	fprintf(r->out, "<li><b class=\"%s\">", fl_html_tones[l->tone]);
	fl_html(r->out, l->verdict);
	fputs("</b>", r->out);
	for (size_t j = line; j < a->n_lines; j++) {
		if (strcmp(a->lines[j].verdict, l->verdict) != 0)
			continue;
		fprintf(r->out, "%s<b>", between);
		fl_html(r->out, a->lines[j].label);
		fputs("</b>", r->out);
		between = ", ";
	}
	print_numbers(r, l->verdict, l->tone);
	fputs("</li>\n", r->out);
}

/* Those that save come first. */
void fl_html_verdicts(const struct fl_html_run *r)
{
	static const enum fl_answered_tone order[] = { FL_ANSWERED_GOOD, FL_ANSWERED_MIXED,
						       FL_ANSWERED_BAD, FL_ANSWERED_NEITHER };
	const struct fl_answered *a = r->answered;

	fputs("<ul class=verdicts>\n", r->out);
	for (size_t t = 0; t < sizeof(order) / sizeof(order[0]); t++)
		for (size_t i = 0; i < a->n_lines; i++)
			if (a->lines[i].tone == order[t] && *a->lines[i].verdict &&
			    !said_before(a, i))
				print_verdict(r, i);
	fputs("</ul>\n", r->out);
}
