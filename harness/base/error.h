/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_ERROR_H
#define FL_BASE_ERROR_H

/*
 * Errors: errno below, a sentence above.  A leaf returns a negative errno and
 * knows no user.  The first caller that knows the file, line or option calls
 * fl_fail(), which writes one sentence and returns -1; above it, -1 passes
 * untouched until cli/ prints it.  The kind is the exit status.
 */
enum fl_kind {
	FL_FAILED = 1,             /* the measurement failed, or its answer is no */
	FL_USAGE = 2,              /* usage or configuration; the sentence says what to do */
	FL_MACHINE = 3,            /* the machine lacks something */
	FL_EXIT_INTERRUPTED = 130, /* by a signal (interrupt.h): 128 + SIGINT, as in a shell */
};

struct fl_error {
	enum fl_kind kind;
	char text[1024];
};

/* Always returns -1, so that callers can `return fl_fail(err, ...)`. */
int fl_fail(struct fl_error *err, enum fl_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " before the sentence already there.  Returns -1. */
int fl_prefix(struct fl_error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
