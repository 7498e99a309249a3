/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/guest/image.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/hash.h"
#include "harness/base/kept.h"
#include "harness/base/paths.h"
#include "harness/base/spawn.h"
#include "harness/guest/cpio.h"

#define SELFTESTS "selftests/" /* programs of guest/kernel/selftests.sh */
#define INTERPRETERS_MAX 4     /* how many "#!" interpreters the kernel follows */
#define IMAGES_MAX 64
#define BYTES_MAX (2ull << 30)

/* What goes in: pairs of a host file and its place in the guest. */
struct content {
	struct fl_strv from, to;
};

static void add(struct content *c, const char *from, const char *to)
{
	if (fl_strv_add(&c->to, to))
		fl_strv_push(&c->from, from);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The first executable file of that name: in our programs, then on PATH and in the sbin folders. */
static char *seek(const char *name)
{
	cleanup_free char *path = fl_asprintf("%s:/usr/sbin:/sbin:/bin",
					      getenv("PATH") ? getenv("PATH") : "/usr/bin");
	char *save, *folder, *ours;

	if (!strncmp(name, SELFTESTS, strlen(SELFTESTS))) {
		char *at = fl_asprintf("%s/selftests/current/%s", fl_cache(),
				       name + strlen(SELFTESTS));

		if (!access(at, X_OK))
			return at;
		free(at);
	}
	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : fl_strdup(name);
	ours = fl_asprintf("%s/%s", fl_programs(), name);
	if (!access(ours, X_OK))
		return ours;
	free(ours);
	for (folder = strtok_r(path, ":", &save); folder; folder = strtok_r(NULL, ":", &save)) {
		char *at = fl_asprintf("%s/%s", folder, name);

		if (!access(at, X_OK))
			return at;
		free(at);
	}
	return NULL;
}

/* The interpreter that a file needs: of its PT_INTERP, or of its "#!" line; NULL: none. */
static char *interpreter(const char *program)
{
	cleanup_file FILE *f = fopen(program, "re");
	char text[4096] = "";
	Elf64_Ehdr e;
	Elf64_Phdr p;

	if (!f || fread(&e, 1, sizeof(e), f) < 4)
		return NULL;
	if (!memcmp(&e, "#!", 2)) {
		rewind(f);
		return fscanf(f, "#! %4095s", text) == 1 ? fl_strdup(text) : NULL;
	}
	if (memcmp(e.e_ident, ELFMAG, SELFMAG))
		return NULL;
	for (unsigned int i = 0; i < e.e_phnum; i++) {
		if (fseek(f, (long)(e.e_phoff + i * sizeof(p)), SEEK_SET) ||
		    fread(&p, sizeof(p), 1, f) != 1)
			return NULL;
		if (p.p_type == PT_INTERP && p.p_filesz < sizeof(text) &&
		    !fseek(f, (long)p.p_offset, SEEK_SET) &&
		    fread(text, 1, p.p_filesz, f) == p.p_filesz)
			return fl_strdup(text);
	}
	return NULL;
}

/* The libraries that the dynamic linker lists: "\tNAME => PATH (ADDRESS)" or "\tPATH (ADDRESS)". */
static void add_libraries(struct content *c, const char *loader, const char *program)
{
	const char *const argv[] = { loader, "--list", program, NULL };
	cleanup_free char *list = NULL;
	char *save = NULL;

	if (fl_spawn_quiet(argv, &list))
		return;
	for (char *line = strtok_r(list, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *arrow = strstr(line, " => "), *end = strstr(line, " (");
		char *lib = arrow ? arrow + strlen(" => ") : line + strspn(line, "\t");

		if (*lib != '/' || !end || end < lib)
			continue;
		*end = '\0';
		add(c, lib, lib);
	}
}

/* What a program needs: its interpreter, the interpreter's interpreter, and libraries. */
static int add_needs(struct content *c, const char *name, struct fl_error *err)
{
	cleanup_free char *program = fl_strdup(name);

	for (unsigned int i = 0; i <= INTERPRETERS_MAX; i++) {
		char *loader = interpreter(program);

		if (!loader || access(loader, X_OK)) {
			free(loader);
			return 0;
		}
		add(c, loader, loader);
		if (strstr(loader, "/ld-linux")) {
			add_libraries(c, loader, program);
			free(loader);
			return 0;
		}
		free(program);
		program = loader; /* a script's */
	}
	return fl_fail(
		err, FL_USAGE,
		"program %s: more than %d interpreters in a row, the last is %s: its #! line "
		"has to lead to a program",
		name, INTERPRETERS_MAX, program);
}

/* The program's path in the guest, where commands run in "/"; NULL: nowhere. */
static char *place(const char *name)
{
	if (!strchr(name, '/'))
		return fl_asprintf("/bin/%s", name);
	while (!strncmp(name, "./", 2) || !strncmp(name, "../", 3))
		name = strchr(name, '/') + 1;
	if (strstr(name, "/../"))
		return NULL;
	return fl_asprintf("%s%s", name[0] == '/' ? "" : "/", name);
}

/* The folder that the agent mounts over what the image has there; NULL: none. */
static const char *hidden_by(const char *place)
{
	static const char *const mounted[] = { "/dev", "/proc", "/sys", "/tmp" };

	for (size_t i = 0; i < sizeof(mounted) / sizeof(mounted[0]); i++)
		if (!strncmp(place, mounted[i], strlen(mounted[i])) &&
		    place[strlen(mounted[i])] == '/')
			return mounted[i];
	return NULL;
}

int fl_image_check(const struct fl_strv *programs, struct fl_error *err)
{
	for (size_t i = 0; i < programs->n; i++) {
		cleanup_free char *to = place(programs->v[i]);

		if (to && hidden_by(to))
			return fl_fail(
				err, FL_USAGE,
				"program %s: the guest has a %s of its own: put it elsewhere",
				programs->v[i], hidden_by(to));
	}
	return 0;
}

static int add_program(struct content *c, const char *name, struct fl_error *err)
{
	cleanup_free char *from = seek(name);
	cleanup_free char *to = place(name);

	if (!to)
		return fl_fail(err, FL_USAGE, "program %s: the path must not contain ..", name);
	if (!from && !strncmp(name, SELFTESTS, strlen(SELFTESTS)))
		return fl_fail(err, FL_MACHINE,
			       "%s is not built: guest/kernel/selftests.sh builds the kernel's own "
			       "tests",
			       name);
	if (!from)
		return fl_fail(err, FL_USAGE,
			       "program %s is neither a workload (faultline list workloads) nor %s",
			       name, strchr(name, '/') ? "a file that can be run" : "on PATH");
	add(c, from, to);
	return add_needs(c, from, err);
}

/* Every program of ours, whatever their number. */
static int add_workloads(struct content *c, struct fl_error *err)
{
	cleanup_dir DIR *dir = opendir(fl_programs());
	struct fl_strv names = { 0 };
	const struct dirent *d;
	struct stat st;
	int bad = 0;

	while (dir && (d = readdir(dir)))
		if (strcmp(d->d_name, "agent") && !fstatat(dirfd(dir), d->d_name, &st, 0) &&
		    S_ISREG(st.st_mode) && st.st_mode & 0111)
			fl_strv_push(&names, d->d_name);
	if (!names.n)
		bad = fl_fail(err, FL_MACHINE, "no workloads in %s: make workloads", fl_programs());
	else
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0; !bad && i < names.n; i++)
		bad = add_program(c, names.v[i], err);
	fl_strv_release(&names);
	return bad;
}

static int add_agent(struct content *c, struct fl_error *err)
{
	cleanup_free char *path = fl_built("agent", X_OK);

	if (!path)
		return fl_fail(err, FL_MACHINE, "the guest's agent is not built: make agent");
	add(c, path, "/init");
	return 0;
}

/* As the agent loads them: by name. */
static void add_modules(struct content *c, const struct fl_modules *m)
{
	for (size_t i = 0; i < m->files.n; i++) {
		cleanup_free char *to =
			fl_asprintf("/lib/modules/%s/%02zu-%s.ko", m->release, i, m->names.v[i]);

		add(c, m->files.v[i], to);
	}
}

static int gather(struct content *c, const struct fl_strv *programs, struct fl_error *err)
{
	int bad = add_agent(c, err) || add_workloads(c, err);

	if (!bad && access("/bin/busybox", X_OK))
		bad = fl_fail(err, FL_MACHINE,
			      "busybox is not installed: apt install busybox-static");
	if (!bad)
		bad = add_program(c, "busybox", err);
	for (size_t i = 0; !bad && i < programs->n; i++)
		bad = add_program(c, programs->v[i], err);
	return bad;
}

static const void *map_file(const char *path, size_t *len)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) || !st.st_size)
		return NULL;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	*len = (size_t)st.st_size;
	return p == MAP_FAILED ? NULL : p;
}

