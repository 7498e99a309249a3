/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PAGE_KIB 4

/*
 * Free memory with what lies in the lists of the CPUs, up to an eighth of a zone, which MemFree
 * does not count: "  pages free     4000" and, below "pagesets", "              count:    63".
 */
static int free_kib(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	const char *line = text, *end = text + len;
	double pages = 0;
	int zones = 0;

	(void)key;
	(void)ram;
	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		unsigned long long n;
		char one[64];

		if (!stop)
			break;
		snprintf(one, sizeof(one), "%.*s", (int)(stop - line < 63 ? stop - line : 63),
			 line);
		if (sscanf(one, " pages free %llu", &n) == 1) {
			pages += (double)n;
			zones++;
		} else if (sscanf(one, " count: %llu", &n) == 1) {
			pages += (double)n;
		}
		line = stop + 1;
	}
	*out = pages * PAGE_KIB;
	return zones ? 0 : -EINVAL;
}

static const struct fl_series series[] = {
	{ "guest_free_all", "", FL_UNIT_KIB, false },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "guest_free_lost", "guest_free_all", FL_GONE, FL_UNIT_KIB, FL_LESS, true,
	  "free memory, lists of the CPUs included, that did not come back when the workload was "
	  "gone (/proc/zoneinfo)" },
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
