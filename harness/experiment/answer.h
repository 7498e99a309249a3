/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_ANSWER_H
#define FL_EXPERIMENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/experiment/conditions.h"

/*
 * [summary], [summary COLUMN] and [summary-line NAME]: the few numbers that answer an experiment's
 * question, one line per workload or per declared line.  A cell is a metric of the row that the
 * `of` of its column and of its line select: the change against the row that `against` selects, or
 * the value itself if there is no `against`.
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
	bool has_of, plain; /* plain: the value itself, although the summary has an `against` */
	bool yes_no;        /* plain, and in words: 0 is "no" */
	bool adds;          /* a line that covers several rows shows their sum */
	enum fl_answer_over over; /* the rows that are selected: the first alone, or all of them */
};

struct fl_answer {
	bool given;
	unsigned int line; /* of its first key */
	char *about;       /* what the columns show; or NULL */
	char *metric;      /* of columns that name no metric */
	char *crossing;    /* the crossing whose verdict is the last column; or NULL */
	struct fl_conditions against;
	bool has_against;
	struct fl_strv workloads;     /* the lines; none: all */
	bool since_last;              /* also report what changed since the previous run */
	struct fl_answer_line *lines; /* instead of a line per workload */
	size_t n_lines;
	struct fl_answer_column *columns;
	size_t n;
};

bool fl_answer_section(const char *section);

/* A key of such a section. */
int fl_answer_take(struct fl_answer *a, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err);

struct fl_crossings;
/* Is it complete, and does the crossing that it names exist?  Errors begin with FILE:LINE. */
int fl_answer_check(const struct fl_answer *a, const struct fl_crossings *crossings,
		    const char *file, struct fl_error *err);

/* Reads it from an experiment file's text, as stored with a run. */
int fl_answer_parse(struct fl_answer *a, const char *text, struct fl_error *err);

void fl_answer_release(struct fl_answer *a);

#endif
