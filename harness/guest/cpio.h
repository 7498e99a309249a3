/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_GUEST_CPIO_H
#define FL_GUEST_CPIO_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writer of the "newc" cpio format that the kernel unpacks as its initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst).  Owner root,
 * time 0: the same input gives the same bytes.
 */
struct fl_cpio {
	FILE *out;
	unsigned int inode;
};

/* path without the leading slash.  0 or -errno. */
int fl_cpio_dir(struct fl_cpio *c, const char *path);
int fl_cpio_file(struct fl_cpio *c, const char *path, unsigned int mode, const void *data,
		 size_t len);
int fl_cpio_node(struct fl_cpio *c, const char *path, unsigned int mode, unsigned int major,
		 unsigned int minor);
int fl_cpio_end(struct fl_cpio *c);

#endif
