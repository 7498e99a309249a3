/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_FAIRNESS_H
#define FL_JUDGE_FAIRNESS_H

#include "harness/judge/comparison.h"

/*
 * Fills c->unfair and c->differs.  -1 (FL_USAGE) if a comparison would be meaningless: different
 * clocks, accelerators, or, in real time, CPUs.
 */
int fl_check_fair(struct fl_comparison *c, struct fl_error *err);

#endif
