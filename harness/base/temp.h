/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_TEMP_H
#define FL_BASE_TEMP_H

#include "harness/base/error.h"

/*
 * A folder below $TMPDIR or /tmp for a guest that nobody asks about later.  It is
 * locked as long as it is open, so that the next one who makes such a folder
 * removes those that a killed process left, and no others.
 */
struct fl_temp {
	char *path;
	int fd;
};

int fl_temp_open(struct fl_temp *t, struct fl_error *err);

/* With the files in it. */
void fl_temp_close(struct fl_temp *t);

/* Removes what killed processes of this user left. */
void fl_temp_sweep(void);

#endif
