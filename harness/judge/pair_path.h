/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_PAIR_PATH_H
#define FL_JUDGE_PAIR_PATH_H

#include "harness/judge/comparison.h"

/* The fault path of a pair of rows, and what it says of the pair's metrics. */

/* Reads the profiles of both rows into p->path.  0 or -1. */
int fl_pair_path_read(struct fl_pair *p, const struct fl_comparison *c, struct fl_store *store,
		      struct fl_error *err);

/*
 * Once the pair's metrics are decided: those of the path get the path's verdict.  What
 * is timed in instructions holds the ticks that fell into it, so it is worse, or
 * better, only where a path is; else it differs.
 */
void fl_pair_path_decide(struct fl_pair *p, const struct fl_rules *rules);

/* The verdict on one entry of the pair: fl_path_judge()'s where both sides had the same state. */
enum fl_verdict fl_pair_path_judge(const struct fl_pair *p, const struct fl_path_entry *e,
				   const struct fl_rules *rules);

#endif
