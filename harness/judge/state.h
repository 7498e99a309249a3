/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_STATE_H
#define FL_JUDGE_STATE_H

#include "harness/judge/summary.h"

/*
 * Did two rows get the same?  A side that had huge pages and one that had none do
 * different work, and no time of one is slower than the other's.  Looked at are the
 * kernel's exact counters (the registry's `state`): one side has some where the
 * other has none, some boots of one side have none, or all boots of one lie at
 * least FL_STATE_FACTOR times above all of the other.  NULL, or sentences, malloc'd:
 * "A had 95 huge pages allocated at a fault and B none".
 */
#define FL_STATE_FACTOR 1.5
#define FL_STATE_LEAST 8 /* events; fewer come and go */

char *fl_state_difference(const struct fl_summary *sa, const struct fl_row *a,
			  const struct fl_summary *sb, const struct fl_row *b);

#endif
