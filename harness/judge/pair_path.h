/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_PAIR_PATH_H
#define FL_JUDGE_PAIR_PATH_H

#include "harness/judge/comparison.h"

/* The fault path of a pair of rows, and its effect on the verdicts of the pair's metrics. */

/* Reads the profiles of both rows into p->path.  0 or -1. */
int fl_pair_path_read(struct fl_pair *p, const struct fl_comparison *c, struct fl_store *store,
		      struct fl_error *err);

/*
 * After the pair's metrics are judged: path metrics get the path's verdict.  Values timed in
 * instructions contain timer ticks, so they are worse or better only if a path is; otherwise they
 * "differ".
 */
void fl_pair_path_decide(struct fl_pair *p, const struct fl_rules *rules);

/* The verdict on one entry of the pair: fl_path_judge()'s where both sides had the same state. */
enum fl_verdict fl_pair_path_judge(const struct fl_pair *p, const struct fl_path_entry *e,
				   const struct fl_rules *rules);

#endif
