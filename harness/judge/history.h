/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_HISTORY_H
#define FL_JUDGE_HISTORY_H

#include "harness/judge/summary.h"

/*
 * Results of earlier nights: for each row and metric, the median of each run of one experiment and
 * time base that the gate has judged.
 */
struct fl_history_series {
	char *key; /* of the row: fl_history_key() */
	char *row; /* its name in the first of the runs, for a reader */
	char *metric, *unit;
	double *values;  /* one a run, NAN where it has none */
	size_t *changes; /* indexes into the runs at which a new level begins */
	size_t n_changes;
};

struct fl_history {
	struct fl_stored_run *runs; /* oldest first */
	size_t n_runs;
	struct fl_history_series *series;
	size_t n;
};

#define FL_HISTORY_NIGHTS 60 /* that the gate and its page look back on */

/* The last `most` runs.  Change points by stats/change_points.h. */
int fl_history_read(struct fl_history *h, struct fl_store *store, const char *experiment,
		    const char *timebase, size_t most, struct fl_error *err);
void fl_history_release(struct fl_history *h);

/*
 * Identifies a row independently of its run: kernel, workload and all settings; malloc'd.  (A row's
 * name has only what varies within its run.)
 */
char *fl_history_key(const struct fl_summary *s, const struct fl_row *row);

/*
 * The noise of a metric from one good night to the next: nine of ten steps were
 * smaller.  0 when fewer than five nights know it.
 */
double fl_history_band(const struct fl_history *h, const char *key, const char *metric);

#endif
