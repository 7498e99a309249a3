/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_LAUNCH_H
#define FL_GUEST_LAUNCH_H

#include "harness/guest/guest.h"

/* A QEMU just started: its process and our ends of its two sockets. */
struct fl_launched {
	pid_t pid;
	int qmp, port;
	char *command; /* as run, malloc'd; also when it failed */
};

/* The QEMU dies with the calling thread.  0 or -1; qmp and port are -1 where they are not open. */
int fl_launch(struct fl_launched *l, const struct fl_guest_config *c, struct fl_error *err);

#endif
