/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/bounds.h"

#include <stdio.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

bool fl_guest_file_full(const char *dir, char *why, size_t len)
{
	static const char *const files[] = { "console.log", "qemu.log", "qmp.log" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_free char *path = fl_asprintf("%s/%s", dir, files[i]);
		struct stat st;

		if (stat(path, &st) || st.st_size < FL_GUEST_FILE_MAX)
			continue;
		snprintf(why, len, "the guest filled %s, which holds %u MiB", files[i],
			 FL_GUEST_FILE_MAX >> 20);
		return true;
	}
	return false;
}
