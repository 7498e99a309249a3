/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_FAULT_LOOP_H
#define WORKLOAD_FAULT_LOOP_H

/*
 * will-it-scale's page fault tests: each task maps memory, writes one byte to every page and unmaps
 * it, over and over.  The command line and the lines of output are theirs; an operation is a page
 * touched, so under huge pages the faults, printed at the end, are fewer.
 */

#include <stddef.h>

struct fault_case {
	const char *name, *summary;
	const char *testcase; /* will-it-scale's description */
	int flags;            /* of mmap */
	/* A descriptor of what each task maps, with a message and -1 on failure; NULL: no file. */
	int (*open)(size_t size);
};

/* The whole program; its exit status. */
int fault_loop_main(const struct fault_case *test, int argc, char **argv);

#endif
