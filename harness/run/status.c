/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/point.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/plain.h"
#include "harness/guest/console.h"

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
	fl_plain(o->reason);
	return 1;
}

bool fl_outcome_console(struct fl_outcome *o, const struct fl_console *c, const char *whose)
{
	if (c->worst == FL_CONSOLE_PANIC)
		fl_outcome_decide(o, FL_PANIC, "%s%s", whose, c->line);
	else if (c->worst == FL_CONSOLE_SPLAT)
		fl_outcome_decide(o, FL_STATUS_FAILED, "%sconsole: %s", whose, c->line);
	else if (c->worst == FL_CONSOLE_HUNG)
		fl_outcome_decide(o, FL_HANG, "%sconsole: %s", whose, c->line);
	else
		return false;
	return true;
}

void fl_outcome_explain(struct fl_outcome *o, const struct fl_console *c, const char *whose)
{
	if (o->status == FL_LOST && c->worst == FL_CONSOLE_PANIC)
		fl_outcome_decide(o, FL_PANIC, "%s%s", whose, c->line);
	else if (o->status == FL_PANIC && c->counts[FL_CONSOLE_OOM])
		fl_outcome_decide(o, FL_OOM, "%sthe guest ran out of memory: %s", whose, c->line);
}

void fl_outcome_note(struct fl_outcome *o, const char *fmt, ...)
{
	size_t at = strlen(o->reason);
	va_list ap;

	if (at && at < sizeof(o->reason) - 3)
		at = (size_t)(stpcpy(o->reason + at, "; ") - o->reason);
	va_start(ap, fmt);
	vsnprintf(o->reason + at, sizeof(o->reason) - at, fmt, ap);
	va_end(ap);
	fl_plain(o->reason);
}

void fl_outcome_spoil(struct fl_outcome *o, const char *why)
{
	if (o->status == FL_OK)
		fl_outcome_decide(o, FL_STATUS_FAILED, "%s", why);
}

int fl_outcome_take_bad(struct fl_outcome *o, int bad, const struct fl_error *why,
			struct fl_error *err)
{
	if (bad > 0)
		fl_outcome_spoil(o, why->text);
	else if (bad)
		*err = *why;
	return bad < 0 ? -1 : 0;
}

void fl_outcome_release(struct fl_outcome *o)
{
	free(o->command);
	o->command = NULL;
	fl_result_release(&o->result);
	fl_profile_release(&o->profile);
}
