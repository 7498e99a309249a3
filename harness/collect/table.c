/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <string.h>

static const struct fl_collector *const collectors[] = {
	&fl_collect_balloon,
	&fl_collect_buddyinfo,
	&fl_collect_host_smaps,
	&fl_collect_host_stat,
	&fl_collect_interrupts,
	&fl_collect_khugepaged,
	&fl_collect_khugepaged_inplace,
	&fl_collect_khugepaged_scans,
	&fl_collect_leftover,
	&fl_collect_meminfo,
	&fl_collect_memcg_current,
	&fl_collect_memcg_peak,
	&fl_collect_memcg_stat,
	&fl_collect_pressure,
	&fl_collect_smaps_rollup,
	&fl_collect_stack,
	&fl_collect_status,
	&fl_collect_vmstat,
	&fl_collect_zoneinfo,
	NULL,
};

const struct fl_collector *const *fl_collectors(void)
{
	return collectors;
}

static const struct fl_metric *find_in(const struct fl_metric *m, const char *name)
{
	for (; m->name; m++)
		if (!strcmp(m->name, name))
			return m;
	return NULL;
}

const struct fl_metric *fl_metric_find(const char *name)
{
	for (const struct fl_collector *const *c = collectors; *c; c++) {
		const struct fl_metric *m = find_in((*c)->metrics, name);

		if (m)
			return m;
	}
	if (find_in(fl_workload_metrics(), name))
		return find_in(fl_workload_metrics(), name);
	if (find_in(fl_trace_metrics(), name))
		return find_in(fl_trace_metrics(), name);
	return fl_step_metric_find(name);
}
