/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_COLLECTORS_H
#define FL_COLLECT_COLLECTORS_H

#include "harness/collect/collect.h"
#include "harness/collect/text.h"

/* One line a collector; the table of pointers is in table.c. */
extern const struct fl_collector fl_collect_balloon;
extern const struct fl_collector fl_collect_buddyinfo;
extern const struct fl_collector fl_collect_folios;
extern const struct fl_collector fl_collect_host_smaps;
extern const struct fl_collector fl_collect_host_stat;
extern const struct fl_collector fl_collect_interrupts;
extern const struct fl_collector fl_collect_khugepaged;
extern const struct fl_collector fl_collect_khugepaged_inplace;
extern const struct fl_collector fl_collect_khugepaged_scans;
extern const struct fl_collector fl_collect_leftover;
extern const struct fl_collector fl_collect_meminfo;
extern const struct fl_collector fl_collect_memcg_current;
extern const struct fl_collector fl_collect_memcg_peak;
extern const struct fl_collector fl_collect_memcg_stat;
extern const struct fl_collector fl_collect_pressure;
extern const struct fl_collector fl_collect_smaps_rollup;
extern const struct fl_collector fl_collect_stack;
extern const struct fl_collector fl_collect_status;
extern const struct fl_collector fl_collect_vmstat;
extern const struct fl_collector fl_collect_zoneinfo;

#endif
