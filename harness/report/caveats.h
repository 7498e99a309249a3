/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_CAVEATS_H
#define FL_REPORT_CAVEATS_H

#include "harness/judge/crossing.h"

/* Caveats of the answer: the same sentences on the terminal and on the page. */

/* A warning if no row has two good boots; NULL if one has, or nothing was measured. */
const char *fl_caveat_boots(const struct fl_summary *s);

/* What the verdicts of that crossing mean, and from which price on a saving is too dear; malloc'd;
 * NULL: it has no limit, or nothing was measured. */
char *fl_caveat_worth(const struct fl_judged_crossings *crossings, const char *name);

#endif
