/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/ending.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/print.h"
#include "harness/base/strv.h"
#include "harness/base/wrap.h"
#include "harness/experiment/answer.h"
#include "harness/experiment/ini.h"
#include "harness/judge/comparison.h"
#include "harness/judge/crossing.h"
#include "harness/judge/summary.h"
#include "harness/report/answer_table.h"
#include "harness/report/cases.h"
#include "harness/report/show_table.h"
#include "harness/report/verdict.h"

#define SMALL 12 /* rows of a run whose whole table is its answer */

struct ending {
	FILE *out;
	struct fl_store *store;
	const struct fl_summary *s;
	struct fl_answer answer;
	struct fl_judged_claims claims;
	struct fl_judged_crossings crossings;
	unsigned int columns;
};

/* At what price a saving counts as one. */
static void print_worth(const struct ending *e)
{
	const char *name = e->answer.crossing;

	for (size_t i = 0; name && i < e->crossings.n; i++) {
		const struct fl_crossing_curve *c = &e->crossings.curves[i];

		if (strcmp(c->crossing->name, name) || c->crossing->worth <= 0 || !c->price_unit)
			continue;
		fprintf(e->out,
			"note     PAYS: saves and costs less.  Too dear: over %g %s a %s saved.\n",
			c->crossing->worth, c->price_unit, c->saving_unit);
		return;
	}
}

static int take_outcomes(void *arg, const char *section, const char *key, const char *value,
			 unsigned int line, struct fl_error *err)
{
	(void)line;
	(void)err;
	if (!strcmp(section, "experiment") && !strcmp(key, "outcomes"))
		fl_strv_split_list(arg, value);
	return 0;
}

/* ", 3 skipped"; n 0 of a further name of the same. */
static void append(char **text, const char *between, size_t n, const char *what)
{
	cleanup_free char *old = *text;

	*text = n || *between == ',' ? fl_asprintf("%s%s%zu %s", old, between, n, what)
				     : fl_asprintf("%s%s%s", old, between, what);
}

/* "RUN   18 ok, 1 oom, 0 skipped, 0 failed": statuses that are a result there are no failures. */
static void print_title(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	size_t counts[3] = { 0 }; /* ok, a result, skipped */
	struct fl_strv outcomes = { 0 };
	struct fl_error ignored;
	cleanup_free char *head = NULL;
	size_t failed;
	char text[32];

	fl_ini_read_text(s->run.experiment_text, "the stored experiment", take_outcomes, &outcomes,
			 &ignored);
	for (size_t i = 0; i < s->n_points; i++) {
		const char *status = s->points[i].status;

		counts[0] += !strcmp(status, "ok");
		counts[1] += fl_strv_has(&outcomes, status);
		counts[2] += !strcmp(status, "skipped");
	}
	failed = s->n_points - counts[0] - counts[1] - counts[2];
	head = fl_asprintf("%s   %zu ok", s->run.name, counts[0]);
	for (size_t i = 0; counts[1] && i < outcomes.n; i++)
		append(&head, i ? "/" : ", ", i ? 0 : counts[1], outcomes.v[i]);
	append(&head, ", ", counts[2], "skipped");
	if (s->run.stored < s->run.planned)
		append(&head, ", ", s->run.planned - s->run.stored, "not measured");
	snprintf(text, sizeof(text), "%zu failed", failed);
	fputc('\n', out);
	if (strlen(head) + strlen(text) + 2 > columns) {
		append(&head, ", ", failed, "failed");
		fl_wrap(out, "", head, columns);
	} else {
		fprintf(out, "%s, ", head);
		if (failed)
			fl_print_colour(out, FL_RED, text);
		else
			fputs(text, out);
		fputc('\n', out);
	}
	fputc('\n', out);
	if (s->run.about && *s->run.about)
		fl_wrap(out, "", s->run.about, columns);
	fl_strv_release(&outcomes);
}

static bool same_reason(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	return !strcmp(a->status, b->status) &&
	       !strcmp(a->reason ? a->reason : "", b->reason ? b->reason : "");
}

#define REASONS_MAX 6

/* "skipped  21 points: stock (6.12.117) has no thp.promotion_threshold", each reason once. */
static void print_reason(const struct ending *e, size_t first)
{
	const struct fl_stored_point *p = &e->s->points[first];
	cleanup_free char *head = fl_asprintf("%-9s", p->status), *text = NULL;
	size_t n = 0;

	for (size_t i = first; i < e->s->n_points; i++)
		n += same_reason(&e->s->points[i], p);
	text = n > 1 ? fl_asprintf("%zu points: %s", n, p->reason ? p->reason : "")
		     : fl_asprintf("point %u: %s", p->number, p->reason ? p->reason : "");
	fl_wrap(e->out, head, fl_plain(text), e->columns);
}

