/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_ANSWER_H
#define FL_EXPERIMENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/experiment/conditions.h"

/*
 * [summary], its [summary COLUMN]s and [summary-line NAME]s: the few numbers that answer an
 * experiment's question, a line a workload or a line as it is declared.  A cell is a metric in the
 * row that the `of` of its column and of its line select: as a change against the row that
 * `against` selects, or as it is where there is none.
 */
enum fl_answer_over { FL_OVER_FIRST, FL_OVER_SUM, FL_OVER_LEAST, FL_OVER_MOST };

struct fl_answer_line {
	char *name;
	unsigned int line; /* of its first key */
	struct fl_conditions of;
};

struct fl_answer_column {
	char *name;
	unsigned int line; /* of its first key */
	char *metric;      /* NULL: the summary's */
	struct fl_conditions of;
	bool has_of, plain;       /* plain: as it is, although the summary has an `against` */
	bool yes_no;              /* plain, and in words: 0 is no */
	enum fl_answer_over over; /* the rows that are selected: the first alone, or all of them */
};

struct fl_answer {
	bool given;
	unsigned int line; /* of its first key */
	char *about;       /* what the columns show; or NULL */
	char *metric;      /* of the columns that name none */
	char *crossing;    /* whose outcome is the last column; or NULL */
	struct fl_conditions against;
	bool has_against;
	struct fl_strv workloads;     /* the lines; none: all */
	bool since_last;              /* what changed since the run before is said, too */
	struct fl_answer_line *lines; /* in place of a line a workload */
	size_t n_lines;
	struct fl_answer_column *columns;
	size_t n;
};

bool fl_answer_section(const char *section);

/* A key of such a section. */
int fl_answer_take(struct fl_answer *a, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err);

struct fl_crossings;
/* Is it whole, and is there the crossing that it names?  Errors begin with FILE:LINE. */
int fl_answer_check(const struct fl_answer *a, const struct fl_crossings *crossings,
		    const char *file, struct fl_error *err);

/* That of an experiment file's text, as it is stored with a run. */
int fl_answer_parse(struct fl_answer *a, const char *text, struct fl_error *err);

void fl_answer_release(struct fl_answer *a);

#endif
