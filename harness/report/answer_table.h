/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ANSWER_TABLE_H
#define FL_REPORT_ANSWER_TABLE_H

#include <stdio.h>

#include "harness/experiment/answer.h"
#include "harness/judge/crossing.h"

/*
 * The table of [summary]: a line a workload, or as [summary-line] says; a last column with what the
 * crossing that it names comes to.  Lines and columns without a number are dropped, then columns
 * that do not fit the width.
 */
void fl_show_answer(FILE *out, const struct fl_summary *s, const struct fl_answer *a,
		    const struct fl_judged_crossings *crossings, unsigned int columns);

/* The same answer cell by cell, every column of it: what the page shows. */
#define FL_ANSWERED_CELL 24

enum fl_answered_tone { FL_ANSWERED_NEITHER, FL_ANSWERED_GOOD, FL_ANSWERED_MIXED, FL_ANSWERED_BAD };

struct fl_answered_cell {
	char text[FL_ANSWERED_CELL]; /* "+57%"; "-": not measured */
	const struct fl_row
		*row; /* the first of the summary that it is of; NULL: none was measured */
	double value, reference; /* NAN: none */
};

struct fl_answered {
	bool given;             /* the experiment has a [summary] */
	bool since_last;        /* what changed since the run before is a part of it */
	bool declared;          /* its lines are no workloads: it has [summary-line]s */
	char *about, *crossing; /* or NULL */
	struct fl_answered_column {
		char *name, *metric;
		bool change;   /* cells are changes against the reference, */
		bool yes_no;   /* or words, */
		char unit[24]; /* else values in this unit, */
		double per;    /* which is that many of the metric's */
	} * columns;
	size_t n_columns;
	struct fl_answered_line {
		char *label;
		char *workload; /* NULL: a declared line */
		char *verdict;  /* "" where the summary names no crossing */
		enum fl_answered_tone tone;
		struct fl_answered_cell *cells; /* one a column */
	} * lines;
	size_t n_lines;
};

/* s must outlive the result. */
int fl_answered(struct fl_answered *a, const struct fl_summary *s,
		const struct fl_judged_crossings *crossings, struct fl_error *err);
void fl_answered_release(struct fl_answered *a);

/* "+57%", "x12", "0%" below half a percent. */
void fl_answered_change(double value, double reference, char out[FL_ANSWERED_CELL]);

#endif
