/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_TABLES_H
#define FL_COLLECT_TABLES_H

#include "harness/collect/metric.h"

/*
 * The tables of the registry beside those of the collectors, each ended by a NULL
 * name.  metrics.c walks them; nobody else does.
 */
const struct fl_metric *fl_harness_metrics(void);
const struct fl_metric *fl_latency_metrics(void);
const struct fl_metric *fl_profile_metrics(void);
const struct fl_metric *fl_stall_metrics(void);
const struct fl_metric *fl_step_metrics(void);
const struct fl_metric *fl_trace_metrics(void);
const struct fl_metric *fl_workload_metrics(void);

#endif
