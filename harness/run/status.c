/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/point.h"

#include <stdlib.h>

const char *const fl_status_names[] = {
	[FL_OK] = "ok",     [FL_STATUS_FAILED] = "failed", [FL_CORRUPT] = "corrupt",
	[FL_OOM] = "oom",   [FL_PANIC] = "panic",          [FL_HANG] = "hang",
	[FL_LOST] = "lost", [FL_SKIPPED] = "skipped",      [FL_INTERRUPTED] = "interrupted",
};

void fl_outcome_release(struct fl_outcome *o)
{
	free(o->command);
	o->command = NULL;
	fl_result_release(&o->result);
	fl_profile_release(&o->profile);
}
