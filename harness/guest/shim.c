/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/shim.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/paths.h"
#include "harness/base/strv.h"

char *fl_shim_path(void)
{
	for (int i = 0; i < 2; i++) {
		char *path =
			fl_asprintf(i ? "%s/../madv_free.so" : "%s/madv_free.so", fl_programs());

		if (!access(path, R_OK) && !strpbrk(path, ": ")) /* LD_PRELOAD's own marks */
			return path;
		free(path);
	}
	return NULL;
}
