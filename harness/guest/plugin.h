/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_PLUGIN_H
#define FL_GUEST_PLUGIN_H

/* The plugins of guest/plugin. */
enum fl_plugin { FL_PLUGIN_PROFILE, FL_PLUGIN_STALL };

/*
 * A plugin's file, if it is built and this QEMU loads it; checked once by starting QEMU without a
 * machine.  NULL: no profiles, or no stalls, and *why (may be NULL) says why.  Both are valid for
 * the life of the process.
 */
const char *fl_plugin_path(enum fl_plugin which, const char **why);

#endif
