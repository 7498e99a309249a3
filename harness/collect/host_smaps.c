/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The QEMU process from the host.  Its heap and translation buffer are huge
 * pages too, so the guest's memory is read from its own mapping.
 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A line "START-END perms ..." opens a mapping; anything else belongs to it. */
static bool opens(const char *line, uint64_t *start, uint64_t *end)
{
	return sscanf(line, "%" SCNx64 "-%" SCNx64, start, end) == 2;
}

/* Sums a field over the mappings; with a key "ram:FIELD" only those of the guest's memory. */
static int sum(const char *text, size_t len, const char *key, const struct fl_range *ram,
	       double *out)
{
	bool only_ram = !strncmp(key, "ram:", 4), in = !only_ram, any = false;
	const char *field = only_ram ? key + 4 : key, *line = text, *stop = text + len;
	size_t n = strlen(field);
	uint64_t start, end;
	double value;

	*out = 0;
	if (only_ram && !ram->end)
		return -ENOENT;
	while (line < stop) {
		const char *next = memchr(line, '\n', (size_t)(stop - line));

		if (!next)
			break;
		if (*line < 'A' || *line > 'Z') {
			if (only_ram && opens(line, &start, &end))
				in = start >= ram->start && end <= ram->end;
		} else if (in && !strncmp(line, field, n) && line[n] == ':' &&
			   !fl_text_colon(line, (size_t)(next - line), field, &value)) {
			*out += value;
			any = true;
		}
		line = next + 1;
	}
	return any ? 0 : -ENOENT;
}

static const struct fl_series series[] = {
	{ "host_anon_huge", "ram:AnonHugePages", FL_UNIT_KIB, true },
	{ "host_lazy_free", "ram:LazyFree", FL_UNIT_KIB, true },
	{ "host_process_rss", "Rss", FL_UNIT_KIB, true },
	{ "host_rss", "ram:Rss", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{ "host_anon_huge_end", "host_anon_huge", FL_LAST, FL_UNIT_KIB, FL_MORE, false,
	  "AnonHugePages of the guest's memory on the host at the workload's exit" },
	{ "host_anon_huge_peak", "host_anon_huge", FL_PEAK, FL_UNIT_KIB, FL_NEITHER, false,
	  "AnonHugePages of the guest's memory on the host, largest sample" },
	{ "host_lazy_free_end", "host_lazy_free", FL_LAST, FL_UNIT_KIB, FL_NEITHER, false,
	  "LazyFree of the guest's memory on the host at the workload's exit" },
	{ "host_process_rss_peak", "host_process_rss", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of the whole QEMU process, largest sample" },
	{ "host_rss_end", "host_rss", FL_LAST, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of the guest's memory on the host at the workload's exit" },
	{ "host_rss_peak", "host_rss", FL_PEAK, FL_UNIT_KIB, FL_LESS, false,
	  "Rss of the guest's memory on the host, largest sample" },
	{ 0 },
};

const struct fl_collector fl_collect_host_smaps = {
	.name = "host_smaps",
	.side = FL_SIDE_HOST,
	.file = "smaps",
	.value = sum,
	.series = series,
	.metrics = metrics,
};
