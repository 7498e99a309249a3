/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_HELD_H
#define WORKLOAD_HELD_H

/*
 * The memory a workload uses when its work is done and nothing is freed yet, printed as held_rss,
 * held_anon_huge and charge_at_hold, in KiB; and times that are not its work, printed so that the
 * harness can take them off: slept_ns, looked_ns (of this look), warmup_ns.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* All zero bytes: nothing was looked at. */
struct held {
	uint64_t rss_kib, anon_huge_kib;
	uint64_t charge_kib; /* of the memory control group */
	uint64_t looked_ns;
	unsigned int processes;
	bool charge_known;
};

/* Adds a process: its Rss and AnonHugePages.  One that is gone adds nothing. */
void held_add_process(struct held *held, pid_t pid);

/* Takes the charge of the control group that this process is in; without one there is none. */
void held_take_charge(struct held *held);

/* Adds what another task saw; the charge is the largest, so is the time. */
void held_add(struct held *held, const struct held *other);

/* Prints nothing when there was no process. */
void held_print(const struct held *held);

/* Sleeps and prints slept_ns, if it is any time. */
void held_sleep(uint64_t ns);

#endif
