/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_EVIDENCE_H
#define FL_TRY_EVIDENCE_H

#include "harness/store/store.h"

/*
 * The first bad point of a run, of one kernel ("patch") or of any (NULL): how many there are,
 * "page_fault1: panic: Kernel panic ..." of the first, and what its console says from there on, or
 * at its end.  Skipped points do not count.
 */
struct fl_evidence {
	size_t bad, good;
	size_t lost;          /* of the bad: hang or lost, which a busy machine can do, too */
	char *text;           /* malloc'd; NULL: there is none */
	struct fl_strv lines; /* of the console */
};

int fl_evidence_read(struct fl_evidence *e, const char *run, const char *kernel,
		     struct fl_error *err);
void fl_evidence_release(struct fl_evidence *e);

/* Lines of a console from the one that holds `from` on, without their times; else its last. */
void fl_evidence_console(struct fl_strv *lines, const char *path, const char *from);

#endif
