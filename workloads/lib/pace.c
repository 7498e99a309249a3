// SPDX-License-Identifier: GPL-2.0
#include "pace.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#define NS_PER_S 1000000000u

uint64_t pace_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

/* POLLHUP counts: the other end is gone and nothing will come. */
static bool readable(int fd, int timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int n;

	do {
		n = poll(&p, 1, timeout_ms);
	} while (n < 0 && errno == EINTR);
	return n != 0;
}

static bool over(const struct pace *p)
{
	if (p->fd >= 0)
		return readable(p->fd, 0);
	if (p->ns)
		return pace_now_ns() - p->began >= p->ns;
	return p->turns >= p->count;
}

static void wait_for_end(const struct pace *p)
{
	if (p->fd >= 0)
		readable(p->fd, -1);
	else if (p->ns)
		sleep_until(p->began + p->ns);
}

bool pace_next(struct pace *p)
{
	if (!p->began)
		p->began = pace_now_ns();
	if (!p->rate) {
		wait_for_end(p);
		return false;
	}
	if (p->rate != PACE_MAX) {
		uint64_t due = p->began + (uint64_t)((double)p->turns * NS_PER_S / (double)p->rate);

		if (pace_now_ns() < due)
			sleep_until(due);
	}
	if (over(p))
		return false;
	p->turns++;
	return true;
}
