/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/digest.h"

#include <errno.h>
#include <sys/types.h>

#include <sha2.h>

void fl_digest(const void *data, size_t len, char out[FL_DIGEST_LEN])
{
	SHA256Data(data, len, out);
}

int fl_digest_file(const char *path, char out[FL_DIGEST_LEN])
{
	return SHA256File(path, out) ? 0 : errno ? -errno : -EIO;
}
