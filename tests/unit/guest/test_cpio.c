/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/guest/cpio.h"

static char *archive;
static size_t size;

static void write_archive(void)
{
	struct fl_cpio c = { .out = open_memstream(&archive, &size), .inode = 1 };

	cr_assert_eq(fl_cpio_dir(&c, "bin"), 0);
	cr_assert_eq(fl_cpio_file(&c, "bin/a", 0755, "12345", 5), 0);
	cr_assert_eq(fl_cpio_file(&c, "empty", 0644, NULL, 0), 0);
	cr_assert_eq(fl_cpio_node(&c, "console", S_IFCHR | 0600, 5, 1), 0);
	cr_assert_eq(fl_cpio_end(&c), 0);
	fclose(c.out);
}

/* Field n of the header at `at`, as buffer-format.rst numbers them. */
static unsigned int field(size_t at, unsigned int n)
{
	unsigned int value;
	char text[9] = "";

	memcpy(text, archive + at + 6 + (size_t)n * 8, 8);
	cr_assert_eq(sscanf(text, "%8X", &value), 1, "%s", text);
	return value;
}

static size_t next(size_t at)
{
	size_t data = (at + 110 + field(at, 11) + 3) & ~(size_t)3;

	return (data + field(at, 6) + 3) & ~(size_t)3;
}

Test(cpio, is_what_the_kernel_reads)
{
	static const struct {
		const char *name;
		unsigned int mode, len, major, minor;
	} wanted[] = {
		{ "bin", S_IFDIR | 0755, 0, 0, 0 },   { "bin/a", S_IFREG | 0755, 5, 0, 0 },
		{ "empty", S_IFREG | 0644, 0, 0, 0 }, { "console", S_IFCHR | 0600, 0, 5, 1 },
		{ "TRAILER!!!", 0, 0, 0, 0 },
	};
	size_t at = 0;

	write_archive();
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		cr_assert_lt(at + 110, size);
		cr_expect_eq(memcmp(archive + at, "070701", 6), 0);
		cr_expect_str_eq(archive + at + 110, wanted[i].name);
		cr_expect_eq(field(at, 1), wanted[i].mode, "%s", wanted[i].name);
		cr_expect_eq(field(at, 6), wanted[i].len, "%s", wanted[i].name);
		cr_expect_eq(field(at, 9), wanted[i].major, "%s", wanted[i].name);
		cr_expect_eq(field(at, 10), wanted[i].minor, "%s", wanted[i].name);
		cr_expect_eq(at % 4, 0);
		at = next(at);
	}
	cr_expect_eq(at, size);
	free(archive);
}

Test(cpio, the_same_input_gives_the_same_bytes)
{
	char *first;
	size_t len;

	write_archive();
	first = archive;
	len = size;
	write_archive();
	cr_expect_eq(len, size);
	cr_expect_eq(memcmp(first, archive, size), 0);
	free(first);
	free(archive);
}

Test(cpio, a_full_disk_is_an_error)
{
	struct fl_cpio c = { .out = fopen("/dev/full", "w"), .inode = 1 };

	cr_assert_not_null(c.out);
	setvbuf(c.out, NULL, _IONBF, 0);
	cr_expect_lt(fl_cpio_file(&c, "a", 0755, "12345", 5), 0);
	fclose(c.out);
}
