/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_TEMPLATE_H
#define FL_GUEST_TEMPLATE_H

#include "harness/guest/guest.h"

/*
 * Templates: the state of a machine that has booted and waits for its script,
 * saved by QEMU's migration and kept in the cache folder.  A point of the
 * instruction clock goes on from there instead of booting anew: the copies are
 * alike to the instruction, which is what this clock wants and what makes them
 * useless where boots are the replicates.
 *
 * The key is all that shaped the state: QEMU's command line with CPU model and
 * memory, and the contents of kernel, image and QEMU itself.  A file that is not
 * as it was written (its last bytes say so) is made anew.  The 64 used last stay,
 * and no more than 4 GiB of them.
 */

/*
 * A state to put into c->state and c->state_fd.  It is open, so that nobody who
 * makes room in the cache takes it away before QEMU reads it.
 */
struct fl_template {
	char *path; /* NULL: none */
	int fd;
};

/*
 * Finds it, or makes it now, once however many threads ask.  Returns 0 or -1:
 * boot instead, err says why.
 */
int fl_template_open(struct fl_template *t, const struct fl_guest_config *c, struct fl_error *err);
void fl_template_close(struct fl_template *t);

#endif
