/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_CROSSING_H
#define FL_EXPERIMENT_CROSSING_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/experiment/conditions.h"

/*
 * [crossing NAME]: along one axis of the sweep one thing costs more and another is saved; where
 * does it stop paying off?  One curve per workload, over the rows that `of` selects, compared with
 * the row that `against` selects.
 */
struct fl_crossing {
	char *name, *about;
	unsigned int line;            /* of its first key */
	char *axis;                   /* a setting whose values are numbers */
	double from;                  /* axis = 512 - khugepaged.max_ptes_none: shows 512 - value */
	bool reverse;                 /* the axis has such a number */
	struct fl_strv price, saving; /* metrics; the first one that both rows have */
	char *per;                    /* a metric: how often the price is paid; NULL: once */
	struct fl_strv needs; /* metrics of which one must be above 0, or nothing of what the
				 step is about happened; none: not asked */
	char *whole;          /* a metric shown beside it: time of the whole run; or NULL */
	struct fl_conditions of, against;
	bool has_against;
	struct fl_strv workloads; /* none: all */
	double worth;             /* what one saved unit may cost; 0: no limit */
};

struct fl_crossings {
	struct fl_crossing *v;
	size_t n;
};

bool fl_crossings_section(const char *section);

/* A key of such a section. */
int fl_crossings_take(struct fl_crossings *c, const char *section, const char *key,
		      const char *value, unsigned int line, struct fl_error *err);

/* Is each whole?  Errors begin with FILE:LINE and name the key that is missing. */
int fl_crossings_check(const struct fl_crossings *c, const char *file, struct fl_error *err);

/* Those of an experiment file's text, as it is stored with a run. */
int fl_crossings_parse(struct fl_crossings *c, const char *text, struct fl_error *err);

void fl_crossings_release(struct fl_crossings *c);

#endif
