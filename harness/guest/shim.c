/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/shim.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/paths.h"

char *fl_shim_path(void)
{
	char *path = fl_built("madv_free.so", R_OK);

	if (!path || !strpbrk(path, ": ")) /* LD_PRELOAD's own marks */
		return path;
	free(path);
	return NULL;
}
