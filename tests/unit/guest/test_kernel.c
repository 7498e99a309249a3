/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/kernel.h"

/* A folder with a file of these bytes in it; the answer of fl_kernel_find() for the folder. */
static int find(const char *name, const void *bytes, size_t len, struct fl_error *err)
{
	char dir[] = "/tmp/faultline-unit-XXXXXX";
	cleanup_free char *path = NULL, *found = NULL;
	FILE *f;
	int r;

	cr_assert(mkdtemp(dir));
	path = fl_asprintf("%s/%s", dir, name);
	f = fopen(path, "we");
	cr_assert(f && fwrite(bytes, 1, len, f) == len && !fclose(f));
	r = fl_kernel_find(&found, dir, err);
	if (!r)
		cr_expect_str_eq(found, path);
	unlink(path);
	rmdir(dir);
	return r;
}

struct image {
	Elf64_Ehdr e;
	Elf64_Phdr p;
	Elf64_Nhdr n;
	char name[4];
	char rest[4096];
};

static struct image vmlinux(unsigned int note)
{
	struct image i = {
		.e = { .e_ident = ELFMAG "\2\1", .e_machine = EM_X86_64, .e_phnum = 1 },
		.p = { .p_type = PT_NOTE, .p_offset = offsetof(struct image, n) },
		.n = { .n_namesz = 4, .n_descsz = 4, .n_type = note },
		.name = "Xen",
	};

	i.e.e_phoff = offsetof(struct image, p);
	return i;
}

Test(kernel, a_vmlinux_has_a_pvh_entry)
{
	struct image good = vmlinux(18), bad = vmlinux(17), odd = vmlinux(18);
	struct fl_error err;

	cr_expect_eq(find("vmlinux", &good, sizeof(good), &err), 0, "%s", err.text);
	cr_expect_eq(find("vmlinux", &bad, sizeof(bad), &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_not_null(strstr(err.text, "CONFIG_PVH"), "%s", err.text);
	odd.n.n_namesz = odd.n.n_descsz = UINT32_MAX;
	cr_expect_eq(find("vmlinux", &odd, sizeof(odd), &err), -1);
	odd = vmlinux(18);
	odd.e.e_phoff = UINT64_MAX - 7;
	cr_expect_eq(find("vmlinux", &odd, sizeof(odd), &err), -1);
}

Test(kernel, a_bzimage_has_its_mark)
{
	char image[1024] = "MZ";
	struct fl_error err;

	cr_expect_eq(find("bzImage", image, sizeof(image), &err), -1);
	memcpy(image + 0x202, "HdrS", 4);
	cr_expect_eq(find("bzImage", image, sizeof(image), &err), 0, "%s", err.text);
	cr_expect_eq(find("bzImage", image, 100, &err), -1, "too short");
}

Test(kernel, what_is_not_there_is_the_users_error)
{
	cleanup_free char *path = NULL;
	struct fl_error err;

	cr_expect_eq(fl_kernel_find(&path, "/nowhere/vmlinux", &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
	cr_expect_eq(fl_kernel_find(&path, "/bin/sh", &err), -1);
	cr_expect_eq(err.kind, FL_USAGE);
}
