/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/cpio.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/* Of a stream: why the last write did not go well. */
static int reason(void)
{
	return errno ? -errno : -EIO;
}

static int pad(FILE *out, size_t len)
{
	static const char zeros[4];
	size_t n = (4 - len % 4) % 4;

	return fwrite(zeros, 1, n, out) == n ? 0 : reason();
}

static int entry(struct fl_cpio *c, const char *path, unsigned int mode, const void *data,
		 size_t len, unsigned int major, unsigned int minor)
{
	size_t name = strlen(path) + 1;

	fprintf(c->out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", c->inode++,
		mode, 0, 0, S_ISDIR(mode) ? 2 : 1, 0, (unsigned int)len, 0, 0, major, minor,
		(unsigned int)name, 0);
	if (fwrite(path, 1, name, c->out) != name || pad(c->out, 110 + name))
		return reason();
	if (len && (fwrite(data, 1, len, c->out) != len || pad(c->out, len)))
		return reason();
	return 0;
}

int fl_cpio_dir(struct fl_cpio *c, const char *path)
{
	return entry(c, path, S_IFDIR | 0755, NULL, 0, 0, 0);
}

int fl_cpio_file(struct fl_cpio *c, const char *path, unsigned int mode, const void *data,
		 size_t len)
{
	return len > UINT32_MAX ? -EFBIG : entry(c, path, S_IFREG | mode, data, len, 0, 0);
}

int fl_cpio_node(struct fl_cpio *c, const char *path, unsigned int mode, unsigned int major,
		 unsigned int minor)
{
	return entry(c, path, mode, NULL, 0, major, minor);
}

int fl_cpio_end(struct fl_cpio *c)
{
	c->inode = 0;
	return entry(c, "TRAILER!!!", 0, NULL, 0, 0, 0);
}
