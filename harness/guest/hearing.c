/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/hearing.h"

#include "harness/base/clock.h"
#include "harness/guest/starved.h"

#define GAP_NS (1000ull * 1000000)

void fl_hearing_heard(struct fl_hearing *h)
{
	h->heard_ns = fl_now_ns();
}

/*
 * A gap means that the harness was stopped, usually together with QEMU: the machine was suspended,
 * a virtual machine was paused, or job control stopped us.
 */
void fl_hearing_look(struct fl_hearing *h)
{
	uint64_t now = fl_now_ns();

	if (h->looked_ns && now - h->looked_ns > GAP_NS)
		h->stopped_ns += now - h->looked_ns;
	h->looked_ns = now;
}

uint64_t fl_hearing_barred_ns(const struct fl_hearing *h, pid_t qemu)
{
	return h->stopped_ns + fl_starved_ns(qemu);
}

bool fl_hearing_silent(struct fl_hearing *h, pid_t qemu)
{
	uint64_t quiet = fl_now_ns() - h->heard_ns;

	if (quiet < FL_SILENCE_NS / 10) {
		h->quiet_ns = 0;
		return false;
	}
	if (!h->quiet_ns)
		h->quiet_ns = fl_hearing_barred_ns(h, qemu);
	return quiet > FL_SILENCE_NS &&
	       quiet > FL_SILENCE_NS + fl_hearing_barred_ns(h, qemu) - h->quiet_ns;
}
