/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Large folios, each size that the kernel has: hugepages-64kB/stats/anon_fault_alloc
 * and its like (Documentation/admin-guide/mm/transhuge.rst).  One of them is
 * folio_anon_fault_alloc_64k, their sum over the sizes folio_anon_fault_alloc.
 * nr_anon and nr_anon_partially_mapped are what is there, the others count.
 */
#include <stdio.h>
#include <string.h>

#include "harness/collect/collectors.h"

#define FOLDER "/sys/kernel/mm/transparent_hugepage/"

enum { LEVEL, LEVEL_SUM, COUNTER, COUNTER_SUM };

static const struct fl_series series[] = {
	[LEVEL] = { "folio_nr_STAT_SIZE", "", FL_UNIT_COUNT, false },
	[LEVEL_SUM] = { "folio_nr_STAT", "", FL_UNIT_COUNT, false },
	[COUNTER] = { "folio_STAT_SIZE", "", FL_UNIT_COUNT, false },
	[COUNTER_SUM] = { "folio_STAT", "", FL_UNIT_COUNT, false },
	{ 0 },
};

/* A line "FOLDER/hugepages-64kB/stats/anon_fault_alloc 12". */
static void take_line(const char *line, const struct fl_series *families, fl_found_fn *found,
		      void *arg)
{
	char stat[48], name[64];
	unsigned int kib;
	double value;
	bool level;

	if (sscanf(line, FOLDER "hugepages-%7ukB/stats/%47[a-z_] %lf", &kib, stat, &value) != 3 ||
	    !(value >= 0 && value < 1e18))
		return;
	level = !strncmp(stat, "nr_", 3);
	snprintf(name, sizeof(name), "folio_%.40s", stat);
	found(arg, &families[level ? LEVEL_SUM : COUNTER_SUM], name, value);
	if (kib >= 1024)
		snprintf(name, sizeof(name), "folio_%.40s_%um", stat, kib / 1024);
	else
		snprintf(name, sizeof(name), "folio_%.40s_%uk", stat, kib);
	found(arg, &families[level ? LEVEL : COUNTER], name, value);
}

static void discover(const char *text, size_t len, const struct fl_series *families,
		     fl_found_fn *found, void *arg)
{
	const char *at = text, *end = text + len;
	char line[256];

	while (fl_text_next(&at, end, line, sizeof(line)))
		take_line(line, families, found, arg);
}

static const struct fl_metric metrics[] = {
	{
		.name = "folio_nr_STAT_SIZE",
		.series = "folio_nr_STAT_SIZE",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_FOLIOS,
		.about = "large folios of that size at the workload's exit "
			 "(hugepages-SIZE/stats/nr_STAT)",
	},
	{
		.name = "folio_nr_STAT",
		.series = "folio_nr_STAT",
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_FOLIOS,
		.about = "large folios of all sizes at the workload's exit",
	},
	{
		.name = "folio_STAT_SIZE",
		.series = "folio_STAT_SIZE",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_FOLIOS,
		.about = "the kernel's counter for folios of that size, over the workload "
			 "(hugepages-SIZE/stats/STAT)",
	},
	{
		.name = "folio_STAT",
		.series = "folio_STAT",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.topic = FL_TOPIC_FOLIOS,
		.about = "that counter summed over all folio sizes",
	},
	{ 0 },
};

const struct fl_collector fl_collect_folios = {
	.name = "folios",
	.side = FL_SIDE_GUEST,
	.whole = true,
	.file = FOLDER "hugepages-*kB/stats/*",
	.discover = discover,
	.series = series,
	.metrics = metrics,
};
