/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/modules.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/spawn.h"
#include "harness/guest/bootable.h"

#define MODULE_MAX (64u << 20)

/* What a guest speaks through, and what settings and steps use where it is there. */
static const struct {
	const char *option, *name;
} drivers[] = {
	{ "VIRTIO_PCI", "virtio_pci" },
	{ "VIRTIO_MMIO", "virtio_mmio" },
	{ "VIRTIO_CONSOLE", "virtio_console" },
	{ "VIRTIO_BALLOON", "virtio_balloon" },
	{ "ZRAM", "zram" },
};

#define N_DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

/* All modules of a folder. */
struct found {
	struct fl_strv names, paths;
};

static const struct {
	const char *suffix, *program;
} kinds[] = {
	{ ".ko", NULL },
	{ ".ko.xz", "xz" },
	{ ".ko.zst", "zstd" },
	{ ".ko.gz", "gzip" },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* -1: a file of that name is no module. */
static int kind_of(const char *name, size_t *stem)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < N_KINDS; i++) {
		size_t n = strlen(kinds[i].suffix);

		if (len > n && !strcmp(name + len - n, kinds[i].suffix)) {
			*stem = len - n;
			return (int)i;
		}
	}
	return -1;
}

/* virtio-rng.ko is virtio_rng. */
static void take_file(struct found *found, const char *name, const char *path)
{
	cleanup_free char *module = NULL;
	size_t stem;

	if (kind_of(name, &stem) < 0)
		return;
	module = strndup(name, stem);
	for (char *c = module; *c; c++)
		*c = *c == '-' ? '_' : *c;
	fl_strv_push(&found->names, module);
	fl_strv_push(&found->paths, path);
}

static void walk(struct found *found, const char *folder)
{
	char *const roots[] = { (char *)folder, NULL };
	FTS *fts = access(folder, R_OK) ? NULL : fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *e;

	while (fts && (e = fts_read(fts)))
		if (e->fts_info == FTS_F)
			take_file(found, e->fts_name, e->fts_path);
	if (fts)
		fts_close(fts);
}

/* The first folder that has modules is the kernel's. */
static void look(struct found *found, const char *kernel, const char *release)
{
	const char *slash = strrchr(kernel, '/');
	cleanup_free char *dir = strndup(kernel, slash ? (size_t)(slash - kernel) : 0);
	const char *beside = slash ? dir : ".", *last = strrchr(beside, '/');
	struct fl_strv folders = { 0 };

	fl_strv_pushf(&folders, "%s/../lib/modules/%s", beside, release);
	fl_strv_pushf(&folders, "%s/../usr/lib/modules/%s", beside, release);
	fl_strv_pushf(&folders, "%s/lib/modules/%s", beside, release);
	if (last && !strcmp(last + 1, release))
		fl_strv_push(&folders, beside);
	fl_strv_pushf(&folders, "/lib/modules/%s", release);
	if (slash && !strcmp(slash, "/bzImage"))
		fl_strv_pushf(&folders, "%s/../../../drivers", beside);
	fl_strv_pushf(&folders, "%s/drivers", beside);
	for (size_t i = 0; i < folders.n && !found->names.n; i++)
		walk(found, folders.v[i]);
	fl_strv_release(&folders);
}

/* Where it stands uncompressed; malloc'd; NULL: with err. */
static char *plain(struct fl_modules *m, const char *path, const char *name, struct fl_error *err)
{
	/* Both names are words of the shell's own: it reads neither. */
	static const char script[] = "exec \"$1\" -dc -- \"$2\" >\"$3\"";
	size_t stem;
	const char *program = kinds[kind_of(path, &stem)].program;
	char *to;

	if (!program)
		return fl_strdup(path);
	if (!m->temp.path && fl_temp_open(&m->temp, err))
		return NULL;
	to = fl_asprintf("%s/%s.ko", m->temp.path, name);
	if (!fl_spawn_quiet(
		    (const char *const[]){ "sh", "-c", script, "sh", program, path, to, NULL },
		    NULL))
		return to;
	free(to);
	fl_fail(err, FL_MACHINE, "%s: %s cannot uncompress it: is it installed?", path, program);
	return NULL;
}

static int load(struct fl_modules *m, const struct found *found, const char *name,
		struct fl_error *err);

static int load_all(struct fl_modules *m, const struct found *found, const char *list,
		    struct fl_error *err)
{
	cleanup_free char *names = fl_strdup(list);
	char *save = NULL;

	for (char *n = strtok_r(names, ",", &save); n; n = strtok_r(NULL, ",", &save))
		if (load(m, found, n, err))
			return -1;
	return 0;
}

/* What it needs, then itself; what is not there is built in, or will be missed by name. */
static int load(struct fl_modules *m, const struct found *found, const char *name,
		struct fl_error *err)
{
	cleanup_free char *module = fl_strdup(name), *file = NULL, *bytes = NULL;
	const char *depends;
	size_t at, len;

	for (char *c = module; *c; c++)
		*c = *c == '-' ? '_' : *c;
	at = fl_strv_find(&found->names, module);
	if (fl_strv_has(&m->names, module) || at == found->names.n)
		return 0;
	file = plain(m, found->paths.v[at], module, err);
	if (!file)
		return -1;
	bytes = fl_read_file(file, MODULE_MAX, &len);
	depends = bytes ? fl_module_depends(bytes, len) : NULL;
	if (!depends)
		return fl_fail(err, FL_MACHINE, "%s: not a kernel module", found->paths.v[at]);
	if (load_all(m, found, depends, err))
		return -1;
	if (fl_strv_add(&m->names, module))
		fl_strv_push(&m->files, file);
	return 0;
}

const char *fl_module_depends(const char *bytes, size_t len)
{
	static const char key[] = "\0depends=";
	const char *at = memmem(bytes, len, key, sizeof(key) - 1);

	if (!at)
		return NULL;
	at += sizeof(key) - 1;
	return memchr(at, 0, len - (size_t)(at - bytes)) ? at : NULL;
}

int fl_modules_find(struct fl_modules *m, const char *kernel, const char *config,
		    struct fl_error *err)
{
	struct found found = { 0 };
	int bad = 0;

	for (size_t i = 0; i < N_DRIVERS && !bad; i++) {
		if (fl_config_value(config, drivers[i].option) != 'm')
			continue;
		if (!m->release) {
			m->release = fl_kernel_release(kernel);
			if (!m->release)
				break;
			look(&found, kernel, m->release);
		}
		bad = load(m, &found, drivers[i].name, err);
	}
	fl_strv_release(&found.names);
	fl_strv_release(&found.paths);
	return bad;
}

bool fl_modules_have(const struct fl_modules *m, const char *option)
{
	for (size_t i = 0; m && i < N_DRIVERS; i++)
		if (!strcmp(drivers[i].option, option))
			return fl_strv_has(&m->names, drivers[i].name);
	return false;
}

void fl_modules_release(struct fl_modules *m)
{
	fl_strv_release(&m->names);
	fl_strv_release(&m->files);
	free(m->release);
	if (m->temp.path)
		fl_temp_close(&m->temp);
	*m = (struct fl_modules){ 0 };
}
