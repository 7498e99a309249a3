/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

static const struct fl_collector *const collectors[] = {
	&fl_collect_balloon,
	&fl_collect_buddyinfo,
	&fl_collect_folios,
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
