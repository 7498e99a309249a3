/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_PROGRESS_H
#define FL_RUN_PROGRESS_H

#include "harness/run/point.h"

/* On stderr: one live line on a terminal, a plain line a point otherwise. */
struct fl_progress {
	bool terminal;
	unsigned int total, done, skipped_before;
	uint64_t began_ns;
};

void fl_progress_begin(struct fl_progress *p, unsigned int total, unsigned int already);
void fl_progress_point(struct fl_progress *p, const struct fl_point *point,
		       const struct fl_outcome *o, enum fl_timebase base);
void fl_progress_end(struct fl_progress *p);

#endif
