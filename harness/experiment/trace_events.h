/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_TRACE_EVENTS_H
#define FL_EXPERIMENT_TRACE_EVENTS_H

#include "harness/base/error.h"
#include "harness/base/strv.h"

/* "thp_reserve, huge_memory:mm_collapse_huge_page": SYSTEM or SYSTEM:EVENT, names of folders of
 * tracefs and nothing else.  The list is empty when it is none. */
int fl_trace_events(struct fl_strv *list, const char *value, struct fl_error *err);

#endif
