// SPDX-License-Identifier: GPL-2.0
#include "snapshot_sums.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#define THRESHOLD_FILE "/sys/kernel/mm/transparent_hugepage/promotion_threshold"

static const struct {
	const char *key;
	size_t at;
} keys[] = {
	{ "fork_time_per_gb", offsetof(struct snapshot_sum, ms_per_gb) },
	{ "snapshot_private_dirty", offsetof(struct snapshot_sum, private_dirty_kib) },
	{ "snapshot_pages_written", offsetof(struct snapshot_sum, pages_written) },
	{ "snapshot_rss_before", offsetof(struct snapshot_sum, rss_before_kib) },
	{ "snapshot_rss_during", offsetof(struct snapshot_sum, rss_during_kib) },
	{ "snapshot_charge_during", offsetof(struct snapshot_sum, charge_kib) },
	{ "snapshot_extra_memory", offsetof(struct snapshot_sum, extra_kib) },
	{ "reserved_before_fork", offsetof(struct snapshot_sum, reserved_before) },
	{ "reserved_after_fork", offsetof(struct snapshot_sum, reserved_after) },
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))
#define KEYS_RESERVED 2 /* the last ones */

static double *field(struct snapshot_sum *sum, size_t key)
{
	return (double *)(void *)((char *)sum + keys[key].at);
}

void snapshot_sums_add(struct snapshot_sums *sums, const struct snapshot_sum *one)
{
	struct snapshot_sum copy = *one;

	for (size_t i = 0; i < KEYS; i++)
		*field(&sums->all, i) += *field(&copy, i);
	sums->n++;
}

void snapshot_sums_print(const struct snapshot_sums *sums)
{
	struct snapshot_sum all = sums->all;
	size_t n = access(THRESHOLD_FILE, R_OK) ? KEYS - KEYS_RESERVED : KEYS;

	for (size_t i = 0; i < n && sums->n; i++)
		if (!isnan(*field(&all, i)))
			printf("%s %.4f\n", keys[i].key, *field(&all, i) / sums->n);
}
