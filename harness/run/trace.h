/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_TRACE_H
#define FL_RUN_TRACE_H

#include "harness/run/session.h"

/*
 * The trace of the guest's kernel, where the point's workload asks for one
 * (trace = EVENTS); without, all of these do nothing.  fl_trace_ask*() tell the
 * guest, or write its script; the others take the answers.  They return as those
 * of session.h.
 */

/* Before the workload: enables each event; skips those that this kernel lacks. */
int fl_trace_ask(struct fl_session *s);
int fl_trace_begin(struct fl_session *s);

/* After it: stops tracing and fetches its text. */
int fl_trace_ask_text(struct fl_session *s);
int fl_trace_end(struct fl_session *s);

#endif
