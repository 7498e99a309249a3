/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_JUNIT_H
#define FL_REPORT_JUNIT_H

#include <stdio.h>

#include "harness/judge/comparison.h"

/*
 * JUnit XML as CI servers read it: a suite a comparison, a case a row, a failure
 * for a row that got worse or lost points, skipped for one that B skipped.
 *   fl_junit_begin(out); fl_junit_suite(out, c)...; fl_junit_end(out);
 */
void fl_junit_begin(FILE *out);
void fl_junit_suite(FILE *out, const struct fl_comparison *c);
/* A first run: its points, nothing to compare with. */
void fl_junit_points(FILE *out, const struct fl_summary *s);
void fl_junit_end(FILE *out);

#endif
