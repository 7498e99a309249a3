/* SPDX-License-Identifier: GPL-2.0 */
/* The balloon's size as reported by QEMU: memory left to the guest, {"actual": BYTES}. */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <string.h>

static int actual(const char *text, size_t len, const char *key, const struct fl_range *ram,
		  double *out)
{
	const char *at = memmem(text, len, key, strlen(key));

	if (!at)
		return -ENOENT;
	at += strlen(key);
	if (fl_value_number(at, len - (size_t)(at - text), key, ram, out))
		return -EINVAL;
	*out /= 1024;
	return 0;
}

static const struct fl_series series[] = {
	{ "balloon_actual", "\"actual\":", FL_UNIT_KIB, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "balloon_actual_end",
		.series = "balloon_actual",
		.unit = FL_UNIT_KIB,
		.class = FL_NOISY,
		.topic = FL_TOPIC_BALLOON,
		.about = "memory that the balloon leaves the guest, at the workload's exit (QMP "
			 "query-balloon)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_balloon = {
	.name = "balloon",
	.side = FL_SIDE_QMP,
	.file = "query-balloon",
	.value = actual,
	.series = series,
	.metrics = metrics,
};
