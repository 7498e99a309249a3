/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_COMPARE_H
#define FL_REPORT_COMPARE_H

#include <stdio.h>

#include "harness/judge/comparison.h"

/* The forms of a comparison.  all: every metric, not only the headline and what changed. */
void fl_compare_table(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		      bool all, unsigned int width /* of the lines; 0: as wide as they are */);
/* For a mail to a list: 72 columns, one column per side, what is worse and better. */
void fl_compare_mail(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		     bool all);
void fl_compare_markdown(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
			 bool all);
void fl_compare_json(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		     bool all);
/* As the kernel test robot mails it: "%stddev %change %stddev". */
void fl_compare_robot(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		      bool all);

/* --- shared by the forms --- */

/* The judged metrics worth showing, in order, into shown[p->n]; returns how many. */
size_t fl_compare_shown(const struct fl_pair *p, bool all, const struct fl_judged **shown);

/* Worse, better, or different for another reason than timer ticks. */
bool fl_compare_is_change(const struct fl_judged *j);

/* Appends the metrics with the largest regressions, each once, with its worst row. */
void fl_compare_worst(const struct fl_comparison *c, struct fl_strv *lines);

/* Metrics of a row that there is room for, where many rows changed. */
size_t fl_compare_room(const struct fl_comparison *c);
/* Metrics of a row that changed. */
size_t fl_compare_changed(const struct fl_pair *p);
#define FL_COMPARE_FEW 6 /* rows of which all are shown; of more, those that changed */

/* "cannot tell below 8 %: 14 boots would", "same", ... */
void fl_compare_verdict(const struct fl_judged *j, char *out, size_t len);

/* Both values in one readable unit. */
struct fl_compare_values {
	char a[32], b[32], unit[24];
};
struct fl_compare_values fl_compare_values(const struct fl_judged *j);

/* Why a row is not comparable: the reason of its first skipped point, borrowed. */
const char *fl_compare_lack(const struct fl_comparison *c, const struct fl_pair *p);

/*
 * Lines on the fault path and the system calls of a row that changed: what one executes, and
 * indented the functions.  None where all is the same, or changed by chance alone.
 */
void fl_compare_path(const struct fl_pair *p, const struct fl_rules *rules, struct fl_strv *lines);
/* "3 of 6 rows the same to the instruction"; malloc'd; NULL: no row has profiles on both sides. */
char *fl_compare_path_sum(const struct fl_comparison *c);

/* --- shared by table and mail (compare_digest.c) --- */

/* The rows in which nothing changed, by workload; a line a metric for what differs and is neither
 * better nor worse, and for what could not be told with the smallest change that would have been; a
 * line a reason for rows that are not comparable; which counters a side's kernel does not have. */
void fl_compare_digest(FILE *out, const struct fl_comparison *c, unsigned int width);
/* The functions that changed, each once with its rows.  False: there are none. */
bool fl_compare_functions(FILE *out, const struct fl_comparison *c, unsigned int width);
/* A line a metric: in how many rows it is worse and better, by how much, and where by most. */
void fl_compare_by_metric(FILE *out, const struct fl_comparison *c, unsigned int width);
#define FL_COMPARE_MANY 12 /* rows that changed, from which on that is all that is shown */
/* Is a metric of the row worse or better, or are points lost, or another state? */
bool fl_compare_says(const struct fl_pair *p);

/* "2 metrics worse, 0 better, ..."; malloc'd. */
char *fl_compare_sum(const struct fl_comparison *c);

#endif
