/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_SHOW_H
#define FL_REPORT_SHOW_H

#include <stdio.h>

#include "harness/judge/summary.h"

/* What to show of a run, and how: the options of `faultline show`.  All zero shows everything. */
struct fl_show {
	unsigned int point;          /* one point with all its metrics; 0: the table */
	struct fl_strv workloads;    /* globs; none: all */
	struct fl_strv kernels;      /* names, or those of the experiment's file; none: all */
	struct fl_strv keys, values; /* settings that rows must have */
	struct fl_strv columns;      /* metrics in their order; none: the usual */
	char *sort;                  /* rows by this metric; or NULL: as planned */
	bool descending;
	bool all;           /* equal rows are not folded */
	unsigned int width; /* of the lines; 0: as wide as they are */
};

/*
 * Do the names exist in this run?  Columns may be metrics or column heads; they are metrics
 * afterwards.  -1 (FL_USAGE) names the nearest.
 */
int fl_show_check(struct fl_show *show, const struct fl_summary *s, struct fl_error *err);
void fl_show_release(struct fl_show *show);

/* Is a part of the run chosen, and not all of it? */
bool fl_show_narrows(const struct fl_show *show);
bool fl_show_takes(const struct fl_show *show, const struct fl_summary *s,
		   const struct fl_row *row);
/* The same for a point; only the one, where one is named. */
bool fl_show_takes_point(const struct fl_show *show, const struct fl_summary *s,
			 const struct fl_stored_point *p);
/* Is the metric one of the columns, where some are named? */
bool fl_show_wants(const struct fl_show *show, const char *metric);

/*
 * Rows of one workload that are indistinguishable: every exact metric of the table is equal within
 * 0.1 %.  `rows` are borrowed.
 */
struct fl_fold {
	const struct fl_row **rows;
	size_t n;
};

struct fl_folds {
	struct fl_fold *v;
	size_t n;
	bool reference; /* the first holds the row that the experiment compares with */
};

#define FL_FOLD_EQUAL 0.001

struct fl_column;
/* The measured rows of a workload, the one that `against` selects first; those without a good point
 * are alone. */
void fl_fold_rows(struct fl_folds *f, const struct fl_show *show, const struct fl_summary *s,
		  const struct fl_conditions *against, const char *workload,
		  const struct fl_column *columns, size_t n);
void fl_folds_release(struct fl_folds *f);
/* A metric over all boots of a fold. */
struct fl_spread fl_fold_metric(const struct fl_summary *s, const struct fl_fold *fold,
				const char *metric, const char **unit);
/* Are two readings of the metric equal, within FL_FOLD_EQUAL if it is exact? */
bool fl_fold_equal(const struct fl_summary *s, const char *metric, const struct fl_spread *a,
		   const struct fl_spread *b);

#endif
