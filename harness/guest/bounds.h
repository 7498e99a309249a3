/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_BOUNDS_H
#define FL_GUEST_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How much of this machine a guest may fill, whatever it does.  A point that reaches one of these
 * limits ends, or fails, and says which.  The longest experiments stay below them.
 */
#define FL_STREAM_MAX (512u << 20)    /* all frames of a guest */
#define FL_GUEST_FILE_MAX (16u << 20) /* each of console.log, qemu.log, qmp.log, profile */

/* One of the files in dir that has reached its limit; why: a sentence. */
bool fl_guest_file_full(const char *dir, char *why, size_t len);

#endif
