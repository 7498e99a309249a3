// SPDX-License-Identifier: GPL-2.0
/*
 * The frequency of the time stamp counter is measured over the whole life of the recorder, from
 * open to close, against CLOCK_MONOTONIC_RAW: nothing is spent before the workload starts and the
 * longer the run the better the figure.  CPUID knows it only on some machines, and hypervisors
 * are known to pass on a figure of another machine.
 */
#include "clock.h"

#include <time.h>

#include "latency.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define CALIBRATE_NS 20000000u
#define NS_PER_S 1000000000u

bool clock_is_tsc(void)
{
#if defined(__x86_64__)
	unsigned int a, b, c, d;

	if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(d & (1u << 27)))
		return false;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8));
#else
	return false;
#endif
}

static uint64_t raw_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* The tightest of a few readings, so that an interrupt in between does no harm. */
struct clock_pair clock_read(bool tsc)
{
	struct clock_pair best = { 0 };
	uint64_t best_width = UINT64_MAX;

	for (int i = 0; i < 8; i++) {
		uint64_t before = latency_ticks(tsc);
		uint64_t ns = raw_ns();
		uint64_t width = latency_ticks(tsc) - before;

		if (width < best_width) {
			best_width = width;
			best = (struct clock_pair){ .ticks = before + width / 2, .ns = ns };
		}
	}
	return best;
}

double clock_hz(bool tsc, const struct clock_pair *opened)
{
	uint64_t elapsed = raw_ns() - opened->ns;
	struct clock_pair now;

	if (!tsc)
		return NS_PER_S;
	if (elapsed < CALIBRATE_NS) {
		struct timespec rest = { .tv_nsec = (long)(CALIBRATE_NS - elapsed) };

		nanosleep(&rest, NULL);
	}
	now = clock_read(tsc);
	return (double)(now.ticks - opened->ticks) * NS_PER_S / (double)(now.ns - opened->ns);
}
