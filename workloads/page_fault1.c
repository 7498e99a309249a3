// SPDX-License-Identifier: GPL-2.0
/* page_fault1: faults of private anonymous memory (lib/fault_loop.h). */
#include <sys/mman.h>

#include "lib/fault_loop.h"

int main(int argc, char **argv)
{
	static const struct fault_case test = {
		.name = "page_fault1",
		.summary = "Map private anonymous memory, touch every page of it, unmap; count the "
			   "touches.",
		.testcase = "Anonymous memory page fault",
		.flags = MAP_PRIVATE | MAP_ANONYMOUS,
	};

	return fault_loop_main(&test, argc, argv);
}
