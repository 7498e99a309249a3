/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/kept.h"
#include "harness/base/paths.h"
#include "harness/base/strv.h"
#include "harness/base/temp.h"

/* Errors of the folders above are ignored: creating the last one fails, too. */
static void make_parents(const char *dir)
{
	cleanup_free char *path = fl_strdup(dir);

	for (char *p = path; (p = strchr(p + 1, '/')); *p = '/') {
		*p = '\0';
		mkdir(path, 0777);
	}
}

int fl_cache_check(struct fl_error *err)
{
	const char *path = fl_cache();
	struct stat st;

	make_parents(path);
	if (mkdir(path, 0755) && errno != EEXIST)
		return fl_fail(err, FL_MACHINE,
			       "cache folder %s: cannot be created: %s; set FAULTLINE_CACHE to a "
			       "folder of your own",
			       path, strerror(errno));
	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return fl_fail(
			err, FL_MACHINE,
			"cache folder %s: not a folder; set FAULTLINE_CACHE to one of your own",
			path);
	if (st.st_uid != geteuid())
		return fl_fail(err, FL_MACHINE,
			       "cache folder %s: it belongs to user %u, not to you (user %u), so "
			       "it is not trusted; set FAULTLINE_CACHE to a folder of your own",
			       path, (unsigned int)st.st_uid, (unsigned int)geteuid());
	/*
	 * With a private group for each user the usual umask is 002, so a group-writable folder is
	 * fine.
	 */
	if (st.st_mode & S_IWOTH || (st.st_mode & S_IWGRP && st.st_gid != getegid()))
		return fl_fail(err, FL_MACHINE,
			       "cache folder %s: others can write to it (mode %03o), so it is not "
			       "trusted; empty it, then chmod go-w",
			       path, st.st_mode & 0777);
	return 0;
}

int fl_cache_folder(char **path, const char *name, struct fl_error *err)
{
	*path = fl_cache_check(err) ? NULL : fl_asprintf("%s/%s", fl_cache(), name);
	if (*path && fl_make_folder(*path, err)) {
		free(*path);
		*path = NULL;
	}
	return *path ? 0 : -1;
}

int fl_cache_begin(struct fl_error *err)
{
	static const char *const folders[] = { "", "/images", "/templates" };

	if (fl_cache_check(err))
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		cleanup_free char *dir = fl_asprintf("%s%s", fl_cache(), folders[i]);

		fl_kept_sweep(dir);
	}
	fl_temp_sweep();
	return 0;
}
