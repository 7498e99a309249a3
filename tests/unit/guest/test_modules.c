/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/bootable.h"
#include "harness/guest/modules.h"

#define CONFIG "CONFIG_VIRTIO_PCI=m\nCONFIG_VIRTIO_CONSOLE=m\nCONFIG_VIRTIO_BALLOON=y\n"

static char root[32];

static void make(void)
{
	strcpy(root, "/tmp/faultline-unit-XXXXXX");
	cr_assert(mkdtemp(root));
}

static void drop(void)
{
	cleanup_free char *all = fl_asprintf("rm -rf '%s'", root);

	cr_expect_eq(system(all), 0);
}

static void do_in_root(const char *command)
{
	cleanup_free char *all = fl_asprintf("cd '%s' && %s", root, command);

	cr_assert_eq(system(all), 0, "%s", all);
}

/* A bzImage's head with a release (Documentation/arch/x86/boot.rst). */
static void write_kernel(const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", root, name);
	char head[0x400] = { 0 };
	FILE *f = fopen(path, "we");

	memcpy(head + 0x202, "HdrS", 4);
	head[0x20f] = 1;
	strcpy(head + 0x300, "6.1.0-x (gcc) #1");
	cr_assert(f && fwrite(head, 1, sizeof(head), f) == sizeof(head) && !fclose(f));
}

static void find(struct fl_modules *m, const char *kernel)
{
	cleanup_free char *path = fl_asprintf("%s/%s", root, kernel);
	struct fl_error err = { 0 };

	cr_assert_eq(fl_modules_find(m, path, CONFIG, &err), 0, "%s", err.text);
}

Test(modules, what_a_module_depends_on)
{
	static const char good[] = "ELF\0license=GPL\0depends=virtio_ring,virtio\0name=x";
	static const char none[] = "ELF\0depends=\0name=x", odd[] = "ELF\0depends=cut";
	static const char other[] = "ELF\0softdepends=a\0";

	cr_expect_str_eq(fl_module_depends(good, sizeof(good)), "virtio_ring,virtio");
	cr_expect_str_eq(fl_module_depends(none, sizeof(none)), "");
	cr_expect_null(fl_module_depends(odd, sizeof(odd) - 1), "cut short");
	cr_expect_null(fl_module_depends(other, sizeof(other)));
}

Test(modules, come_after_what_they_need, .init = make, .fini = drop)
{
	struct fl_modules m = { 0 };
	cleanup_free char *list = NULL, *lacks = NULL, *without = NULL;

	do_in_root("mkdir -p boot lib/modules/6.1.0-x/kernel/a && cd lib/modules/6.1.0-x/kernel && "
		   "printf 'x\\0depends=virtio-ring\\0' >virtio.ko && "
		   "printf 'x\\0depends=virtio,virtio_ring\\0' | xz >a/virtio_pci.ko.xz && "
		   "printf 'x\\0depends=\\0' | zstd -q >virtio_ring.ko.zst && "
		   "printf 'x\\0depends=virtio\\0' | gzip >virtio_console.ko.gz && "
		   "printf 'x\\0depends=\\0' >virtio_balloon.ko");
	write_kernel("boot/vmlinuz-6.1.0-x");
	find(&m, "boot/vmlinuz-6.1.0-x");
	list = fl_strv_join(&m.names, " ");
	cr_expect_str_eq(list, "virtio_ring virtio virtio_pci virtio_console", "%s", list);
	for (size_t i = 0; i < m.files.n; i++) {
		FILE *f = fopen(m.files.v[i], "re");
		char head[10] = "";

		cr_expect(f && fread(head, 1, 9, f) == 9 && !memcmp(head, "x\0depends", 9), "%s",
			  m.files.v[i]);
		fclose(f);
	}
	lacks = fl_boot_lacks(CONFIG "CONFIG_ACPI=y\nCONFIG_PCI=y\n", FL_BUS_PCI, &m);
	without = fl_boot_lacks(CONFIG, FL_BUS_PCI, NULL);
	cr_expect_null(strstr(lacks, "VIRTIO"), "%s", lacks);
	cr_expect(strstr(without, "VIRTIO_CONSOLE (a module that is not there)"), "%s", without);
	fl_modules_release(&m);
}

Test(modules, of_another_kernel_are_not_taken, .init = make, .fini = drop)
{
	struct fl_modules m = { 0 };
	struct fl_error err = { 0 };
	cleanup_free char *path = fl_asprintf("%s/boot/bzImage", root);

	do_in_root("mkdir -p boot lib/modules/6.1.0-y && "
		   "printf 'x\\0depends=\\0' >lib/modules/6.1.0-y/virtio_pci.ko");
	write_kernel("boot/bzImage");
	find(&m, "boot/bzImage");
	cr_expect_eq(m.names.n, 0);
	fl_modules_release(&m);
	do_in_root("mkdir lib/modules/6.1.0-x && echo no >lib/modules/6.1.0-x/virtio_pci.ko.xz");
	cr_expect_eq(fl_modules_find(&m, path, CONFIG, &err), -1);
	cr_expect(strstr(err.text, "xz cannot uncompress it"), "%s", err.text);
	fl_modules_release(&m);
}
