/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_CROSSING_H
#define FL_REPORT_CROSSING_H

#include <jansson.h>
#include <stdio.h>

#include "harness/judge/crossing.h"

/*
 * From where on waiting costs more than it saves: one sentence per [crossing NAME] and workload,
 * and its steps.  Nothing for an experiment without one.
 */
void fl_crossing_table(FILE *out, const struct fl_judged_crossings *j, unsigned int columns);
void fl_crossing_html(FILE *out, const struct fl_judged_crossings *j);

/* An array, one object a crossing and workload; the caller's reference. */
json_t *fl_crossing_json(const struct fl_judged_crossings *j);

/* "saves from T >= 128 at 5.3 insn/KiB (...)"; malloc'd. */
char *fl_crossing_sentence(const struct fl_crossing_curve *c);

#endif
