// SPDX-License-Identifier: GPL-2.0
/* What one recorded touch of a page that is there costs: the median over batches, in ns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workloads/lib/latency.h"

#define BATCHES 51
#define TOUCHES 100000

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(void)
{
	static unsigned char page[4096];
	double ns[BATCHES];
	struct latency *rec;
	struct latency_task *task;
	int err = latency_open(&rec, "/dev/null", 1, NULL, 0);

	if (err) {
		fprintf(stderr, "bench_latency: /dev/null: %s\n", strerror(-err));
		return 1;
	}
	task = latency_task(rec, 0);
	for (int batch = 0; batch < BATCHES; batch++) {
		uint64_t start = latency_ticks(false);

		for (int i = 0; i < TOUCHES; i++)
			latency_touch(task, LATENCY_BASE, page, 1);
		ns[batch] = (double)(latency_ticks(false) - start) / TOUCHES;
	}
	latency_close(rec);
	qsort(ns, BATCHES, sizeof(ns[0]), ascending);
	printf("%.1f\n", ns[BATCHES / 2]);
	return 0;
}
