/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_PROGRESS_H
#define FL_RUN_PROGRESS_H

#include "harness/run/estimate.h"
#include "harness/run/point.h"
#include "harness/run/run.h"

/*
 * Progress on stderr.  On a terminal one live line (base/live.h) with what is done, the time left
 * and what is running, and events above it; otherwise a line per tenth of the run.  Points may
 * begin and end in several threads.
 */
struct fl_progress;

struct fl_progress_config {
	const char *title; /* "thp-threshold --quick" */
	const char *note;  /* about the machine, or NULL */
	const char *dir;   /* of the run: where the console of a failed point is */
	const struct fl_row_names *row_names;
	const struct fl_plan *plan;
	const struct fl_estimate *estimate;
	const unsigned int *order; /* what is to do */
	size_t n;
	unsigned int jobs;
	enum fl_timebase timebase;
	enum fl_loudness loudness;
};

/* What the config points to outlives it, but for title and note. */
struct fl_progress *fl_progress_new(const struct fl_progress_config *c);
void fl_progress_point_begins(struct fl_progress *p, const struct fl_point *point);
/* bad: its outcome counts as a failure in this experiment. */
void fl_progress_point(struct fl_progress *p, const struct fl_point *point,
		       const struct fl_outcome *o, bool bad);
/* NULL is fine. */
void fl_progress_free(struct fl_progress *p);

#endif
