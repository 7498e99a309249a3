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
	{
		.name = "host_anon_huge_delta",
		.series = "host_anon_huge",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.column = "host huge grew",
		.about = "growth of the guest memory's AnonHugePages on the host, from the "
			 "workload's start to its exit",
	},
	{
		.name = "host_anon_huge_end",
		.series = "host_anon_huge",
		.unit = FL_UNIT_KIB,
		.better = FL_MORE,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "AnonHugePages of the guest's memory on the host at the workload's exit",
	},
	{
		.name = "host_anon_huge_peak",
		.series = "host_anon_huge",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "AnonHugePages of the guest's memory on the host, largest sample",
	},
	{
		.name = "host_lazy_free_end",
		.series = "host_lazy_free",
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "LazyFree of the guest's memory on the host at the workload's exit",
	},
	{
		.name = "host_process_rss_peak",
		.series = "host_process_rss",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "RSS of the whole QEMU process, largest sample",
	},
	{
		.name = "host_rss_delta",
		.series = "host_rss",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.column = "host RSS grew",
		.about = "growth of the guest memory's RSS on the host, from the workload's start "
			 "to its exit; memory that the guest frees stays resident unless it is "
			 "reported",
	},
	{
		.name = "host_rss_end",
		.series = "host_rss",
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "RSS of the guest's memory on the host at the workload's exit",
	},
	{
		.name = "host_rss_peak",
		.series = "host_rss",
		.reduce = FL_PEAK,
		.unit = FL_UNIT_KIB,
		.better = FL_LESS,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "RSS of the guest's memory on the host, largest sample",
	},
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
