/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_HEARING_H
#define FL_GUEST_HEARING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define FL_SILENCE_NS (20ull * 1000000000) /* no heartbeat for so long is a hang */

/*
 * When a guest was last heard, and how long it was kept from running: others had the CPU
 * (starved.h), or this program itself was stopped.  Such time does not count as silence of the
 * guest, nor towards limits that are meant for it.
 */
struct fl_hearing {
	uint64_t heard_ns;
	uint64_t quiet_ns;  /* barred time when it fell silent; 0: it did not */
	uint64_t looked_ns; /* the last look */
	uint64_t stopped_ns;
};

void fl_hearing_heard(struct fl_hearing *h);
/* Called ten times a second while it is waited for. */
void fl_hearing_look(struct fl_hearing *h);
/* ns since its start. */
uint64_t fl_hearing_barred_ns(const struct fl_hearing *h, pid_t qemu);
bool fl_hearing_silent(struct fl_hearing *h, pid_t qemu);

#endif
