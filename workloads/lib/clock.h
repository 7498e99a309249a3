/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_CLOCK_H
#define WORKLOAD_CLOCK_H

/* The clock of the latencies: the time stamp counter, or CLOCK_MONOTONIC. */

#include <stdbool.h>
#include <stdint.h>

/* One moment by two clocks; ns of CLOCK_MONOTONIC_RAW. */
struct clock_pair {
	uint64_t ticks, ns;
};

/* Does the CPU report an invariant TSC? */
bool clock_is_tsc(void);

struct clock_pair clock_read(bool tsc);

/* Ticks a second, measured since `opened`; waits until that is 20 ms ago. */
double clock_hz(bool tsc, const struct clock_pair *opened);

#endif
