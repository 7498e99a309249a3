// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <errno.h>
#include <unistd.h>

#include "workloads/lib/ramdisk.h"

#define BYTES ((uint64_t)1 << 20)

Test(workload_ramdisk, a_hole_is_cached_once_it_is_read)
{
	int fd = ramdisk_file("/tmp", BYTES);

	cr_assert_geq(fd, 0);
	cr_expect_eq(ramdisk_read(fd, BYTES), 0);
	cr_expect_geq(ramdisk_cached(fd, BYTES), 0);
	cr_expect_leq(ramdisk_cached(fd, BYTES), 256);
	close(fd);
	cr_expect_eq(ramdisk_file("/nowhere/at/all", BYTES), -ENOENT);
}
