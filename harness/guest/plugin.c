/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/plugin.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *found;
static const char *reason;

static char *find(void)
{
	char *path = fl_built("profile.so", R_OK);

	if (!path || !strpbrk(path, ",'"))
		return path;
	free(path);
	return NULL;
}

/* It refuses a file without symbols in words of its own: then it was loaded. */
static bool loads(const char *path)
{
	cleanup_free char *command = fl_asprintf("qemu-system-x86_64 -machine none -nodefaults "
						 "-display none -plugin "
						 "'file=%s,symbols=/dev/null,out=/dev/null' 2>&1",
						 path);
	FILE *p = popen(command, "re");
	bool loaded = false;
	char line[512];

	while (p && fgets(line, sizeof(line), p))
		loaded |= strstr(line, "faultline profile: ") != NULL;
	if (p)
		pclose(p);
	return loaded;
}

static void probe(void)
{
	found = find();
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
