/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HUGE_ORDER 9
#define ORDERS_MAX 32

/* "Node 0, zone   DMA32   1 0 0 ...": free blocks by order.  Sums those of at least a huge page. */
static int huge_kib(const char *text, size_t len, const char *key, const struct fl_range *ram,
		    double *out)
{
	const char *line = text, *end = text + len;
	double kib = 0;
	int zones = 0;

	(void)key;
	(void)ram;
	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		const char *p = stop ? memmem(line, (size_t)(stop - line), "zone", 4) : NULL;

		if (!p)
			break;
		p += 4 + strspn(p + 4, " ");
		p += strcspn(p, " \n");
		zones++;
		for (int order = 0; order < ORDERS_MAX && p < stop; order++) {
			char *after;
			double blocks = (double)strtoul(p, &after, 10);

			if (after == p)
				break;
			if (order >= HUGE_ORDER)
				kib += blocks * (double)(4ull << order);
			p = after;
		}
		line = stop + 1;
	}
	*out = kib;
	return zones ? 0 : -EINVAL;
}

static const struct fl_series series[] = {
	{ "guest_free_huge", "", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "guest_free_huge_end",
		.series = "guest_free_huge",
		.unit = FL_UNIT_KIB,
		.better = FL_MORE,
		.class = FL_NOISY,
		.topic = FL_TOPIC_MEMORY,
		.about = "free memory in blocks of at least a huge page, at the workload's exit "
			 "(/proc/buddyinfo)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_buddyinfo = {
	.name = "buddyinfo",
	.side = FL_SIDE_GUEST,
	.file = "/proc/buddyinfo",
	.value = huge_kib,
	.series = series,
	.metrics = metrics,
};
