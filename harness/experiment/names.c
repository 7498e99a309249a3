/* SPDX-License-Identifier: GPL-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/experiment/experiment.h"

static int is_ini(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 4 && !strcmp(d->d_name + len - 4, ".ini");
}

int fl_experiment_names(struct fl_strv *names)
{
	cleanup_free char *dir = fl_asprintf("%s/bench", fl_home());
	struct dirent **list;
	int n = scandir(dir, &list, is_ini, alphasort);

	for (int i = 0; i < n; i++) {
		fl_strv_pushf(names, "%.*s", (int)strlen(list[i]->d_name) - 4, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return n < 0 ? -errno : 0;
}
