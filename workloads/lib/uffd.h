/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_UFFD_H
#define WORKLOAD_UFFD_H

/* userfaultfd(2) and ioctl_userfaultfd(2). */

#include <linux/userfaultfd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

/* Of Linux 6.8; older headers do not have it. */
#ifndef UFFDIO_MOVE
struct uffdio_move {
	__u64 dst, src, len, mode;
	__s64 move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES ((__u64)1 << 1)
#define UFFD_FEATURE_MOVE (1 << 16)
#endif

/* A descriptor, or -1: no userfaultfd, or not with these features. */
int uffd_open(uint64_t features);

/* As ioctl(): 0 or -1. */
int uffd_register(int fd, const void *at, size_t len, uint64_t mode);
int uffd_unregister(int fd, const void *at, size_t len);

#endif
