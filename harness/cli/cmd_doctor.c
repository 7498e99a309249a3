/* SPDX-License-Identifier: GPL-2.0 */
/*
 * doctor: what this machine can do, what it lacks, and how to fix it.  A check is a function that
 * fills a finding, and a line in the table below.
 */
#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include "harness/base/cache.h"
#include "harness/base/cleanup.h"
#include "harness/base/paths.h"
#include "harness/base/print.h"
#include "harness/base/spawn.h"
#include "harness/base/strv.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"
#include "harness/guest/accel.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"
#include "harness/guest/qemu.h"
#include "harness/guest/plugin.h"
#include "harness/run/host_settings.h"
#include "harness/run/machine.h"

#define QEMU_MAJOR 7
#define QEMU_MINOR 2
#define MEMORY_WANTED (2ull << 30) /* a guest of 1 GiB, QEMU and the build */
#define SPACE_WANTED (1ull << 30)

enum { OPT_RESTORE, OPT_PROBE };

static const struct fl_option options[] = {
	[OPT_RESTORE] = { 0, "restore", NULL,
			  "restore settings of this machine that a killed --target host run left "
			  "changed" },
	[OPT_PROBE] = { 0, "probe", NULL,
			"test the accelerator again; the last result is remembered" },
	{ 0 },
};

enum grade { GOOD, ODD, MISSING };

struct finding {
	enum grade grade;
	char text[512];
	char fix[512]; /* "" when nothing is to do */
};

__attribute__((format(printf, 3, 4))) static void find(struct finding *f, enum grade grade,
						       const char *fmt, ...)
{
	va_list ap;

	f->grade = grade;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3))) static void fix(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->fix, sizeof(f->fix), fmt, ap);
	va_end(ap);
}

static void check_qemu(struct finding *f, bool fresh)
{
	cleanup_free char *line = fl_qemu_version();
	int major, minor;

	(void)fresh;
	if (!line) {
		find(f, MISSING, "qemu-system-x86_64 is not on PATH");
		fix(f, "apt-get install qemu-system-x86");
	} else if (sscanf(line, "QEMU emulator version %d.%d", &major, &minor) != 2) {
		find(f, ODD, "%.200s: not a version that is known", line);
	} else if (major < QEMU_MAJOR || (major == QEMU_MAJOR && minor < QEMU_MINOR)) {
		find(f, MISSING, "%.200s: older than %d.%d", line, QEMU_MAJOR, QEMU_MINOR);
		fix(f, "install QEMU %d.%d or later", QEMU_MAJOR, QEMU_MINOR);
	} else {
		find(f, GOOD, "%.200s", line);
	}
}

/* Which accelerator a guest boots with here: 0; 1 where no kernel is there to boot; -1 with err. */
static int choose(struct fl_accel_choice *choice, bool fresh, struct fl_error *err)
{
	cleanup_free char *kernel = NULL, *image = NULL;
	struct fl_strv none = { 0 };

	if (fl_kernel_find(&kernel, "stock", err))
		return 1;
	return fl_image_make(&image, &none, err) ||
			       fl_accel_choose(choice, FL_ACCEL_AUTO, kernel, image,
					       FL_MACHINE_AUTO, fresh, err)
		       ? -1
		       : 0;
}

/* A /dev/kvm that opens may not run a guest: only one that booted is good. */
static void check_kvm(struct finding *f, bool fresh)
{
	cleanup_fd int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	struct fl_accel_choice choice;
	struct fl_error err;

	if (fd < 0) {
		find(f, ODD, "/dev/kvm: %s: guests run under emulation, times are TCG's",
		     strerror(errno));
		if (errno == EACCES)
			fix(f, "add yourself to the group of /dev/kvm, then log in again");
		return;
	}
	if (choose(&choice, fresh, &err))
		find(f, ODD, "/dev/kvm opens; not tried: no guest to boot");
	else if (choice.accel == FL_ACCEL_KVM)
		find(f, GOOD, "/dev/kvm opens and runs a guest");
	else
		find(f, ODD, "%s: guests run under emulation, times are TCG's",
		     choice.reason + strlen("tcg: "));
}

/* After check_kvm(), which has tried it anew when that was asked for. */
static void check_accelerator(struct finding *f, bool fresh)
{
	struct fl_accel_choice choice;
	struct fl_error err;

	(void)fresh;
	switch (choose(&choice, false, &err)) {
	case 0:
		find(f, GOOD, "%s", choice.reason);
		break;
	case 1:
		find(f, ODD, "not tried: no kernel to boot");
		break;
	default:
		find(f, MISSING, "%.500s", err.text);
	}
}

