/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_FOREIGN_H
#define FL_COLLECT_FOREIGN_H

#include "harness/collect/collect.h"
#include "harness/experiment/own_metric.h"

/*
 * The numbers of programs that are not ours: [metric NAME] of an experiment.
 * Pure functions; the output may be anything.
 */

/*
 * The metric's value in what a program printed.  0, or -1 with the reason in
 * why[room]: `no number after "rps" in stdout`.
 *
 * A number whose unit is glued to it (12ms, 8KiB) is taken if that is the metric's; one time is
 * converted into another.  With any other suffix (12.3k) the scale could differ from run to run, so
 * there is no value.
 */
int fl_foreign_value(const struct fl_own_metric *m, const char *text, size_t len, double *value,
		     char *why, size_t room);

/*
 * The unit as it is printed.  A program in a guest has the guest's clock, so its
 * times and rates carry it as ours do: us are us-tcg under emulation and kinsn
 * (thousands of instructions) with the instruction clock, ops/s are ops/s-tcg
 * and ops/Ginsn.
 */
const char *fl_foreign_unit(const char *unit, enum fl_timebase base, char *out, size_t room);

/* The registry entry of such a metric; its strings are borrowed from own. */
struct fl_metric fl_foreign_meaning(const struct fl_own_metric *own);

/* ": did you mean NAME?" of the registry's names and the experiment's own, else where they are
 * listed. */
const char *fl_own_metrics_unknown(const struct fl_own_metrics *own, const char *name, char *buf,
				   size_t len);

#endif
