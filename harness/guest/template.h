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
 * The key is all that shaped the state: QEMU's command line with kernel, image,
 * CPU model and memory, and size and time of the files it names, QEMU's own too.
 */

/*
 * *path: the state to put into c->state, malloc'd; made now where it is missing,
 * once however many threads ask.  Returns 0 or -1: boot instead, err says why.
 */
int fl_template_get(char **path, const struct fl_guest_config *c, struct fl_error *err);

#endif