static void check_profiles(struct finding *f, bool fresh)
{
	const char *why;

	(void)fresh;
	if (fl_plugin_path(FL_PLUGIN_PROFILE, &why) && fl_plugin_path(FL_PLUGIN_STALL, &why))
		find(f, GOOD, "QEMU loads them: --profile with --clock instructions, run --stall");
	else
		find(f, ODD, "off: %s", why);
}

/* The kernels of the tests are many and built by these. */
static void check_kernels(struct finding *f, bool fresh)
{
	struct fl_strv names = { 0 }, built = { 0 }, missing = { 0 };
	struct fl_error err;

	(void)fresh;
	if (fl_kernel_names(&names, &err)) {
		find(f, MISSING, "%.500s", err.text);
		return;
	}
	for (size_t i = 0; i < names.n; i++) {
		cleanup_free char *path = NULL;
		bool there = !fl_kernel_find(&path, names.v[i], &err);

		if (strncmp(names.v[i], "planted-", 8) != 0)
			fl_strv_push(there ? &built : &missing, names.v[i]);
	}
	if (built.n) {
		cleanup_free char *have = fl_strv_join(&built, ", ");
		cleanup_free char *lack = fl_strv_join(&missing, ", ");

		find(f, GOOD, "built: %s%s%s", have,
		     missing.n ? "; built when ./run.sh needs them: " : "", lack);
	} else {
		find(f, MISSING, "none is built");
		fix(f, "faultline kernel build stock");
	}
	fl_strv_release(&names);
	fl_strv_release(&built);
	fl_strv_release(&missing);
}

static void check_memory(struct finding *f, bool fresh)
{
	uint64_t bytes = fl_machine_available();

	(void)fresh;
	find(f, bytes < MEMORY_WANTED ? ODD : GOOD, "%.1f GiB available",
	     (double)bytes / (1 << 30));
	if (bytes < MEMORY_WANTED)
		fix(f, "guests of 1 GiB need 2 GiB; use a smaller [guest] memory, or --jobs 1");
}

static void check_topology(struct finding *f, bool fresh)
{
	hwloc_topology_t t;

	(void)fresh;
	if (hwloc_topology_init(&t) || hwloc_topology_load(t)) {
		find(f, ODD, "hwloc cannot read it: guests are not bound to CPUs");
		return;
	}
	find(f, GOOD, "%u threads for us; %d packages, %d cores, %d threads, %d NUMA nodes",
	     fl_machine_cores(), hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PACKAGE),
	     hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_CORE), hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_PU),
	     hwloc_get_nbobjs_by_type(t, HWLOC_OBJ_NUMANODE));
	hwloc_topology_destroy(t);
}

static void check_host_kernel(struct finding *f, bool fresh)
{
	cleanup_file FILE *thp = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
	char mode[64] = "no transparent huge pages";
	struct utsname u;

	(void)fresh;
	if (thp && fgets(mode, sizeof(mode), thp))
		mode[strcspn(mode, "\n")] = '\0';
	uname(&u);
	find(f, thp ? GOOD : ODD, "%s; THP: %s", u.release, mode);
}

static void check_gnuplot(struct finding *f, bool fresh)
{
	cleanup_free char *line =
		fl_spawn_line((const char *const[]){ "gnuplot", "--version", NULL });

	(void)fresh;
	if (line) {
		find(f, GOOD, "%.200s", line);
		return;
	}
	find(f, ODD, "gnuplot is not on PATH: no plots");
	fix(f, "apt-get install gnuplot-nox");
}

/* The folder itself, or the nearest one above it that is there. */
static void check_folder(struct finding *f, const char *dir, const char *variable)
{
	cleanup_free char *path = fl_strdup(dir);
	struct statvfs fs;
	struct stat st;
	uint64_t room;
	char *slash;

	while (stat(path, &st) && errno == ENOENT && (slash = strrchr(path, '/')) && slash > path)
		*slash = '\0';
	if (stat(path, &st) || !S_ISDIR(st.st_mode) || access(path, W_OK | X_OK) ||
	    statvfs(path, &fs)) {
		find(f, MISSING, "%s: %s", dir,
		     errno ? strerror(errno) : "something that is no folder is in the way");
		fix(f, "make it writable, or set %s to a folder that is", variable);
		return;
	}
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	find(f, room < SPACE_WANTED ? ODD : GOOD, "%s, %.1f GiB free", dir,
	     (double)room / (1 << 30));
	if (room < SPACE_WANTED)
		fix(f, "make room, or set %s to a folder that has it", variable);
}

