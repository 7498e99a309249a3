/* SPDX-License-Identifier: GPL-2.0 */
/* kernel check: what a kernel's file is, whether it can boot as a guest, and which settings it has.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/cleanup.h"
#include "harness/base/wrap.h"
#include "harness/cli/columns.h"
#include "harness/cli/commands.h"
#include "harness/experiment/setting.h"
#include "harness/guest/bootable.h"
#include "harness/guest/build.h"
#include "harness/guest/guest.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"

#define CHECK_LIMIT_S 60
#define CHECK_MEMORY (1ull << 30) /* below 512 MiB a kernel turns THP off by itself */

struct check {
	struct fl_guest *guest;
	time_t deadline;
	struct fl_error *err;
};

/* The next frame of a type, or of either of two. */
static int wait_for(struct check *c, enum fl_frame_type a, enum fl_frame_type b, struct fl_frame *f)
{
	uint64_t host_ns;
	int got;

	while ((got = fl_guest_next(c->guest, 500, f, &host_ns)) >= 0) {
		if (got && (f->type == a || f->type == b))
			return 0;
		if (time(NULL) > c->deadline)
			return fl_fail(c->err, FL_MACHINE, "the guest did not answer in %d s",
				       CHECK_LIMIT_S);
	}
	return fl_fail(c->err, FL_MACHINE, "the guest ended: %s", fl_guest_end_reason(c->guest));
}

/* Text of a file of the guest, one line, into buf; "" when this kernel has no such file. */
static int read_guest(struct check *c, const char *path, char *buf, size_t len)
{
	struct fl_frame f;

	buf[0] = '\0';
	if (fl_guest_send(c->guest, FL_READ, path, NULL, 0))
		return fl_fail(c->err, FL_MACHINE, "the guest ended: %s",
			       fl_guest_end_reason(c->guest));
	if (wait_for(c, FL_TEXT, FL_WRITTEN, &f))
		return -1;
	if (f.type == FL_TEXT)
		snprintf(buf, len, "%.*s", (int)strcspn(f.text, "\n"), f.text);
	return 0;
}

static int print_settings(struct check *c)
{
	struct fl_columns columns = { .n = 3 };
	char text[256];
	int bad = read_guest(c, "/proc/sys/kernel/osrelease", text, sizeof(text));

	if (!bad)
		printf("booted     %s\n\n", text);
	for (const struct fl_setting *s = fl_settings(); !bad && s->name; s++) {
		if (s->how != FL_SET_FILE || strchr(s->name, '*'))
			continue;
		bad = read_guest(c, s->path, text, sizeof(text));
		fl_columns_row(&columns,
			       (const char *[]){ s->name, text[0] ? "has" : "lacks", text });
	}
	fl_columns_print(&columns, stdout, "");
	return bad;
}

static int check_in(const char *dir, const char *kernel, const struct fl_modules *modules,
		    enum fl_machine machine, struct fl_error *err)
{
	struct check c = { .deadline = time(NULL) + CHECK_LIMIT_S, .err = err };
	struct fl_guest_config config = {
		.spec = { .memory = CHECK_MEMORY,
			  .cpus = 1,
			  .numa = 1,
			  .numa_distance = 20,
			  .machine = machine },
		.kernel = kernel,
		.dir = dir,
		.cpu_first = -1,
	};
	cleanup_free char *image = NULL;
	struct fl_accel_choice accel;
	struct fl_strv none = { 0 };
	struct fl_frame f;
	int bad;

	if (fl_image_make_with(&image, &none, modules, 1, err) ||
	    fl_accel_choose(&accel, FL_ACCEL_AUTO, kernel, image, machine, 0, err))
		return -1;
	config.image = image;
	config.accel = accel.accel;
	if (fl_guest_start(&c.guest, &config, err))
		return -1;
	bad = wait_for(&c, FL_READY, FL_READY, &f) || print_settings(&c);
	fl_guest_stop(c.guest);
	if (bad)
		return fl_prefix(err, "%s (console: %s/console.log)", kernel, dir);
	return 0;
}

/* Which machine it can boot on; false: none, and it has been said. */
static bool say_machine(const char *config, const struct fl_modules *modules,
			enum fl_machine *machine)
{
	cleanup_free char *mmio = config ? fl_boot_lacks(config, FL_BUS_MMIO, modules) : NULL;
	cleanup_free char *pci = config ? fl_boot_lacks(config, FL_BUS_PCI, modules) : NULL;

	*machine = mmio ? FL_MACHINE_Q35 : FL_MACHINE_AUTO;
	if (!config)
		printf("boots      not known without its configuration; tried as a microvm\n");
	else if (!mmio)
		printf("boots      as microvm%s%s\n",
		       pci ? "; not as q35: it lacks " : " and as q35", pci ? pci : "");
	else
		printf("boots      not as microvm: it lacks %s\n           %s%s\n", mmio,
		       pci ? "not as q35: it lacks " : "as q35", pci ? pci : "");
	return !mmio || !pci;
}

static void say_modules(const struct fl_modules *m)
{
	cleanup_free char *list = m->names.n ? fl_strv_join(&m->names, ", ") : NULL;

	if (list)
		fl_wrap(stdout, "modules    ", list, 80);
}

/* What can be said without a boot. */
static int say_file(const char *path, struct fl_modules *modules, bool *boots,
		    enum fl_machine *machine, struct fl_error *err)
{
	cleanup_free char *release = fl_kernel_release(path), *map = NULL;
	struct fl_build b;
	bool stub;
	int bad;

	if (fl_build_read(&b, path, err))
		return -1;
	map = fl_kernel_symbols(path, &stub);
	printf("kernel     %s\nkind       %s\nrelease    %s\nconfig     %s\n", path,
	       fl_kernel_kind(path), release ? release : "not known",
	       b.config ? "known" : "not known: no config beside it, and none inside");
	if (b.taken)
		printf("options    %s\n", b.taken);
	printf("System.map %s\n", map    ? map
				  : stub ? "a stub, as Debian packages it: no profiles, no stalls"
					 : "none: no profiles, no stalls");
	bad = b.config ? fl_modules_find(modules, path, b.config, err) : 0;
	say_modules(modules);
	*boots = !bad && say_machine(b.config, modules, machine);
	fflush(stdout);
	fl_build_release(&b);
	return bad;
}

int fl_check_kernel(const char *name, struct fl_error *err)
{
	cleanup_free char *kernel = NULL, *dir = NULL;
	struct fl_modules modules = { 0 };
	enum fl_machine machine;
	bool boots;
	int bad;

	if (fl_kernel_find(&kernel, name, err))
		return -1;
	bad = say_file(kernel, &modules, &boots, &machine, err);
	if (!bad && !boots)
		bad = FL_FAILED;
	dir = fl_strdup("/tmp/faultline-check-XXXXXX");
	if (!bad && !mkdtemp(dir))
		bad = fl_fail(err, FL_MACHINE, "%s: %s", dir, strerror(errno));
	if (!bad && !(bad = check_in(dir, kernel, &modules, machine, err)))
		/* Kept only when there is something to look at. */
		fl_guest_remove_files(dir);
	fl_modules_release(&modules);
	return bad;
}
