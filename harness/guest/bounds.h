/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_BOUNDS_H
#define FL_GUEST_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What a guest may fill of this machine, whatever it does: a point that meets one
 * of these is over, or has failed, and says which.  The longest experiments leave
 * a part of it.
 */
#define FL_STREAM_MAX (512u << 20)    /* all frames of a guest */
#define FL_GUEST_FILE_MAX (16u << 20) /* each of console.log, qemu.log, qmp.log, profile */

/* Of the files in dir one that is full; why: a sentence. */
bool fl_guest_file_full(const char *dir, char *why, size_t len);

#endif
