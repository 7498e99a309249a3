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

/* Each plugin rejects these arguments with its own message, which shows that it was loaded. */
static struct plugin {
	const char *file, *arguments, *says, *not_built;
	bool probed;
	char *found;
	const char *reason;
} plugins[] = {
	[FL_PLUGIN_PROFILE] = { .file = "profile.so",
				.arguments = "symbols=/dev/null,out=/dev/null",
				.says = "faultline profile: ",
				.not_built = "profile.so is not built: make plugin" },
	[FL_PLUGIN_STALL] = { .file = "stall.so",
			      .arguments = "out=/dev/null",
			      .says = "faultline stall: ",
			      .not_built = "stall.so is not built: make plugin" },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool loads(const struct plugin *p, const char *path)
{
	cleanup_free char *file = fl_qemu_value(path), *said = NULL;
	cleanup_free char *plugin = fl_asprintf("file=%s,%s", file, p->arguments);
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
	return said && strstr(said, p->says);
}

static void probe(struct plugin *p)
{
	p->probed = true;
	p->found = fl_built(p->file, R_OK);
	if (!p->found) {
		p->reason = p->not_built;
	} else if (!loads(p, p->found)) {
		free(p->found);
		p->found = NULL;
		p->reason = "this QEMU does not load plugins of API version 1";
	}
}

const char *fl_plugin_path(enum fl_plugin which, const char **why)
{
	struct plugin *p = &plugins[which];

	pthread_mutex_lock(&lock);
	if (!p->probed)
		probe(p);
	pthread_mutex_unlock(&lock);
	if (why)
		*why = p->reason;
	return p->found;
}
