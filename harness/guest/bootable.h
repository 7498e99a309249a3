/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_BOOTABLE_H
#define FL_GUEST_BOOTABLE_H

#include "harness/guest/modules.h"

/*
 * What a kernel must have, to boot as a guest of ours: the agent is /init of an
 * initramfs and speaks through a virtio port.
 */
enum fl_bus { FL_BUS_MMIO, FL_BUS_PCI }; /* microvm's, and q35's */

/*
 * The options that a configuration (lines CONFIG_X=... ) lacks for it, but for the
 * drivers among `modules` (may be NULL): "VIRTIO_CONSOLE (a module that is not there),
 * VIRTIO_PCI"; malloc'd; NULL: none.
 */
char *fl_boot_lacks(const char *config, enum fl_bus bus, const struct fl_modules *modules);

/* 'y', 'm', another value's first byte, or 0: the configuration does not have CONFIG_OPTION. */
char fl_config_value(const char *config, const char *option);

/* What a kernel's file is: "bzImage", or "vmlinux"; and the release in it, malloc'd, or NULL. */
const char *fl_kernel_kind(const char *path);
char *fl_kernel_release(const char *path);

#endif
