/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/junit.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"
#include "harness/report/compare.h"

/* XML 1.0 knows no control characters but blanks; a text of a guest has any. */
static void text(FILE *out, const char *given)
{
	cleanup_free char *plain = fl_plain_copy(given);

	for (const char *t = plain; t && *t; t++) {
		if (*t == '<')
			fputs("&lt;", out);
		else if (*t == '>')
			fputs("&gt;", out);
		else if (*t == '&')
			fputs("&amp;", out);
		else if (*t == '"')
			fputs("&quot;", out);
		else
			fputc(*t, out);
	}
}

void fl_junit_begin(FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
}

void fl_junit_end(FILE *out)
{
	fputs("</testsuites>\n", out);
}

static void open_suite(FILE *out, const struct fl_stored_run *r, size_t tests, size_t failures,
		       size_t skipped)
{
	fputs(" <testsuite name=\"faultline.", out);
	text(out, r->experiment);
	fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" timestamp=\"",
		tests, failures, skipped);
	text(out, r->created);
	fputs("\">\n", out);
}

static double wall(const struct fl_summary *s, const struct fl_row *row)
{
	double sum = 0;

	for (size_t i = 0; i < row->n; i++)
		sum += s->points[row->points[i]].wall_s;
	return sum;
}

static void open_case(FILE *out, const struct fl_summary *s, const struct fl_row *row,
		      const char *name)
{
	fputs("  <testcase classname=\"", out);
	text(out, s->run.experiment);
	fputc('.', out);
	text(out, row->workload_name);
	fputs("\" name=\"", out);
	text(out, name);
	fprintf(out, "\" time=\"%.2f\">\n", wall(s, row));
}

/* Does it say why the row fails: what is worse, or of another state what one side did not get? */
static bool is_why(const struct fl_pair *p, const struct fl_judged *j)
{
	return j->verdict == FL_WORSE || (p->state && j->meaning->state && j->verdict != FL_SAME);
}

static size_t count_why(const struct fl_pair *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += is_why(p, &p->judged[i]);
	return n;
}

static bool all_skipped(const struct fl_pair *p)
{
	return p->b_skipped == p->b->n;
}

static void print_failure(FILE *out, const struct fl_pair *p)
{
	size_t why = count_why(p), said = 0;

	fputs("   <failure type=\"regression\" message=\"", out);
	if (p->lost)
		fprintf(out, "%zu of %zu points failed, %zu were skipped", p->b_lost, p->b->n,
			p->b_skipped);
	for (size_t i = 0; i < p->n && said < 3; i++) {
		char change[32];

		if (!is_why(p, &p->judged[i]))
			continue;
		fl_judged_change(&p->judged[i], change, sizeof(change));
		fprintf(out, "%s%s %s", said++ || p->lost ? ", " : "", p->judged[i].metric, change);
	}
	fprintf(out, "%s\">\n", why > said ? ", ..." : "");
	for (size_t i = 0; i < p->n; i++) {
		const struct fl_judged *j = &p->judged[i];
		struct fl_compare_values v = fl_compare_values(j);
		char change[32], interval[48];

		if (!is_why(p, j))
			continue;
		fl_judged_change(j, change, sizeof(change));
		fl_judged_interval(j, interval, sizeof(interval));
		fprintf(out, "%s: %s -> %s %s (%s, %s)\n", j->metric, v.a, v.b, v.unit, change,
			interval);
	}
	text(out, p->state);
	fputs("</failure>\n", out);
}

void fl_junit_suite(FILE *out, const struct fl_comparison *c)
{
	size_t failures = c->missing.n, skipped = 0;

	for (size_t i = 0; i < c->n; i++) {
		failures += fl_pair_fails(c, &c->pairs[i]);
		skipped += all_skipped(&c->pairs[i]) && !c->pairs[i].lost;
	}
	open_suite(out, &c->b.run, c->n + c->missing.n, failures, skipped);
	for (size_t i = 0; i < c->n; i++) {
		const struct fl_pair *p = &c->pairs[i];

		open_case(out, &c->b, p->b, p->label);
		if (fl_pair_fails(c, p))
			print_failure(out, p);
		else if (all_skipped(p))
			fputs("   <skipped/>\n", out);
		fputs("  </testcase>\n", out);
	}
	for (size_t i = 0; i < c->missing.n; i++) {
		fputs("  <testcase classname=\"", out);
		text(out, c->b.run.experiment);
		fputs(".missing\" name=\"", out);
		text(out, c->missing.v[i]);
		fputs("\"><failure type=\"lost\" message=\"the baseline has this row, the run has "
		      "none\"/></testcase>\n",
		      out);
	}
	fputs("  <system-out>", out);
	text(out, c->side_a);
	fputs(" -&gt; ", out);
	text(out, c->side_b);
	fputs("</system-out>\n </testsuite>\n", out);
}

void fl_junit_points(FILE *out, const struct fl_summary *s)
{
	size_t failures = 0, skipped = 0;

	for (size_t i = 0; i < s->n_points; i++) {
		skipped += !strcmp(s->points[i].status, "skipped");
		failures +=
			strcmp(s->points[i].status, "skipped") && strcmp(s->points[i].status, "ok");
	}
	open_suite(out, &s->run, s->n_points, failures, skipped);
	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];

		fputs("  <testcase classname=\"", out);
		text(out, p->workload_name);
		fprintf(out, "\" name=\"point %u\" time=\"%.2f\">", p->number, p->wall_s);
		if (!strcmp(p->status, "skipped")) {
			fputs("<skipped/>", out);
		} else if (strcmp(p->status, "ok")) {
			fputs("<failure type=\"", out);
			text(out, p->status);
			fputs("\" message=\"", out);
			text(out, p->reason);
			fputs("\"/>", out);
		}
		fputs("</testcase>\n", out);
	}
	fputs(" </testsuite>\n", out);
}
