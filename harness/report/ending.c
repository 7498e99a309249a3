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
#include "harness/judge/crossing.h"
#include "harness/judge/summary.h"
#include "harness/report/answer_said.h"
#include "harness/report/answer_table.h"
#include "harness/report/cases.h"
#include "harness/report/caveats.h"
#include "harness/report/outcomes.h"
#include "harness/report/show_table.h"
#include "harness/report/since.h"
#include "harness/report/verdict.h"

#define SMALL 12      /* most rows for which the whole table is the answer */
#define CHECK_LINES 5 /* for the first failing check */

struct ending {
	FILE *out;
	struct fl_store *store;
	const struct fl_summary *s;
	struct fl_answer answer;
	struct fl_judged_claims claims;
	struct fl_judged_crossings crossings;
	unsigned int columns;
	bool tight; /* too long: what the sentences say is not explained, reasons are cut */
};

/* "RUN   18 ok, 1 oom, 0 skipped, 0 failed" */
static void print_title(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	struct fl_outcomes o;
	cleanup_free char *counts = NULL, *head = NULL, *failed = NULL;

	fl_outcomes_count(&o, s);
	counts = fl_outcomes_text(&o);
	head = fl_asprintf("%s   %s", s->run.name, counts);
	failed = fl_asprintf("%zu failed", o.failed);
	fputc('\n', out);
	if (strlen(head) + strlen(failed) + 2 > columns) {
		cleanup_free char *whole = fl_asprintf("%s, %s", head, failed);

		fl_wrap(out, "", whole, columns);
	} else {
		fprintf(out, "%s, ", head);
		if (o.failed)
			fl_print_colour(out, FL_RED, failed);
		else
			fputs(failed, out);
		fputc('\n', out);
	}
	fputc('\n', out);
	if (s->run.about && *s->run.about)
		fl_wrap(out, "", s->run.about, columns);
	fl_outcomes_release(&o);
}

static bool same_reason(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	return !strcmp(a->status, b->status) &&
	       !strcmp(a->reason ? a->reason : "", b->reason ? b->reason : "");
}

#define REASONS_MAX 4

/* In one line where lines are scarce. */
static void cut_line(const struct ending *e, const char *head, char *text)
{
	size_t room = e->columns > strlen(head) + 3 ? e->columns - strlen(head) - 3 : 0;

	if (e->tight && room && strlen(text) > room + 3) {
		while (room && text[room] != ' ')
			room--;
		strcpy(text + room, "...");
	}
	fl_wrap(e->out, head, text, e->columns);
}

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
	fl_plain(text);
	cut_line(e, head, text);
}

static void print_reasons(const struct ending *e)
{
	size_t reasons = 0;

	for (size_t i = 0; i < e->s->n_points; i++) {
		const struct fl_stored_point *p = &e->s->points[i];
		size_t before = 0;

		if (!strcmp(p->status, "ok"))
			continue;
		while (before < i && !same_reason(&e->s->points[before], p))
			before++;
		if (before == i && reasons++ < REASONS_MAX)
			print_reason(e, i);
	}
	if (reasons > REASONS_MAX)
		fprintf(e->out, "         %zu more reasons: faultline show %s\n",
			reasons - REASONS_MAX, e->s->run.name);
}

/* "more faultline show RUN", and how many points have remarks. */
static void print_more(const struct ending *e)
{
	cleanup_free char *text = NULL, *remarks = NULL;
	size_t n = 0;

	for (size_t i = 0; i < e->s->n_points; i++)
		n += !strcmp(e->s->points[i].status, "ok") && e->s->points[i].reason;
	remarks = n ? fl_asprintf("   (remarks on %zu point%s)", n, n == 1 ? "" : "s")
		    : fl_strdup("");
	text = fl_asprintf("faultline show %s%s", e->s->run.name, remarks);
	fl_wrap(e->out, "more     ", text, e->columns);
}

