/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_AA_H
#define FL_JUDGE_AA_H

#include "harness/judge/summary.h"
#include "harness/judge/verdict.h"

/*
 * The gate's rate of false alarms: the boots of each row of one run are split at random into A and
 * B, again and again, and every difference found is a false alarm.
 */
struct fl_aa {
	size_t comparisons, alarmed; /* those with an alarm */
	size_t rows, metrics;        /* judged in one comparison */
	size_t alarms;               /* metrics, over all comparisons */
	size_t least, most;          /* boots a side */
	size_t exact;                /* judged metrics of the exact class, over all comparisons */
};

/* Rows with fewer than four boots are left out; -1 (FL_USAGE) when that is all of them. */
int fl_aa_run(struct fl_aa *aa, const struct fl_summary *s, size_t comparisons, uint64_t seed,
	      const struct fl_rules *rules, struct fl_error *err);

#endif
