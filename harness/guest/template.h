/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_TEMPLATE_H
#define FL_GUEST_TEMPLATE_H

#include "harness/guest/guest.h"

/*
 * Templates: the state of a machine that has booted and waits for its script, saved by QEMU's
 * migration and kept in the cache folder.  A point with the instruction clock resumes from there
 * instead of booting: the copies are identical to the instruction.  This clock needs that; where
 * boots are the replicates it makes them useless.
 *
 * The key is all that shaped the state: QEMU's command line with CPU model and memory, and the
 * contents of kernel, image and QEMU itself.  A file that is not as it was written (its trailer
 * tells) is made again.  The 64 used last stay, and no more than 4 GiB of them.
 */

/*
 * A state for c->state and c->state_fd.  It is held open so that trimming the cache cannot remove
 * it before QEMU has read it.
 */
struct fl_template {
	char *path; /* NULL: none */
	int fd;
};

/*
 * Finds the template or makes it now, once even if several threads ask.  Returns 0, or -1 with err:
 * boot instead.
 */
int fl_template_open(struct fl_template *t, const struct fl_guest_config *c, struct fl_error *err);
void fl_template_close(struct fl_template *t);

#endif
