/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <string.h>

#include "harness/collect/zones.h"

/*
 * Free memory with what lies in the lists of the CPUs, up to an eighth of a zone, which MemFree
 * does not count.  key: "" for all, a zone's name, or a node's number.
 */
static int free_kib(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	struct fl_zones z;
	bool any = false;

	(void)ram;
	if (fl_zones_parse(&z, text, len))
		return -EINVAL;
	*out = 0;
	for (size_t i = 0; i < z.n; i++) {
		const struct fl_zone *zone = &z.v[i];
		bool mine =
			!*key || !strcmp(key, zone->name) ||
			(*key >= '0' && *key <= '9' && zone->node == (unsigned int)(*key - '0'));

		any |= mine;
		*out += mine ? zone->free : 0;
	}
	return any ? 0 : -ENOENT;
}

static const struct fl_series series[] = {
	{ "guest_free_all", "", FL_UNIT_KIB, false },
	{ "guest_free_movable", "Movable", FL_UNIT_KIB, true },
	{ "guest_free_node0", "0", FL_UNIT_KIB, true },
	{ "guest_free_node1", "1", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "guest_free_lost",
		.series = "guest_free_all",
		.reduce = FL_GONE,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.topic = FL_TOPIC_MEMORY,
		.crumb = 64,
		.headline = true,
		.about = "free memory (PCP lists included) that is missing after the workload's "
			 "exit (/proc/zoneinfo)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_zoneinfo = {
	.name = "zoneinfo",
	.side = FL_SIDE_GUEST,
	.file = "/proc/zoneinfo",
	.value = free_kib,
	.series = series,
	.metrics = metrics,
};
