/* SPDX-License-Identifier: GPL-2.0 */
/* The top of a run's page: question, answer, and caveats before it is quoted. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/collect/metric.h"
#include "harness/report/answer_said.h"
#include "harness/report/caveats.h"
#include "harness/report/html_run.h"
#include "harness/report/outcomes.h"
#include "harness/report/verdict.h"

char *fl_html_checks_line(const struct fl_judged_claims *j, const char **class)
{
	size_t n = j->claims.n_claims, holds = 0, fails = 0, open = 0, missing = 0;
	cleanup_free char *undecided = NULL, *unmeasured = NULL;

	for (int control = 0; control < 2; control++) {
		holds += fl_judged_claims_count(j, FL_CLAIM_HOLDS, control);
		fails += fl_judged_claims_count(j, FL_CLAIM_FAILS, control) +
			 fl_judged_claims_count(j, FL_CLAIM_EMPTY, control);
		open += fl_judged_claims_count(j, FL_CLAIM_OPEN, control);
		missing += fl_judged_claims_count(j, FL_CLAIM_UNMEASURED, control);
	}
	*class = fails ? "bad" : holds < n ? "mixed" : n ? "good" : "soft";
	if (!n)
		return NULL;
	if (fails)
		return fl_asprintf("%zu of %zu checks FAIL", fails, n);
	undecided = open ? fl_asprintf(", %zu undecided", open) : fl_strdup("");
	unmeasured = missing ? fl_asprintf(", %zu not measured", missing) : fl_strdup("");
	return fl_asprintf("%zu of %zu checks pass%s%s", holds, n, undecided, unmeasured);
}

static void print_counts(FILE *out, const struct fl_summary *s)
{
	struct fl_outcomes o;
	cleanup_free char *counts = NULL;

	fl_outcomes_count(&o, s);
	counts = fl_outcomes_text(&o);
	fprintf(out, " · points: %s, ", counts);
	fprintf(out, o.failed ? "<b class=bad>%zu FAILED</b>" : "%zu failed", o.failed);
	fl_outcomes_release(&o);
}

static void print_kernels(FILE *out, const struct fl_summary *s)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];

		if (!p->kernel_release || !fl_strv_add(&said, p->kernel))
			continue;
		fputs(said.n > 1 ? ", " : " · ", out);
		fl_html(out, p->kernel);
		fputc(' ', out);
		fl_html(out, p->kernel_release);
	}
	fl_strv_release(&said);
}

/* The options of its command line that say which form was run: "--quick". */
static void print_origin(const struct fl_html_run *r)
{
	const struct fl_stored_run *run = &r->s->run;

	fputs("<p class=soft><b>", r->out);
	fl_html(r->out, run->experiment);
	fputs("</b>", r->out);
	if (run->arguments && strstr(run->arguments, " --quick"))
		fputs(" --quick", r->out);
	fputs(" · ", r->out);
	fl_html_created(r->out, run->created);
	print_kernels(r->out, r->s);
	fprintf(r->out, " · <span title=\"%s\">%s</span>", fl_summary_clock(r->s),
		fl_html_clock(run->timebase));
	print_counts(r->out, r->s);
	fputs("</p>\n", r->out);
}

static void print_link(const struct fl_html_run *r, const char *id, const char *name)
{
	fprintf(r->out, "<a href=\"#%s%s\">%s</a>", r->prefix, id, name);
}

void fl_html_head(const struct fl_html_run *r, bool picture, bool plots, bool flames)
{
	const char *class;
	cleanup_free char *checks = fl_html_checks_line(r->claims, &class);
	const char *about = r->s->run.about;

	fputs("<header>", r->out);
	fl_html_element(r->out, "h1", about && *about ? about : r->s->run.experiment);
	print_origin(r);
	fputs("</header>\n<nav><div>", r->out);
	print_link(r, "answer", "Answer");
	if (picture)
		print_link(r, "picture", "Picture");
	print_link(r, "table", "Table");
	if (checks)
		print_link(r, "checks", "Checks");
	if (plots)
		print_link(r, "plots", "Plots");
	if (flames)
		print_link(r, "profile", "Profile");
	print_link(r, "provenance", "Provenance");
	if (checks)
		fprintf(r->out, "<a class=\"pill %s\" href=\"#%schecks\">%s</a>", class, r->prefix,
			checks);
	fputs("</div></nav>\n", r->out);
}

/* Better is green and worse red, where the metric has a better side. */
static const char *class_of(const struct fl_html_run *r, const struct fl_answered_column *c,
			    const struct fl_answered_cell *cell)
{
	const struct fl_metric *m = fl_summary_meaning(r->s, c->metric);

	if (!c->change || !m || !m->better || !strcmp(cell->text, "-") || !strcmp(cell->text, "0%"))
		return "";
	return (cell->value < cell->reference) == (m->better == FL_LESS) ? " class=good"
									 : " class=bad";
}

static void print_line(const struct fl_html_run *r, const struct fl_answered_line *line)
{
	const struct fl_answered *a = r->answered;

	fputs("<tr>", r->out);
	fl_html_element(r->out, "th scope=row", line->label);
	for (size_t i = 0; i < a->n_columns; i++)
		fprintf(r->out, "<td%s>%s</td>", class_of(r, &a->columns[i], &line->cells[i]),
			line->cells[i].text);
	if (a->crossing) {
		fprintf(r->out, "<td class=\"l %s\"><b>", fl_html_tones[line->tone]);
		fl_html(r->out, line->verdict);
		fputs("</b></td>", r->out);
	}
	fputs("</tr>\n", r->out);
}

