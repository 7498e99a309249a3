/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/package.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/digest.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"

bool fl_is_package(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".deb");
}

static void remove_folder(const char *dir)
{
	fl_spawn((const char *const[]){ "rm", "-rf", "--", dir, NULL }, NULL);
}

/* Beside its place, so that a killed one leaves nothing that looks whole. */
static int unpack(const char *deb, const char *to, struct fl_error *err)
{
	cleanup_free char *new = fl_asprintf("%s.XXXXXX", to), *said = NULL;
	int status;

	if (!mkdtemp(new))
		return fl_fail(err, FL_MACHINE, "%s: %s", new, strerror(errno));
	status = fl_spawn_both((const char *const[]){ "dpkg-deb", "-x", deb, new, NULL }, &said);
	if (!status && !rename(new, to))
		return 0;
	/* Another process was faster. */
	if (!status && !access(to, F_OK)) {
		remove_folder(new);
		return 0;
	}
	remove_folder(new);
	if (status == 127)
		return fl_fail(err, FL_MACHINE,
			       "%s: dpkg-deb is not installed: unpack it and name "
			       "the kernel in it",
			       deb);
	return fl_fail(err, status == 2 ? FL_USAGE : FL_MACHINE,
		       "%s: dpkg-deb cannot unpack it: %.*s", deb,
		       (int)strcspn(said ? said : "", "\n"), said ? said : "");
}

int fl_package_kernel(char **kernel, const char *deb, struct fl_error *err)
{
	cleanup_free char *dir = NULL, *place = NULL, *pattern = NULL;
	char digest[FL_DIGEST_LEN];
	glob_t found;
	int bad = fl_digest_file(deb, digest);

	if (bad)
		return fl_fail(err, FL_USAGE, "kernel %s: %s", deb, strerror(-bad));
	if (fl_cache_folder(&dir, "packages", err))
		return -1;
	place = fl_asprintf("%s/%.16s", dir, digest);
	if (access(place, F_OK) && unpack(deb, place, err))
		return -1;
	pattern = fl_asprintf("%s/boot/vmlinuz-*", place);
	if (glob(pattern, 0, NULL, &found))
		return fl_fail(err, FL_USAGE,
			       "kernel %s: no boot/vmlinuz in it: a linux-image-VERSION package "
			       "has one",
			       deb);
	*kernel = fl_strdup(found.gl_pathv[0]);
	globfree(&found);
	return 0;
}
