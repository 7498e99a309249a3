/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/base/paths.h"

#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

static bool holds(const char *folder, const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", folder, name);

	return !access(path, F_OK);
}

/* The folder of this program. */
static char *program_folder(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n > 0 ? n : 0] = '\0';
	if (strrchr(path, '/'))
		*strrchr(path, '/') = '\0';
	return fl_strdup(path);
}

/*
 * Walks up from the program to the first folder with bench/ and guest/, or to an installed share/.
 */
static char *find_home(void)
{
	cleanup_free char *at = program_folder();

	for (char *end = at + strlen(at); end; end = strrchr(at, '/')) {
		cleanup_free char *share = NULL;

		*end = '\0';
		if (holds(at, "bench") && holds(at, "guest"))
			return fl_strdup(at);
		share = fl_asprintf("%s/share/faultline", at);
		if (holds(share, "bench"))
			return fl_strdup(share);
	}
	return fl_strdup(".");
}

static bool in_source_tree(void)
{
	return holds(fl_home(), "Makefile");
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

const char *fl_home(void)
{
	static char *home;

	if (!home)
		home = environment("FAULTLINE_HOME") ? fl_strdup(environment("FAULTLINE_HOME"))
						     : find_home();
	return home;
}

const char *fl_results(void)
{
	static char *results;

	if (results)
		return results;
	if (environment("FAULTLINE_RESULTS"))
		results = fl_strdup(environment("FAULTLINE_RESULTS"));
	else if (in_source_tree())
		results = fl_asprintf("%s/results", fl_home());
	else
		results = fl_strdup("results");
	return results;
}

/* As in bash; NULL: this user has none. */
static const char *user_home(void)
{
	const struct passwd *p = environment("HOME") ? NULL : getpwuid(geteuid());

	return p ? p->pw_dir : environment("HOME");
}

const char *fl_cache(void)
{
	static char *cache;

	if (cache)
		return cache;
	if (environment("FAULTLINE_CACHE"))
		cache = fl_strdup(environment("FAULTLINE_CACHE"));
	else if (environment("XDG_CACHE_HOME"))
		cache = fl_asprintf("%s/faultline", environment("XDG_CACHE_HOME"));
	else if (user_home())
		cache = fl_asprintf("%s/.cache/faultline", user_home());
	else
		cache = fl_asprintf("/tmp/faultline-cache-%u", (unsigned int)geteuid());
	return cache;
}

const char *fl_programs(void)
{
	static char *programs;
	cleanup_free char *at = NULL;

	if (programs)
		return programs;
	at = program_folder();
	if (environment("FAULTLINE_PROGRAMS"))
		programs = fl_strdup(environment("FAULTLINE_PROGRAMS"));
	else if (in_source_tree())
		programs = fl_asprintf("%s/build/workloads", fl_home());
	else
		programs = fl_asprintf("%s/../lib/faultline", at);
	return programs;
}

char *fl_built(const char *name, int mode)
{
	for (int above = 0; above < 2; above++) {
		char *path = fl_asprintf("%s/%s%s", fl_programs(), above ? "../" : "", name);

		if (!access(path, mode))
			return path;
		free(path);
	}
	return NULL;
}

char *fl_absolute(const char *path)
{
	char cwd[PATH_MAX] = "";
	cleanup_free char *whole = NULL;
	struct fl_strv parts = { 0 };
	char *save = NULL, *out = fl_strdup("");

	whole = path[0] == '/' || !getcwd(cwd, sizeof(cwd)) ? fl_strdup(path)
							    : fl_asprintf("%s/%s", cwd, path);
	for (char *p = strtok_r(whole, "/", &save); p; p = strtok_r(NULL, "/", &save)) {
		if (!strcmp(p, ".."))
			fl_strv_pop(&parts);
		else if (strcmp(p, ".") != 0)
			fl_strv_push(&parts, p);
	}
	for (size_t i = 0; i < parts.n; i++) {
		cleanup_free char *old = out;

		out = fl_asprintf("%s/%s", old, parts.v[i]);
	}
	fl_strv_release(&parts);
	return out;
}

const char *fl_path_from_here(const char *path)
{
	cleanup_free char *here = getcwd(NULL, 0);
	size_t n = here ? strlen(here) : 0;

	return n > 1 && !strncmp(path, here, n) && path[n] == '/' && path[n + 1] ? path + n + 1
										 : path;
}