static void print_reasons(const struct ending *e)
{
	size_t reasons = 0, remarks = 0;

	for (size_t i = 0; i < e->s->n_points; i++) {
		const struct fl_stored_point *p = &e->s->points[i];
		size_t before = 0;

		if (!strcmp(p->status, "ok")) {
			remarks += p->reason != NULL;
			continue;
		}
		while (before < i && !same_reason(&e->s->points[before], p))
			before++;
		if (before == i && reasons++ < REASONS_MAX)
			print_reason(e, i);
	}
	if (reasons > REASONS_MAX)
		fprintf(e->out, "         %zu more reasons: faultline show %s\n",
			reasons - REASONS_MAX, e->s->run.name);
	if (remarks) {
		cleanup_free char *text =
			fl_asprintf("%zu point%s ended well with a remark: faultline show %s",
				    remarks, remarks == 1 ? "" : "s", e->s->run.name);

		fl_wrap(e->out, "note     ", text, e->columns);
	}
}

/* The run of the same experiment and clock before this one that came to its end; 0: none. */
static int find_before(const struct ending *e, int64_t *before, struct fl_error *err)
{
	const struct fl_stored_run *of = &e->s->run;
	struct fl_stored_run *runs;
	size_t n;

	*before = 0;
	if (fl_store_runs(e->store, &runs, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (runs[i].id < of->id && !strcmp(runs[i].experiment, of->experiment) &&
		    !strcmp(runs[i].timebase, of->timebase) && !strcmp(runs[i].state, "done"))
			*before = runs[i].id;
	fl_stored_runs_free(runs, n);
	return 0;
}

/* A run that cannot be compared with this one says why: that is no error here. */
static int print_since(const struct ending *e, struct fl_error *err)
{
	struct fl_comparison c = { 0 };
	struct fl_error why;
	int64_t before;

	if (!e->answer.since_last)
		return 0;
	if (find_before(e, &before, err))
		return -1;
	if (!before) {
		fputs("since    nothing: this is the first run; a second one is compared with it\n",
		      e->out);
		return 0;
	}
	if (fl_compare_runs(&c, e->store, before, e->s->run.id, &fl_rules_default, &why)) {
		fl_wrap(e->out, "since    not compared: ", why.text, e->columns);
	} else {
		fprintf(e->out,
			"since    %s: %zu worse, %zu better, %zu inconclusive, %zu the same\n",
			c.a.run.name, c.counts[FL_WORSE], c.counts[FL_BETTER],
			c.counts[FL_INCONCLUSIVE], c.counts[FL_SAME]);
		fprintf(e->out, "         faultline compare %s %s\n", c.a.run.name, e->s->run.name);
	}
	fl_comparison_release(&c);
	return 0;
}

static int judge(struct ending *e, struct fl_error *err)
{
	return fl_answer_parse(&e->answer, e->s->run.experiment_text, err) ||
			       fl_judge_claims(&e->claims, e->s, err) ||
			       fl_judge_crossings(&e->crossings, e->s, err)
		       ? -1
		       : 0;
}

static int print_middle(const struct ending *e, struct fl_error *err)
{
	if (e->answer.given)
		fl_show_answer(e->out, e->s, &e->answer, &e->crossings, e->columns);
	else if (e->s->n_rows <= SMALL)
		fl_show_rows(e->out, e->s, &(struct fl_show){ .width = e->columns });
	fputc('\n', e->out);
	if (print_since(e, err))
		return -1;
	fl_cases_ending(e->out, e->s, e->columns);
	fl_verdict_ending(e->out, &e->claims, e->columns);
	print_reasons(e);
	print_worth(e);
	return 0;
}

static size_t most_boots(const struct fl_summary *s)
{
	size_t most = 0;

	for (size_t i = 0; i < s->n_rows; i++)
		most = s->rows[i].n > most ? s->rows[i].n : most;
	return most;
}

static void print_foot(const struct ending *e)
{
	const struct fl_stored_run *run = &e->s->run;

	fl_show_kernels(e->out, e->s, 0);
	if (e->s->n_rows && most_boots(e->s) == 1 && strcmp(run->timebase, "insn") != 0)
		fl_wrap(e->out, "note     ",
			"One boot per row: a difference may be noise.  More: --repeat N",
			e->columns);
	fl_wrap(e->out, "note     ", fl_summary_clock(e->s), e->columns);
	fprintf(e->out, "repeat   faultline %s --seed %llu\n", run->arguments,
		(unsigned long long)run->seed);
	fprintf(e->out, "more     faultline show %s\n", run->name);
}

int fl_show_ending(FILE *out, struct fl_store *store, int64_t run, unsigned int columns,
		   struct fl_error *err)
{
	struct fl_summary s;
	struct ending e = { .out = out, .store = store, .s = &s, .columns = columns };
	int bad = fl_summary_read(&s, store, run, err) || judge(&e, err);

	if (!bad) {
		print_title(out, &s, columns);
		bad = print_middle(&e, err);
	}
	if (!bad)
		print_foot(&e);
	fl_answer_release(&e.answer);
	fl_judged_crossings_release(&e.crossings);
	fl_judged_claims_release(&e.claims);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}
