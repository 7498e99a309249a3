/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_PROFILE_H
#define FL_COLLECT_PROFILE_H

#include <stddef.h>
#include <stdint.h>

/* The page fault path in instructions, by call stack: what the plugin writes. */
struct fl_profile {
	uint64_t faults, instructions, user, kernel;
	struct fl_profile_stack {
		char *stack;    /* "asm_exc_page_fault;exc_page_fault;..." */
		uint64_t insns; /* in its last function alone */
	} * stacks;
	size_t n;
};

void fl_profile_release(struct fl_profile *p);

#endif
