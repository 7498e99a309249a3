/* SPDX-License-Identifier: GPL-2.0 */
/* The charge of the workload's cgroup (cgroup-v2.rst). */
#include "harness/collect/collectors.h"

#define GROUP "/sys/fs/cgroup/workload/"

/* memory.current counts bytes. */
static int bytes_as_kib(const char *text, size_t len, const char *key, const struct fl_range *ram,
			double *out)
{
	int r = fl_value_number(text, len, key, ram, out);

	*out = r ? 0 : *out / 1024;
	return r;
}

static int stat_as_kib(const char *text, size_t len, const char *key, const struct fl_range *ram,
		       double *out)
{
	int r = fl_value_space(text, len, key, ram, out);

	*out = r ? 0 : *out / 1024;
	return r;
}

static const struct fl_series current_series[] = {
	{ "memcg_charge", "", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric current_metrics[] = {
	{
		.name = "memcg_charge_mean",
		.series = "memcg_charge",
		.reduce = FL_MEAN,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.column = "charge mean",
		.about = "memory.current of the workload's cgroup, mean of the samples",
	},
	{
		.name = "memcg_charge_end",
		.crumb = CHARGE_BATCH_KIB,
		.series = "memcg_charge",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "memory.current of the workload's cgroup at its exit",
	},
	{ 0 },
};

const struct fl_collector fl_collect_memcg_current = {
	.name = "memcg_current",
	.side = FL_SIDE_GUEST,
	.file = GROUP "memory.current",
	.value = bytes_as_kib,
	.series = current_series,
	.metrics = current_metrics,
};

static const struct fl_series peak_series[] = {
	{ "memcg_peak", "", FL_UNIT_KIB, false },
	{ 0 },
};

static const struct fl_metric peak_metrics[] = {
	{
		.name = "memcg_charge_peak",
		.crumb = CHARGE_BATCH_KIB,
		.series = "memcg_peak",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.column = "charge peak",
		.headline = true,
		.beside_steps = true,
		.about = "memory.peak of the workload's cgroup: the kernel's own maximum, not a "
			 "sample",
	},
	{ 0 },
};

const struct fl_collector fl_collect_memcg_peak = {
	.name = "memcg_peak",
	.side = FL_SIDE_GUEST,
	.file = GROUP "memory.peak",
	.value = bytes_as_kib,
	.series = peak_series,
	.metrics = peak_metrics,
};

static const struct fl_series stat_series[] = {
	{ "memcg_anon", "anon", FL_UNIT_KIB, true },
	{ "memcg_anon_huge", "anon_thp", FL_UNIT_KIB, true },
	{ "memcg_page_tables", "pagetables", FL_UNIT_KIB, false },
	{ 0 },
};

static const struct fl_metric stat_metrics[] = {
	{
		.name = "memcg_anon_huge_peak",
		.series = "memcg_anon_huge",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.topic = FL_TOPIC_HUGE,
		.about = "anon_thp of memory.stat, largest sample",
	},
	{
		.name = "memcg_anon_peak",
		.series = "memcg_anon",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "anon of memory.stat, largest sample",
	},
	{
		.name = "memcg_page_tables_peak",
		.series = "memcg_page_tables",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.about = "pagetables of memory.stat, largest sample",
	},
	{ 0 },
};

const struct fl_collector fl_collect_memcg_stat = {
	.name = "memcg_stat",
	.side = FL_SIDE_GUEST,
	.file = GROUP "memory.stat",
	.value = stat_as_kib,
	.series = stat_series,
	.metrics = stat_metrics,
};
