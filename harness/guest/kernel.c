/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/kernel.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/paths.h"

/* First line of build.sh's answer; NULL when it failed. */
static char *ask(const char *arguments, struct fl_strv *lines)
{
	cleanup_free char *command =
		fl_asprintf("exec '%s/guest/kernel/build.sh' %s 2>/dev/null", fl_home(), arguments);
	FILE *p = popen(command, "re");
	char line[4096], *first = NULL;

	while (p && fgets(line, sizeof(line), p)) {
		line[strcspn(line, "\n")] = '\0';
		if (!first)
			first = fl_strdup(line);
		if (lines)
			fl_strv_push(lines, line);
	}
	if (!p || pclose(p)) {
		free(first);
		return NULL;
	}
	return first;
}

int fl_kernel_names(struct fl_strv *names, struct fl_error *err)
{
	char *first = ask("--names", names);

	if (!first)
		return fl_fail(err, FL_MACHINE, "%s/guest/kernel/build.sh does not run", fl_home());
	free(first);
	return 0;
}

/* A bzImage has HdrS at 0x202 (Documentation/arch/x86/boot.rst); a vmlinux is an ELF of x86-64. */
static bool is_kernel(const char *path)
{
	cleanup_file FILE *f = fopen(path, "re");
	unsigned char head[0x206] = { 0 };

	if (!f || fread(head, 1, sizeof(head), f) != sizeof(head))
		return false;
	return !memcmp(head + 0x202, "HdrS", 4) ||
	       (!memcmp(head, "\177ELF\2\1", 6) && head[18] == 62);
}

static bool known(const char *name)
{
	struct fl_strv names = { 0 };
	struct fl_error ignored;
	bool found = false;

	if (!fl_kernel_names(&names, &ignored))
		for (size_t i = 0; i < names.n; i++)
			found |= !strcmp(names.v[i], name);
	fl_strv_release(&names);
	return found;
}

static int find_named(char **path, const char *name, struct fl_error *err)
{
	cleanup_free char *arguments = fl_asprintf("--print '%s'", name);
	cleanup_free char *dir = ask(arguments, NULL);

	if (!dir)
		return fl_fail(err, FL_MACHINE, "kernel %s is not built: faultline kernel build %s",
			       name, name);
	*path = fl_asprintf("%s/vmlinux", dir);
	return 0;
}

int fl_kernel_find(char **path, const char *name, struct fl_error *err)
{
	static const char *const inside[] = { "", "/vmlinux", "/arch/x86/boot/bzImage",
					      "/bzImage" };
	struct stat st;

	if (!strchr(name, '/') && !strchr(name, '\'') && known(name))
		return find_named(path, name, err);
	if (stat(name, &st))
		return fl_fail(
			err, FL_USAGE,
			"kernel %s: neither a kernel's name (faultline kernel list) nor a file",
			name);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		char *at = fl_asprintf("%s%s", name, inside[i]);

		if (is_kernel(at)) {
			*path = at;
			return 0;
		}
		free(at);
	}
	return fl_fail(err, FL_USAGE, "kernel %s: no vmlinux or bzImage for x86-64 there", name);
}
