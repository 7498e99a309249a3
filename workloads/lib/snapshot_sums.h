/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_SNAPSHOT_SUMS_H
#define WORKLOAD_SNAPSHOT_SUMS_H

/* What fork-snapshot tells of all its snapshots: means, printed as "KEY VALUE" lines. */

#include <stdint.h>

/* One snapshot. */
struct snapshot_sum {
	double ms_per_gb, private_dirty_kib, pages_written;
	double rss_before_kib, rss_during_kib, extra_kib;
	double charge_kib;                      /* of the control group; NAN: there is none */
	double reserved_before, reserved_after; /* unused pages of THP reservations, at the fork */
};

struct snapshot_sums {
	struct snapshot_sum all;
	unsigned int n;
};

void snapshot_sums_add(struct snapshot_sums *sums, const struct snapshot_sum *one);

/* Reservations only where the kernel has them. */
void snapshot_sums_print(const struct snapshot_sums *sums);

#endif
