/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_HTML_RUN_H
#define FL_REPORT_HTML_RUN_H

#include "harness/judge/claims.h"
#include "harness/judge/crossing.h"
#include "harness/report/answer_table.h"
#include "harness/report/html.h"
#include "harness/report/since.h"

/* A run as its page is made of it.  All borrowed. */
struct fl_html_run {
	FILE *out;
	const struct fl_summary *s;
	const struct fl_answered *answered;
	const struct fl_judged_claims *claims;
	const struct fl_judged_crossings *crossings;
	const struct fl_since *since; /* NULL: it is not asked for */
	const char *prefix;           /* of its ids: "", or "r2." where a page holds several runs */
	const char *text_above; /* the experiment's file that the page shows already; or NULL */
	bool several; /* runs on the page: rows that are equal to another are named, and left out */
};

/* Question, what was run, and the contents; plots: it has drawings, flames: profiles. */
void fl_html_head(const struct fl_html_run *r, bool picture, bool plots, bool flames);

/* The lines of the answer that say what each workload comes to. */
void fl_html_verdicts(const struct fl_html_run *r);
/* The classes of enum fl_answered_tone. */
extern const char *const fl_html_tones[];
/* That of the answer's crossing for a line; NULL: there is none. */
const struct fl_crossing_curve *fl_html_curve(const struct fl_html_run *r,
					      const struct fl_answered_line *line);

/* The answer of [summary], checks that do not hold, and what to know before quoting it. */
void fl_html_answer(const struct fl_html_run *r);

/*
 * The answer as a picture, inline: along the axis of the summary's crossing, or a bar for each
 * cell, or the main one of the plots where it is of another kind.  Series can be switched off, each
 * mark says its value.  false: there is nothing to draw.
 */
bool fl_html_picture(const struct fl_html_run *r, const struct fl_drawings *d,
		     struct fl_html_room *room);
bool fl_html_curves(const struct fl_html_run *r);
bool fl_html_bars(const struct fl_html_run *r);

/* The table of all rows, equal ones behind the first of them. */
void fl_html_table(const struct fl_html_run *r);

/* Checks, break-even, points without numbers; each closed. */
void fl_html_checks(const struct fl_html_run *r);
void fl_html_provenance(const struct fl_html_run *r);

/* "15 of 15 checks pass"; malloc'd, NULL without checks.  *class: good, mixed (some are not
 * decided) or bad. */
char *fl_html_checks_line(const struct fl_judged_claims *claims, const char **class);

/* A metric as heads of tables call it. */
void fl_html_metric(const struct fl_summary *s, const char *metric, char out[48]);
/* The same in a sentence. */
void fl_html_words(const struct fl_summary *s, const char *metric, char out[48]);
/* What a time is in a run of that timebase, in two words. */
const char *fl_html_clock(const char *timebase);

/* --- pieces of pictures --- */

/* The distance of ticks that makes at most `most` of them over a range: 1, 2 or 5 times ten to a
 * power. */
double fl_html_ticks(double range, unsigned int most);
/* What a mark says when a pointer rests on it: a <title>. */
void fl_html_tip(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An entry of the legend that switches a series, number below 6. */
void fl_html_key(FILE *out, unsigned int series, const char *name);

#endif
