/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CONTENT_H
#define FL_BASE_CONTENT_H

#include <stdint.h>

/*
 * A hash (hash.h) of a file's first `len` bytes, or of all of it: UINT64_MAX.
 * A file of the same length and time of change as before is not read again in
 * this process: kernels, images and states are asked for at each point.
 * 0 or -errno, -EIO for a file that is shorter.
 */
int fl_content_hash(int fd, uint64_t len, uint64_t *hash);

#endif
