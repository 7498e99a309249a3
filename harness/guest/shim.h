/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_SHIM_H
#define FL_GUEST_SHIM_H

/* guest/shim/madv_free.c as built, to be preloaded into QEMU; malloc'd, NULL: it is not there. */
char *fl_shim_path(void);

#endif
