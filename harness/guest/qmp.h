/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_QMP_H
#define FL_GUEST_QMP_H

#include <jansson.h>
#include <stddef.h>

#include "harness/base/error.h"

/*
 * QMP (docs/interop/qmp-spec of QEMU) over a connected socket.  A peer that
 * dies, sends garbage or too much is an error return, never an abort.
 */
struct fl_qmp;

/* Takes the fd.  Reads the greeting, negotiates capabilities.  log: every line both ways goes
 * there; may be NULL. */
int fl_qmp_open(struct fl_qmp **q, int fd, const char *log_path, int timeout_ms,
		struct fl_error *err);
void fl_qmp_close(struct fl_qmp *q);

/*
 * Runs a command; args may be NULL and is taken.  *ret (may be NULL) is a new
 * reference.  Events that come meanwhile are queued.  Returns 0 or -1.
 */
int fl_qmp_command(struct fl_qmp *q, const char *name, json_t *args, json_t **ret, int timeout_ms,
		   struct fl_error *err);

/* Gives QEMU a copy of a descriptor, by the name under which commands know it.  0 or -1. */
int fl_qmp_give(struct fl_qmp *q, const char *name, int fd, int timeout_ms, struct fl_error *err);

/* Next event: new reference, or NULL when none came in time or the peer is gone. */
json_t *fl_qmp_event(struct fl_qmp *q, int timeout_ms);

/*
 * Pure framing, for tests and the fuzz target: takes one complete JSON line from
 * buf, returns its length with the newline, 0 if none is complete, -EMSGSIZE
 * past 1 MiB, -EPROTO for what is not a JSON object.
 */
int fl_qmp_take(const char *buf, size_t len, json_t **message);

#endif
