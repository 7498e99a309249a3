/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collectors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* utime and stime, fields 14 and 15 of /proc/PID/stat; the name in brackets may hold anything. */
static int cpu_ns(const char *text, size_t len, const char *key, const struct fl_range *ram,
		  double *out)
{
	const char *after = memrchr(text, ')', len);
	unsigned long long user, system;

	(void)key;
	(void)ram;
	if (!after || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
			     &user, &system) != 2)
		return -EINVAL;
	*out = (double)(user + system) * 1e9 / (double)sysconf(_SC_CLK_TCK);
	return 0;
}

static const struct fl_series series[] = {
	{ "host_cpu_time", "", FL_UNIT_HOST_NS, true },
	{ 0 },
};

static const struct fl_metric metrics[] = {
	{
		.name = "host_cpu_time",
		.series = "host_cpu_time",
		.reduce = FL_DELTA,
		.unit = FL_UNIT_HOST_NS,
		.better = FL_LESS,
		.class = FL_NOISY,
		.topic = FL_TOPIC_HOST,
		.about = "CPU time of the QEMU process over the workload, in ticks of the host's "
			 "kernel "
			 "(/proc/PID/stat)",
	},
	{ 0 },
};

const struct fl_collector fl_collect_host_stat = {
	.name = "host_stat",
	.side = FL_SIDE_HOST,
	.file = "stat",
	.value = cpu_ns,
	.series = series,
	.metrics = metrics,
};
