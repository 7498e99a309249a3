/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/starved.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

static uint64_t waited_ns(const char *tasks, const char *tid)
{
	cleanup_free char *path = fl_asprintf("%s/%s/schedstat", tasks, tid);
	cleanup_file FILE *f = fopen(path, "re");
	uint64_t ns = 0;

	return f && fscanf(f, "%*u %" SCNu64, &ns) == 1 ? ns : 0;
}

uint64_t fl_starved_ns(pid_t pid)
{
	cleanup_free char *tasks = fl_asprintf("/proc/%d/task", (int)pid);
	DIR *dir = opendir(tasks);
	struct dirent *entry;
	uint64_t most = 0;

	while (dir && (entry = readdir(dir))) {
		uint64_t ns = entry->d_name[0] == '.' ? 0 : waited_ns(tasks, entry->d_name);

		most = ns > most ? ns : most;
	}
	if (dir)
		closedir(dir);
	return most;
}
