/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/plugin.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"
#include "harness/guest/qemu.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *found;
static const char *reason;

/* It refuses a file without symbols in words of its own: then it was loaded. */
static bool loads(const char *path)
{
	cleanup_free char *file = fl_qemu_value(path), *said = NULL;
	cleanup_free char *plugin = fl_asprintf("file=%s,symbols=/dev/null,out=/dev/null", file);
	const char *const argv[] = { "qemu-system-x86_64",
				     "-machine",
				     "none",
				     "-nodefaults",
				     "-display",
				     "none",
				     "-plugin",
				     plugin,
				     NULL };

	fl_spawn_both(argv, &said);
	return said && strstr(said, "faultline profile: ");
}

static void probe(void)
{
	found = fl_built("profile.so", R_OK);
	if (!found) {
		reason = "profile.so is not built: make plugin";
	} else if (!loads(found)) {
		free(found);
		found = NULL;
		reason = "this QEMU loads no plugin of version 1";
	}
}

const char *fl_plugin_path(const char **why)
{
	pthread_once(&once, probe);
	if (why)
		*why = reason;
	return found;
}
