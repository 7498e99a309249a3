/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int fl_write_file(const char *path, const void *bytes, size_t len, struct fl_error *err)
{
	FILE *f = fopen(path, "we");
	int bad = !f || (len && fwrite(bytes, 1, len, f) != len);

	if (f)
		bad |= fclose(f);
	return bad ? fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(errno))
		   : 0;
}

int fl_make_folder(const char *path, struct fl_error *err)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		return fl_fail(err, FL_MACHINE, "%s: cannot be made: %s", path, strerror(errno));
	return 0;
}
