/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/tsc.h"

#include <pthread.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned int khz;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void measure(void)
{
	uint64_t ns = now_ns(), ticks = __rdtsc();

	usleep(20000);
	ticks = __rdtsc() - ticks;
	ns = now_ns() - ns;
	khz = (unsigned int)((double)ticks * 1e6 / (double)ns);
}

unsigned int fl_tsc_khz(void)
{
	pthread_once(&once, measure);
	return khz;
}
