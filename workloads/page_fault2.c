// SPDX-License-Identifier: GPL-2.0
/*
 * page_fault2: faults of a private file mapping (lib/fault_loop.h).  Each task has an unlinked
 * temporary file of its own; a store copies a page of the page cache.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/fault_loop.h"

static int open_file(size_t size)
{
	char path[] = "/tmp/page_fault2.XXXXXX";
	int fd = mkstemp(path);

	if (fd >= 0)
		unlink(path);
	if (fd >= 0 && !ftruncate(fd, (off_t)size))
		return fd;
	fprintf(stderr, "page_fault2: no temporary file of %zu bytes: %s\n", size, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int main(int argc, char **argv)
{
	static const struct fault_case test = {
		.name = "page_fault2",
		.summary =
			"Map a temporary file privately, write to every page of it, unmap; count "
			"the touches.",
		.testcase = "Separate file private mapping page fault",
		.flags = MAP_PRIVATE,
		.open = open_file,
	};

	return fault_loop_main(&test, argc, argv);
}