static void print_cells(const struct fl_html_run *r)
{
	const struct fl_answered *a = r->answered;

	fprintf(r->out, "<div class=t><table class=cells><thead><tr><th class=l>%s</th>",
		a->declared ? "" : "workload");
	for (size_t i = 0; i < a->n_columns; i++) {
		fputs("<th>", r->out);
		fl_html(r->out, a->columns[i].name);
		if (*a->columns[i].unit)
			fl_html_element(r->out, "small", a->columns[i].unit);
		fputs("</th>", r->out);
	}
	fputs(a->crossing ? "<th class=l>verdict</th></tr></thead>\n" : "</tr></thead>\n", r->out);
	for (size_t i = 0; i < a->n_lines; i++)
		print_line(r, &a->lines[i]);
	fputs("</table></div>\n", r->out);
}

static void print_since(const struct fl_html_run *r)
{
	cleanup_free char *text = r->since ? fl_since_text(r->since) : NULL;

	if (!text)
		return;
	fprintf(r->out, "<p class=since><b>Since the last run</b>: <span class=%s>",
		r->since->worse                      ? "bad"
		: r->since->before && !r->since->why ? "good"
						     : "soft");
	fl_html(r->out, text);
	fputs("</span></p>\n", r->out);
}

/* --- before it is quoted --- */

static void caveat(const struct fl_html_run *r, const char *class, const char *text)
{
	fprintf(r->out, "<li%s%s>", *class ? " class=" : "", class);
	fl_html(r->out, text);
	fputs("</li>\n", r->out);
}

/* Is any number of the answer a time? */
static bool is_timed(const struct fl_html_run *r)
{
	for (size_t i = 0; i < r->answered->n_columns; i++) {
		const struct fl_metric *m =
			fl_summary_meaning(r->s, r->answered->columns[i].metric);

		if (m && fl_unit_is_timed(m->unit))
			return true;
	}
	return false;
}

static void print_lost(const struct fl_html_run *r)
{
	const struct fl_stored_run *run = &r->s->run;
	struct fl_outcomes o;

	fl_outcomes_count(&o, r->s);
	if (o.failed)
		fprintf(r->out,
			"<li class=bad>%zu point%s FAILED: see <a href=\"#%schecks\">Failed and "
			"skipped points</a>.</li>\n",
			o.failed, o.failed == 1 ? "" : "s", r->prefix);
	if (o.missing)
		fprintf(r->out, "<li>%u of %u points were not measured (%s).</li>\n", o.missing,
			run->planned, run->state);
	fl_outcomes_release(&o);
}

static void print_caveats(const struct fl_html_run *r)
{
	const struct fl_stored_run *run = &r->s->run;
	const char *boots = fl_caveat_boots(r->s);
	cleanup_free char *worth = fl_caveat_worth(r->crossings, r->answered->crossing);

	fputs("<div class=note><b>Before you quote this</b><ul>\n", r->out);
	if (fl_judged_claims_void(r->claims))
		caveat(r, "bad", "A control does not hold, so the numbers above say nothing.");
	print_lost(r);
	caveat(r, "", fl_summary_clock(r->s));
	if (boots)
		caveat(r, "", boots);
	if (worth)
		caveat(r, "", worth);
	if (!strcmp(run->timebase, "insn") && is_timed(r)) {
		fputs("<li>In real time: <code>faultline run ", r->out);
		fl_html(r->out, run->experiment);
		fputs(" --clock real</code></li>\n", r->out);
	}
	fputs("</ul></div>\n", r->out);
}

/* A sentence each, before any number. */
static void print_said(const struct fl_html_run *r)
{
	struct fl_said *said;
	size_t n = fl_said(&said, r->claims);

	if (fl_judged_claims_void(r->claims))
		fputs("<p class=\"said bad\">No answer: a control failed.</p>\n", r->out);
	for (size_t i = 0; i < n; i++) {
		fputs("<p class=said>", r->out);
		if (*said[i].head)
			fprintf(r->out, "<b class=%s>%s</b>",
				said[i].outcome == FL_CLAIM_OPEN ? "mixed" : "bad", said[i].head);
		fl_html(r->out, said[i].text);
		fputs("</p>\n", r->out);
	}
	fl_said_release(said, n);
}

void fl_html_answer(const struct fl_html_run *r)
{
	const struct fl_answered *a = r->answered;
	const char *class;
	cleanup_free char *line = fl_verdict_line(r->claims);
	cleanup_free char *checks = fl_html_checks_line(r->claims, &class);

	fprintf(r->out, "<section class=\"answer %s\" id=\"%sanswer\">\n",
		checks && !strcmp(class, "bad") ? "fails" : "", r->prefix);
	print_said(r);
	if (a->given && a->crossing)
		fl_html_verdicts(r);
	print_since(r);
	if (a->about)
		fl_html_element(r->out, "p", a->about);
	if (a->given && a->n_columns)
		print_cells(r);
	if (!a->given && r->s->run.verdict)
		fl_html_element(r->out, "p", r->s->run.verdict);
	if (line) {
		fputs("<p><b>Checks</b>: ", r->out);
		fl_html(r->out, line);
		fputs("</p>\n", r->out);
	}
	fl_verdict_html_failures(r->out, r->claims);
	print_caveats(r);
	fputs("</section>\n", r->out);
}
