/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/point.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *const fl_status_names[] = {
	[FL_OK] = "ok",     [FL_STATUS_FAILED] = "failed", [FL_CORRUPT] = "corrupt",
	[FL_OOM] = "oom",   [FL_PANIC] = "panic",          [FL_HANG] = "hang",
	[FL_LOST] = "lost", [FL_SKIPPED] = "skipped",      [FL_INTERRUPTED] = "interrupted",
};

int fl_outcome_decide(struct fl_outcome *o, enum fl_status status, const char *fmt, ...)
{
	va_list ap;

	o->status = status;
	va_start(ap, fmt);
	vsnprintf(o->reason, sizeof(o->reason), fmt, ap);
	va_end(ap);
	return 1;
}

void fl_outcome_spoil(struct fl_outcome *o, const char *why)
{
	if (o->status == FL_OK)
		fl_outcome_decide(o, FL_STATUS_FAILED, "%s", why);
}

void fl_outcome_release(struct fl_outcome *o)
{
	free(o->command);
	o->command = NULL;
	fl_result_release(&o->result);
	fl_profile_release(&o->profile);
}
