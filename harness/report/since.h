/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_SINCE_H
#define FL_REPORT_SINCE_H

#include "harness/judge/comparison.h"

/* What changed since the previous finished run of the same experiment and clock. */
struct fl_since {
	char *before;                             /* its name; NULL: this is the first */
	char *why;                                /* the two cannot be compared; or NULL */
	size_t worse, better, inconclusive, same; /* pairs of rows and metrics */
};

int fl_since_last(struct fl_since *since, struct fl_store *store, const struct fl_stored_run *run,
		  struct fl_error *err);
/* "RUN: 0 worse, 2 better, 0 inconclusive, 40 the same"; malloc'd. */
char *fl_since_text(const struct fl_since *since);
void fl_since_release(struct fl_since *since);

#endif