static void check_results(struct finding *f, bool fresh)
{
	(void)fresh;
	check_folder(f, fl_results(), "FAULTLINE_RESULTS");
}

static void check_cache(struct finding *f, bool fresh)
{
	struct fl_error err;

	(void)fresh;
	if (!access(fl_cache(), F_OK) && fl_cache_check(&err)) {
		find(f, MISSING, "%s", err.text);
		fix(f, "as it says");
		return;
	}
	check_folder(f, fl_cache(), "FAULTLINE_CACHE");
}

static void check_workloads(struct finding *f, bool fresh)
{
	cleanup_free char *one = fl_asprintf("%s/page_fault1", fl_programs());

	(void)fresh;
	if (!access(one, X_OK)) {
		find(f, GOOD, "%s", fl_programs());
		return;
	}
	find(f, MISSING, "%s: %s", one, strerror(errno));
	fix(f, "make");
}

static void check_libraries(struct finding *f, bool fresh)
{
	unsigned int v = hwloc_get_api_version();

	(void)fresh;
	find(f, GOOD, "jansson %s, sqlite %s, hwloc API %u.%u", jansson_version_str(),
	     sqlite3_libversion(), v >> 16, v >> 8 & 0xff);
}

static void check_host_settings(struct finding *f, bool fresh)
{
	char text[400];

	(void)fresh;
	if (!fl_host_settings_left(text, sizeof(text))) {
		find(f, GOOD, "none left changed by a killed run");
		return;
	}
	find(f, ODD, "%s", text);
	fix(f, "faultline doctor --restore");
}

static const struct check {
	const char *name;
	void (*look)(struct finding *f, bool fresh);
} checks[] = {
	{ "QEMU", check_qemu },
	{ "KVM", check_kvm },
	{ "guest kernels", check_kernels },
	{ "workloads", check_workloads },
	{ "accelerator", check_accelerator },
	{ "fault profile", check_profiles },
	{ "host kernel", check_host_kernel },
	{ "memory", check_memory },
	{ "topology", check_topology },
	{ "gnuplot", check_gnuplot },
	{ "results folder", check_results },
	{ "cache folder", check_cache },
	{ "libraries", check_libraries },
	{ "host settings", check_host_settings },
};

static int examine(bool fresh)
{
	static const char *const words[] = { [GOOD] = "ok", [ODD] = "note", [MISSING] = "MISSING" };
	struct fl_columns c = { .n = 3, .width = fl_terminal_width(STDOUT_FILENO) };
	int status = 0;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct finding f = { 0 };
		cleanup_free char *text = NULL;

		errno = 0;
		checks[i].look(&f, fresh);
		text = fl_asprintf("%s%s%s", f.text, f.fix[0] ? "; fix: " : "", f.fix);
		fl_columns_row(&c, (const char *[]){ words[f.grade], checks[i].name, text });
		if (f.grade == MISSING)
			status = FL_MACHINE;
	}
	fl_columns_print(&c, stdout, "");
	return status;
}

static int restore(struct fl_error *err)
{
	struct fl_host_settings *h;
	char note[512];

	if (fl_host_settings_begin(&h, note, sizeof(note), err))
		return -1;
	fl_host_settings_end(h);
	puts(note[0] ? note : "no settings of this machine are left changed");
	return 0;
}

static int run(int argc, char **argv, struct fl_error *err)
{
	bool restoring = false, fresh = false;
	const char *value;
	int next = 1, option;

	while ((option = fl_next_option(&fl_cmd_doctor, argc, argv, &next, &value, err)) >= 0) {
		if (option == OPT_RESTORE)
			restoring = true;
		else
			fresh = true;
	}
	if (option < -1)
		return -1;
	if (next < argc)
		return fl_fail(err, FL_USAGE, "doctor takes no operand: %s", argv[next]);
	return restoring ? restore(err) : examine(fresh);
}

const struct fl_command fl_cmd_doctor = {
	.name = "doctor",
	.summary = "what this machine can do, what is missing, and how to fix it",
	.synopsis = "doctor [--restore] [--probe]",
	.examples = "doctor",
	.first = true,
	.options = options,
	.run = run,
};