static int content_hash(const struct content *c, uint64_t *h, struct fl_error *err)
{
	*h = FL_HASH_START;
	for (size_t i = 0; i < c->from.n; i++) {
		size_t len = 0;
		const void *data = map_file(c->from.v[i], &len);

		if (!data)
			return fl_fail(err, FL_MACHINE, "%s: cannot be read: %s", c->from.v[i],
				       strerror(errno));
		*h = fl_hash(*h, c->to.v[i], strlen(c->to.v[i]) + 1);
		*h = fl_hash(*h, data, len);
		munmap((void *)data, len);
	}
	return 0;
}

/* The folders above a path, each once. */
static void write_parents(struct fl_cpio *cpio, struct fl_strv *made, const char *path)
{
	for (const char *p = path; (p = strchr(p, '/')); p++) {
		cleanup_free char *dir = strndup(path, (size_t)(p - path));

		if (*dir && fl_strv_add(made, dir))
			fl_cpio_dir(cpio, dir);
	}
}

static int write_image(FILE *out, const struct content *c)
{
	static const char *const folders[] = { "proc/", "sys/", "dev/", "tmp/", "root/" };
	struct fl_cpio cpio = { .out = out, .inode = 1 };
	struct fl_strv made = { 0 };
	int r = 0;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		write_parents(&cpio, &made, folders[i]);
	fl_cpio_node(&cpio, "dev/console", S_IFCHR | 0600, 5, 1);
	for (size_t i = 0; !r && i < c->from.n; i++) {
		size_t len = 0;
		const void *data = map_file(c->from.v[i], &len);
		const char *to = c->to.v[i] + 1;

		write_parents(&cpio, &made, to);
		r = data ? fl_cpio_file(&cpio, to, 0755, data, len) : -EIO;
		if (data)
			munmap((void *)data, len);
	}
	fl_strv_release(&made);
	return r ? r : fl_cpio_end(&cpio);
}

