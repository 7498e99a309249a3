/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interrupts of the balloon: the host acknowledges each notification by one.
 * The guest's first virtio device is the agent's port, its second the balloon
 * (harness/guest/qemu.c); both machines have a line for the whole device.
 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Sums the per-CPU counts of a line, up to the first word that is not a number. */
static double counts(const char *at, const char *end)
{
	double sum = 0;

	while (at < end) {
		char *after;
		unsigned long long n = strtoull(at, &after, 10);

		if (after == at || after > end || *after != ' ')
			break;
		sum += (double)n;
		at = after;
	}
	return sum;
}

/* " 50:   213   IO-APIC  22-fasteoi   virtio1": the line that ends with the key. */
static int of_device(const char *text, size_t len, const char *key, const struct fl_range *ram,
		     double *out)
{
	const char *end = text + len;
	size_t n = strlen(key);

	(void)ram;
	for (const char *line = text, *stop; line < end; line = stop + 1) {
		const char *colon;

		stop = memchr(line, '\n', (size_t)(end - line));
		if (!stop)
			break;
		colon = memchr(line, ':', (size_t)(stop - line));
		if (!colon || (size_t)(stop - colon) < n + 2 || memcmp(stop - n, key, n) != 0 ||
		    stop[-(long)n - 1] != ' ')
			continue;
		*out = counts(colon + 1, stop);
		return 0;
	}
	return -ENOENT;
}

static const struct fl_series series[] = {
	{ "balloon_interrupts", "virtio1", FL_UNIT_COUNT, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "balloon_interrupts",
		.series = "balloon_interrupts",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_COUNT,
		.better = FL_LESS,
		.class = FL_NOISY,
		.topic = FL_TOPIC_BALLOON,
		.column = "balloon irqs",
		.hide_zero = true,
		.beside_steps = true,
		.about = "interrupts of the balloon device: one per notification of the host, up "
			 "to 256 pages each (/proc/interrupts)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_interrupts = {
	.name = "interrupts",
	.side = FL_SIDE_GUEST,
	.guest_only = true,
	.file = "/proc/interrupts",
	.value = of_device,
	.series = series,
	.metrics = metrics,
};
