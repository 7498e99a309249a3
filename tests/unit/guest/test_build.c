/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "harness/base/cleanup.h"
#include "harness/guest/build.h"
#include "harness/guest/cpio.h"

#define CONFIG                                                       \
	"#\n# Automatically generated file; DO NOT EDIT.\n#\n"       \
	"CONFIG_CC_VERSION_TEXT=\"gcc (Debian 12.2.0-14) 12.2.0\"\n" \
	"# General setup\nCONFIG_64BIT=y\n# CONFIG_NUMA is not set\n"
#define LINES                                                        \
	"CONFIG_CC_VERSION_TEXT=\"gcc (Debian 12.2.0-14) 12.2.0\"\n" \
	"CONFIG_64BIT=y\n# CONFIG_NUMA is not set\n"

static char dir[] = "/tmp/faultline-unit-XXXXXX";

static void write_bytes(const char *name, const void *bytes, size_t len)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "we");

	cr_assert(f && fwrite(bytes, 1, len, f) == len && !fclose(f));
}

static void make_dir(const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, name);

	cr_assert(!mkdir(path, 0777));
}

static struct fl_build read_build(const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%s", dir, name);
	struct fl_error err = { 0 };
	struct fl_build b;

	cr_assert(!fl_build_read(&b, path, &err), "%s", err.text);
	return b;
}

static void open_dir(void)
{
	cr_assert(mkdtemp(dir));
}

static void drop_dir(void)
{
	cleanup_free char *command = fl_asprintf("rm -rf %s", dir);

	cr_expect(!system(command));
}

Test(build, of_a_file_alone_only_its_hash_is_known, .init = open_dir, .fini = drop_dir)
{
	struct fl_build b;

	write_bytes("vmlinux", "abc", 3);
	b = read_build("vmlinux");
	cr_expect_str_eq(b.file_hash,
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_expect(!b.commit && !b.dirty && !b.series && !b.base && !b.compiler && !b.config &&
		  !b.name && !b.source && !b.config_hash);
	fl_build_release(&b);
}

Test(build, meta_and_config_beside_it_are_read, .init = open_dir, .fini = drop_dir)
{
	static const char meta[] = "name patched\nrelease 6.12.117\nsource linux-6.12\n"
				   "base 6.12.117\nseries reserve balloon\nseries_hash 12ab\n"
				   "fragments config.fragment debug.fragment\n"
				   "compiler gcc (Debian 12.2.0-14+deb12u1) 12.2.0\n"
				   "taken PREEMPT_LAZY for PREEMPT_VOLUNTARY, no X\nnew thing\n";
	struct fl_build b, other;

	write_bytes("vmlinux", "abc", 3);
	write_bytes("meta", meta, sizeof(meta) - 1);
	write_bytes("config", CONFIG, sizeof(CONFIG) - 1);
	b = read_build("vmlinux");
	cr_expect_str_eq(b.name, "patched");
	cr_expect_str_eq(b.series, "reserve balloon");
	cr_expect_str_eq(b.series_hash, "12ab");
	cr_expect_str_eq(b.fragments, "config.fragment debug.fragment");
	cr_expect_str_eq(b.compiler, "gcc (Debian 12.2.0-14+deb12u1) 12.2.0");
	cr_expect_str_eq(b.taken, "PREEMPT_LAZY for PREEMPT_VOLUNTARY, no X");
	cr_expect_str_eq(b.config, LINES);
	cr_expect_null(b.commit);
	write_bytes("config", "# another date\n" CONFIG, sizeof(CONFIG) + 14);
	other = read_build("vmlinux");
	cr_expect_str_eq(other.hash, b.hash, "comments do not count");
	fl_build_release(&other);
	write_bytes("config", "CONFIG_64BIT=y\n", 15);
	other = read_build("vmlinux");
	cr_expect_str_neq(other.hash, b.hash);
	fl_build_release(&other);
	fl_build_release(&b);
}

Test(build, the_configuration_is_found_where_trees_and_boot_have_it, .init = open_dir,
     .fini = drop_dir)
{
	static const char *const kernels[] = { "vmlinux", "arch/x86/boot/bzImage",
					       "vmlinuz-6.1.0-9-amd64" };
	static const char *const configs[] = { ".config", ".config", "config-6.1.0-9-amd64" };

	make_dir("arch");
	make_dir("arch/x86");
	make_dir("arch/x86/boot");
	for (size_t i = 0; i < 3; i++) {
		cleanup_free char *config = fl_asprintf("%s/%s", dir, configs[i]);
		struct fl_build b;

		write_bytes(kernels[i], "abc", 3);
		write_bytes(configs[i], CONFIG, sizeof(CONFIG) - 1);
		b = read_build(kernels[i]);
		cr_assert_not_null(b.config, "%s", kernels[i]);
		cr_expect_str_eq(b.compiler, "gcc (Debian 12.2.0-14) 12.2.0");
		fl_build_release(&b);
		unlink(config);
		b = read_build(kernels[i]);
		cr_expect_null(b.config, "%s", kernels[i]);
		fl_build_release(&b);
	}
}

Test(build, the_configuration_inside_goes_before_one_beside, .init = open_dir, .fini = drop_dir)
{
	unsigned char image[4096] = "ELF, IKCFG_ST only";
	z_stream z = { 0 };
	struct fl_build b;
	size_t len;

	memcpy(image + 100, "IKCFG_ST", 8);
	cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)CONFIG;
	z.avail_in = sizeof(CONFIG) - 1;
	z.next_out = image + 108;
	z.avail_out = sizeof(image) - 108;
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	len = sizeof(image) - z.avail_out;
	deflateEnd(&z);
	memcpy(image + len, "IKCFG_ED", 8);
	write_bytes("vmlinux", image, len + 8);
	write_bytes("config", "CONFIG_OTHER=y\n", 15);
	b = read_build("vmlinux");
	cr_expect_str_eq(b.config, LINES);
	fl_build_release(&b);
	write_bytes("vmlinux", image, len / 2 + 54); /* cut short */
	b = read_build("vmlinux");
	cr_expect_str_eq(b.config, "CONFIG_OTHER=y\n");
	fl_build_release(&b);
}

Test(build, programs_of_an_image)
{
	struct fl_image_facts f = { 0 };
	char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);
	struct fl_cpio cpio = { .out = out, .inode = 1 };

	fl_cpio_dir(&cpio, "bin");
	fl_cpio_file(&cpio, "bin/usemem", 0755, "abc", 3);
	fl_cpio_file(&cpio, "init", 0755, "", 0);
	fl_cpio_end(&cpio);
	fclose(out);
	cr_assert_eq(fl_image_take(&f, (unsigned char *)bytes, len), 0);
	cr_assert_eq(f.programs.n, 2);
	cr_expect_str_eq(f.programs.v[0], "/bin/usemem");
	cr_expect_str_eq(f.hashes.v[0],
			 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	cr_expect_str_eq(f.programs.v[1], "/init");
	fl_image_facts_release(&f);
	for (size_t cut = 0; cut < 300 && cut < len; cut++) {
		cr_expect_neq(fl_image_take(&f, (unsigned char *)bytes, cut), 0);
		fl_image_facts_release(&f);
	}
	free(bytes);
}
