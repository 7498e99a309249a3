/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/kernel.h"

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/guest/package.h"

/* build.sh's answer; NULL when it failed. */
static char *ask(const char *option, const char *name)
{
	cleanup_free char *script = fl_asprintf("%s/guest/kernel/build.sh", fl_home());
	const char *const argv[] = { script, option, name, NULL };
	char *answer;

	if (!fl_spawn_quiet(argv, &answer) && *answer)
		return answer;
	free(answer);
	return NULL;
}

int fl_kernel_names(struct fl_strv *names, struct fl_error *err)
{
	cleanup_free char *answer = ask("--names", NULL);
	char *save = NULL;

	if (!answer)
		return fl_fail(err, FL_MACHINE, "%s/guest/kernel/build.sh does not run", fl_home());
	for (char *name = strtok_r(answer, "\n", &save); name; name = strtok_r(NULL, "\n", &save))
		fl_strv_push(names, name);
	return 0;
}

int fl_kernel_built(struct fl_strv *names, struct fl_strv *folders, struct fl_error *err)
{
	cleanup_free char *answer = ask("--list", NULL);
	char *save = NULL;

	if (!answer && access(fl_home(), F_OK))
		return fl_fail(err, FL_MACHINE, "%s/guest/kernel/build.sh does not run", fl_home());
	for (char *line = answer ? strtok_r(answer, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t name = strcspn(line, " ");

		fl_strv_pushf(names, "%.*s", (int)name, line);
		fl_strv_push(folders, line[name] ? line + name + 1 : "");
	}
	return 0;
}

#define PVH_ENTRY 18 /* XEN_ELFNOTE_PHYS32_ENTRY, by which QEMU enters an uncompressed kernel */

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static bool has_pvh_note(const char *notes, size_t len)
{
	Elf64_Nhdr n;

	for (size_t at = 0; at + sizeof(n) + 4 <= len;) {
		memcpy(&n, notes + at, sizeof(n));
		at += sizeof(n);
		if (n.n_type == PVH_ENTRY && n.n_namesz == 4 && !memcmp(notes + at, "Xen", 4))
			return true;
		at += align4(n.n_namesz) + align4(n.n_descsz);
	}
	return false;
}

static bool is_vmlinux(FILE *f, const Elf64_Ehdr *e)
{
	Elf64_Phdr p;
	char notes[4096];

	if (memcmp(e->e_ident, ELFMAG "\2\1", 6) || e->e_machine != EM_X86_64)
		return false;
	for (unsigned int i = 0; i < e->e_phnum; i++) {
		if (fseek(f, (long)(e->e_phoff + i * sizeof(p)), SEEK_SET) ||
		    fread(&p, sizeof(p), 1, f) != 1)
			return false;
		if (p.p_type == PT_NOTE && !fseek(f, (long)p.p_offset, SEEK_SET) &&
		    has_pvh_note(notes, fread(notes, 1, sizeof(notes), f)))
			return true;
	}
	return false;
}

/* A bzImage has HdrS at 0x202 (Documentation/arch/x86/boot.rst). */
static bool is_kernel(const char *path)
{
	struct stat st;
	cleanup_file FILE *f = !stat(path, &st) && S_ISREG(st.st_mode) ? fopen(path, "re") : NULL;
	char head[0x206] = { 0 };
	Elf64_Ehdr e;

	if (!f || fread(head, 1, sizeof(head), f) != sizeof(head))
		return false;
	memcpy(&e, head, sizeof(e));
	return !memcmp(head + 0x202, "HdrS", 4) || is_vmlinux(f, &e);
}

/* NAME or NAME@BASE. */
static bool known(const char *name)
{
	cleanup_free char *plain = fl_asprintf("%.*s", (int)strcspn(name, "@"), name);
	struct fl_strv names = { 0 };
	struct fl_error ignored;
	bool found = false;

	if (!fl_kernel_names(&names, &ignored))
		for (size_t i = 0; i < names.n; i++)
			found |= !strcmp(names.v[i], plain);
	fl_strv_release(&names);
	return found;
}

static int find_named(char **path, const char *name, struct fl_error *err)
{
	cleanup_free char *dir = ask("--print", name);

	if (!dir)
		return fl_fail(err, FL_MACHINE, "kernel %s is not built: faultline kernel build %s",
			       name, name);
	*path = fl_asprintf("%s/vmlinux", dir);
	return 0;
}

static int unknown(const char *name, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	struct fl_error ignored;
	char near[160] = "";

	if (!fl_kernel_names(&names, &ignored))
		fl_did_you_mean(name, &names, near, sizeof(near));
	fl_strv_release(&names);
	return fl_fail(err, FL_USAGE, "kernel %s: neither a kernel's name%s nor a file%s", name,
		       *near ? "" : " (faultline kernel list)", near);
}

int fl_kernel_find(char **path, const char *name, struct fl_error *err)
{
	static const char *const inside[] = { "", "/vmlinux", "/arch/x86/boot/bzImage",
					      "/bzImage" };
	struct stat st;

	if (!strchr(name, '/') && known(name))
		return find_named(path, name, err);
	if (stat(name, &st))
		return unknown(name, err);
	if (S_ISREG(st.st_mode) && fl_is_package(name))
		return fl_package_kernel(path, name, err);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		char *at = fl_asprintf("%s%s", name, inside[i]);

		if (is_kernel(at)) {
			*path = at;
			return 0;
		}
		free(at);
	}
	return fl_fail(err, FL_USAGE,
		       "kernel %s: neither a bzImage nor an x86-64 vmlinux with CONFIG_PVH", name);
}

char *fl_kernel_absolute(const char *name)
{
	bool path = strchr(name, '/') || (!access(name, F_OK) && !known(name));

	return path ? fl_absolute(name) : fl_strdup(name);
}

#define STUB_MAX 4096 /* bytes; a kernel's own map has some MB */

/* path itself, or NULL. */
static char *map_at(char *path, bool *stub)
{
	struct stat st;

	if (!access(path, R_OK) && !stat(path, &st)) {
		if (st.st_size > STUB_MAX)
			return path;
		if (stub)
			*stub = true;
	}
	free(path);
	return NULL;
}

char *fl_kernel_symbols(const char *path, bool *stub)
{
	static const char *const places[] = { "System.map", "../../../System.map" };
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) : 1;
	const char *name = slash ? slash + 1 : path;
	char *at;

	if (stub)
		*stub = false;
	if (!slash)
		path = ".";
	for (size_t i = 0; i < 2; i++) {
		at = map_at(fl_asprintf("%.*s/%s", dir, path, places[i]), stub);
		if (at)
			return at;
	}
	if (strncmp(name, "vmlinuz-", 8) != 0)
		return NULL;
	return map_at(fl_asprintf("%.*s/System.map-%s", dir, path, name + 8), stub);
}
