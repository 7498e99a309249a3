/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that hangs or is lost before its workload began says nothing about the workload: on a
 * busy machine timer calibration fails now and then, and the emulator has bugs of its own.  Such a
 * guest is booted again, which is counted.  One that dies after the workload began never is.
 */
#include <stdio.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/console.h"
#include "harness/run/point.h"

#define BOOTS_MAX 3

/*
 * With a thread for each CPU, QEMU lets a CPU run code that another is just patching: it meets the
 * breakpoint that text_poke_bp() (Linux, arch/x86/kernel/alternative.c) has put there, and the
 * kernel no longer knows it.  QEMU 7.2 loses about a tenth of such boots by it.
 */
static bool lost_to_patching(const struct fl_outcome *o, const struct fl_point_config *c)
{
	struct fl_console console;

	if (!c->point->guest.parallel || c->accel != FL_ACCEL_TCG)
		return false;
	fl_console_read(&console, c->dir);
	return console.int3 && (o->status == FL_PANIC || o->status == FL_STATUS_FAILED);
}

static bool lost_at_boot(const struct fl_outcome *o, const struct fl_point_config *c)
{
	if (o->began || c->point->guest.host_limit)
		return false;
	return o->status == FL_HANG || o->status == FL_LOST || lost_to_patching(o, c);
}

/* The next boot writes a new one. */
static void keep_console(const char *dir, unsigned int boot)
{
	cleanup_free char *old = fl_asprintf("%s/console.log", dir);
	cleanup_free char *new = fl_asprintf("%s/console-boot-%u.log", dir, boot);

	rename(old, new);
}

int fl_point_run_booted(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	unsigned int lost = 0;
	double wall_s = 0;
	char first[400] = "";

	for (;;) {
		if (fl_point_run_once(o, c, err))
			return -1;
		o->wall_s += wall_s;
		if (!lost_at_boot(o, c) || lost + 1 == BOOTS_MAX)
			break;
		if (!lost++)
			snprintf(first, sizeof(first), "%s: %.380s", fl_status_names[o->status],
				 o->reason);
		keep_console(c->dir, lost);
		wall_s = o->wall_s;
		fl_outcome_release(o);
	}
	if (lost) {
		fl_result_put(&o->result, "boots_lost", lost, FL_UNIT_COUNT);
		fl_outcome_note(o, "booted %u times; first lost: %s", lost + 1, first);
	}
	return 0;
}
