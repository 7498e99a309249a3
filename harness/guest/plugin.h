/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_PLUGIN_H
#define FL_GUEST_PLUGIN_H

/*
 * The profiling plugin (guest/plugin), where it is built and this QEMU loads it:
 * asked once, by starting QEMU without a machine.  NULL: profiles are off, and
 * *why (may be NULL) is a few words.  Both live for the process's life.
 */
const char *fl_plugin_path(const char **why);

#endif
