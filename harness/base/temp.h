/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_TEMP_H
#define FL_BASE_TEMP_H

#include "harness/base/error.h"

/*
 * A temporary folder below $TMPDIR or /tmp.  It is locked while it is open, so that the next
 * process that makes one can remove those left by killed processes, and no others.
 */
struct fl_temp {
	char *path;
	int fd;
};

int fl_temp_open(struct fl_temp *t, struct fl_error *err);

/* Removes it with its content. */
void fl_temp_close(struct fl_temp *t);

/* Removes the folders that killed processes of this user left. */
void fl_temp_sweep(void);

#endif
