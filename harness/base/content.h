/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_CONTENT_H
#define FL_BASE_CONTENT_H

#include <stdint.h>

/*
 * A hash (hash.h) of a file's first `len` bytes; UINT64_MAX hashes all of it.  Kernels, images and
 * states are asked for at each point, so a file whose length and mtime are unchanged is not read
 * again by this process.  0 or -errno; -EIO if the file is shorter.
 */
int fl_content_hash(int fd, uint64_t len, uint64_t *hash);

#endif
