/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/shim.h"

#include <unistd.h>

#include "harness/base/paths.h"

char *fl_shim_path(void)
{
	return fl_built("madv_free.so", R_OK);
}
