/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_SEND_H
#define FL_GUEST_SEND_H

#include <stddef.h>

/* All bytes into a socket, waiting for room.  0 or -errno; a peer that is gone is no signal. */
int fl_send_all(int fd, const void *bytes, size_t len);

#endif