static int make_file(const char *path, const struct content *c, struct fl_error *err)
{
	int fd = fl_kept_begin(path, err), again, error;
	FILE *out;

	if (fd < 0)
		return -1;
	again = dup(fd);
	out = again < 0 ? NULL : fdopen(again, "w");
	error = out ? -write_image(out, c) : errno;
	if (out && ferror(out) && !error)
		error = EIO;
	if (out && fclose(out) && !error)
		error = errno;
	if (!error)
		return fl_kept_publish(fd, path, err);
	fl_kept_drop(fd, path);
	return fl_fail(err, FL_MACHINE, "%s: cannot be written: %s", path, strerror(error));
}

int fl_image_make(char **path, const struct fl_strv *programs, struct fl_error *err)
{
	return fl_image_make_with(path, programs, NULL, 0, err);
}

int fl_image_make_with(char **path, const struct fl_strv *programs,
		       const struct fl_modules *modules, size_t n, struct fl_error *err)
{
	cleanup_free char *dir = NULL;
	struct content c = { 0 };
	uint64_t h;
	int bad;

	*path = NULL;
	bad = fl_cache_folder(&dir, "images", err) || gather(&c, programs, err);
	for (size_t i = 0; i < n && !bad; i++)
		add_modules(&c, &modules[i]);
	bad = bad || content_hash(&c, &h, err);
	if (!bad) {
		*path = fl_asprintf("%s/%016llx.cpio", dir, (unsigned long long)h);
		while (!bad && fl_kept_hold(*path))
			bad = make_file(*path, &c, err);
		fl_kept_trim(dir, IMAGES_MAX, BYTES_MAX);
	}
	fl_strv_release(&c.from);
	fl_strv_release(&c.to);
	if (bad) {
		free(*path);
		*path = NULL;
	}
	return bad ? -1 : 0;
}