static int print_since(const struct ending *e, struct fl_error *err)
{
	struct fl_since since;
	cleanup_free char *text = NULL;

	if (!e->answer.since_last)
		return 0;
	if (fl_since_last(&since, e->store, &e->s->run, err))
		return -1;
	text = fl_since_text(&since);
	fl_wrap(e->out, "since    ", text, e->columns);
	if (since.before && !since.why)
		fprintf(e->out, "         faultline compare %s %s\n", since.before, e->s->run.name);
	fputc('\n', e->out);
	fl_since_release(&since);
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

/* A sentence each, what does not hold in red. */
static void print_said(const struct ending *e)
{
	struct fl_said *said;
	size_t n = fl_said(&said, &e->claims);

	if (fl_judged_claims_void(&e->claims))
		fl_print_colour(e->out, FL_RED,
				e->tight ? "No answer: a control failed (below).\n"
					 : "No answer: a control failed (below).\n\n");
	for (size_t i = 0; i < n; i++) {
		cleanup_free char *text = fl_wrapped(said[i].head, said[i].text, e->columns);

		if (said[i].outcome == FL_CLAIM_HOLDS)
			fputs(text, e->out);
		else
			fl_print_colour(e->out,
					said[i].outcome == FL_CLAIM_OPEN ? FL_YELLOW : FL_RED,
					text);
	}
	if (n && !e->tight)
		fputc('\n', e->out);
	fl_said_release(said, n);
}

/* The question and its answer. */
static int print_head(const struct ending *e, struct fl_error *err)
{
	struct fl_answer answer = e->answer;

	print_title(e->out, e->s, e->columns);
	print_said(e);
	if (print_since(e, err))
		return -1;
	if (e->tight)
		answer.about = NULL;
	if (e->answer.given)
		fl_show_answer(e->out, e->s, &answer, &e->crossings, e->columns);
	else if (e->s->n_rows <= SMALL)
		fl_show_rows(e->out, e->s, &(struct fl_show){ .width = e->columns });
	fputc('\n', e->out);
	return 0;
}

/* What is always below the checks. */
static int print_foot(const struct ending *e, struct fl_error *err)
{
	cleanup_free char *worth = fl_caveat_worth(&e->crossings, e->answer.crossing);
	cleanup_free char *command = fl_stored_run_command(&e->s->run);
	const char *boots = fl_caveat_boots(e->s);

	(void)err;
	print_reasons(e);
	if (worth)
		fl_wrap(e->out, "note     ", worth, e->columns);
	fl_show_kernels(e->out, e->s, 0);
	if (boots)
		fl_wrap(e->out, "note     ", boots, e->columns);
	fl_wrap(e->out, "note     ", fl_summary_clock(e->s), e->columns);
	fl_wrap_command(e->out, "repeat   ", command, e->columns);
	print_more(e);
	return 0;
}

/* The text of a part, without colours; NULL with err; malloc'd. */
static char *text_of(const struct ending *e, int (*part)(const struct ending *, struct fl_error *),
		     struct fl_error *err)
{
	struct ending aside = *e;
	char *text = NULL;
	size_t len;

	aside.out = open_memstream(&text, &len);
	if (!aside.out)
		abort();
	if (part(&aside, err)) {
		fclose(aside.out);
		free(text);
		return NULL;
	}
	fclose(aside.out);
	return text;
}

static bool any_failing(const struct fl_judged_claims *j)
{
	return fl_judged_claims_void(j) || fl_judged_claims_count(j, FL_CLAIM_FAILS, false) ||
	       fl_judged_claims_count(j, FL_CLAIM_OPEN, false) ||
	       fl_judged_claims_count(j, FL_CLAIM_OPEN, true);
}

/* What the head, the counts and the foot leave of the lines, into *left; *foot is malloc'd. */
static int measure(const struct ending *e, char **foot, unsigned int *left, struct fl_error *err)
{
	cleanup_free char *head = text_of(e, print_head, err);
	unsigned int taken;

	*foot = head ? text_of(e, print_foot, err) : NULL;
	if (!*foot)
		return -1;
	taken = fl_lines(head) + fl_lines(*foot) + (e->claims.claims.n_claims > 0) +
		e->s->cases.any + fl_judged_claims_void(&e->claims);
	*left = taken < FL_END_LINES ? FL_END_LINES - taken : 0;
	return taken > FL_END_LINES || (any_failing(&e->claims) && *left < CHECK_LINES);
}

/* Changed cases and failing checks get the lines that are left. */
static int print(struct ending *e, struct fl_error *err)
{
	cleanup_free char *foot = NULL;
	struct fl_room room = { .columns = e->columns, .run = e->s->run.name }, cases;
	int tight = measure(e, &foot, &room.lines, err);

	if (tight > 0) {
		free(foot);
		e->tight = true;
		tight = measure(e, &foot, &room.lines, err);
	}
	if (tight < 0 || print_head(e, err))
		return -1;
	cases = room;
	cases.lines -= room.lines < CHECK_LINES ? room.lines : CHECK_LINES;
	room.lines -= fl_cases_ending(e->out, e->s, &cases);
	fl_verdict_ending(e->out, &e->claims, &room);
	fputs(foot, e->out);
	return 0;
}

int fl_show_ending(FILE *out, struct fl_store *store, int64_t run, unsigned int columns,
		   struct fl_error *err)
{
	struct fl_summary s;
	struct ending e = { .out = out, .store = store, .s = &s, .columns = columns };
	int bad = fl_summary_read(&s, store, run, err) || judge(&e, err) || print(&e, err);

	fl_answer_release(&e.answer);
	fl_judged_crossings_release(&e.crossings);
	fl_judged_claims_release(&e.claims);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}
