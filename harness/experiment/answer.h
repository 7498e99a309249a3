/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_ANSWER_H
#define FL_EXPERIMENT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/experiment/conditions.h"

/*
 * [summary] and its [summary COLUMN]s: the few numbers that answer an experiment's question, a line
 * a workload.  A column is a metric in the row that `of` selects: as a change against the row that
 * `against` selects, or as it is where there is none.
 */
struct fl_answer_column {
	char *name;
	unsigned int line; /* of its first key */
	char *metric;      /* NULL: the summary's */
	struct fl_conditions of;
	bool has_of, plain; /* plain: as it is, although the summary has an `against` */
};

struct fl_answer {
	bool given;
	unsigned int line; /* of its first key */
	char *about;       /* what the columns show; or NULL */
	char *metric;      /* of the columns that name none */
	char *crossing;    /* whose outcome is the last column; or NULL */
	struct fl_conditions against;
	bool has_against;
	struct fl_strv workloads; /* the lines; none: all */
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
