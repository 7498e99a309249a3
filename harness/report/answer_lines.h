/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ANSWER_LINES_H
#define FL_REPORT_ANSWER_LINES_H

#include "harness/report/answer_table.h"

/* The table of an answer before it is shown: answer_table.c makes it, answer_print.c prints it. */
#define FL_ANSWER_COLUMNS_MAX 16

struct fl_answer_table_line {
	const char *label, *workload;   /* workload NULL: */
	const struct fl_conditions *of; /* a declared line */
	size_t shown;                   /* the line that stands for it: itself, or an earlier one */
	size_t alike;                   /* lines that it stands for, itself too */
};

struct fl_answer_table {
	const struct fl_summary *s;
	const struct fl_answer *d;
	const struct fl_judged_crossings *crossings;
	struct fl_answer_table_line *lines;
	size_t n_lines;
	bool folds;
	struct fl_strv labels; /* of lines that stand for others */
	struct fl_answer_table_column {
		const struct fl_answer_column *of;
		double per; /* of the values */
		char unit[24];
		int width;
	} c[FL_ANSWER_COLUMNS_MAX];
	size_t n, shown; /* columns there are, and that fit */
	int label;
	unsigned int columns; /* of the terminal */
};

/* Finds lines and columns, and how wide they are. */
void fl_answer_table_lay_out(struct fl_answer_table *t);
/* Which lines stand for others, where the table folds. */
void fl_answer_table_fold(struct fl_answer_table *t);
void fl_answer_table_widen(int *width, size_t to);

void fl_answer_table_take(const struct fl_answer_table *t, const struct fl_answer_table_column *c,
			  const struct fl_answer_table_line *l, struct fl_answered_cell *out);
void fl_answer_table_cell(const struct fl_answer_table *t, const struct fl_answer_table_column *c,
			  const struct fl_answer_table_line *l, char out[FL_ANSWERED_CELL]);
/* A value as a cell of that column has it. */
void fl_answer_table_value(const struct fl_answer_table_column *c, double value,
			   char out[FL_ANSWERED_CELL]);
/* A column's name in two lines: "RSS", "T=64". */
const char *fl_answer_table_head(const struct fl_answer_table_column *c, int line, int *len);
/* What the crossing that the summary names says of a line, in three words. */
void fl_answer_table_verdict(const struct fl_answer_table *t, const struct fl_answer_table_line *l,
			     char out[2 * FL_ANSWERED_CELL]);
enum fl_answered_tone fl_answer_table_tone(const char *said);

#endif
