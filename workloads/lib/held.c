// SPDX-License-Identifier: GPL-2.0
#include "held.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "memcg.h"
#include "memory_of.h"
#include "pace.h"

void held_add_process(struct held *held, pid_t pid)
{
	uint64_t start = pace_now_ns();
	struct memory_of m;

	if (memory_of_process(pid, &m))
		return;
	held->rss_kib += m.rss_kib;
	held->anon_huge_kib += m.anon_huge_kib;
	held->processes++;
	held->looked_ns += pace_now_ns() - start;
}

void held_take_charge(struct held *held)
{
	uint64_t start = pace_now_ns();
	struct memcg memcg;

	held->charge_known = !memcg_read(&memcg);
	held->charge_kib = held->charge_known ? memcg.current / 1024 : 0;
	held->looked_ns += pace_now_ns() - start;
}

void held_add(struct held *held, const struct held *other)
{
	held->rss_kib += other->rss_kib;
	held->anon_huge_kib += other->anon_huge_kib;
	held->processes += other->processes;
	held->charge_known |= other->charge_known;
	if (other->charge_kib > held->charge_kib)
		held->charge_kib = other->charge_kib;
	if (other->looked_ns > held->looked_ns)
		held->looked_ns = other->looked_ns;
}

void held_print(const struct held *held)
{
	if (!held->processes)
		return;
	printf("held_rss %" PRIu64 "\nheld_anon_huge %" PRIu64 "\n", held->rss_kib,
	       held->anon_huge_kib);
	if (held->charge_known)
		printf("charge_at_hold %" PRIu64 "\n", held->charge_kib);
	printf("looked_ns %" PRIu64 "\n", held->looked_ns);
}

void held_sleep(uint64_t ns)
{
	struct timespec rest = { (time_t)(ns / 1000000000u), (long)(ns % 1000000000u) };
	uint64_t start = pace_now_ns();

	if (!ns)
		return;
	while (nanosleep(&rest, &rest) && errno == EINTR)
		;
	printf("slept_ns %" PRIu64 "\n", pace_now_ns() - start);
	fflush(stdout);
}
