/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_BASE_DIGEST_H
#define FL_BASE_DIGEST_H

#include <stddef.h>

/* SHA-256 as sha256sum prints it, so that others can check it. */
#define FL_DIGEST_LEN 65

void fl_digest(const void *data, size_t len, char out[FL_DIGEST_LEN]);
/* The same of a file: 0, or a negative errno. */
int fl_digest_file(const char *path, char out[FL_DIGEST_LEN]);

#endif
