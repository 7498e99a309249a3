/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_PROFILE_H
#define FL_COLLECT_PROFILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The page fault path in instructions, by call stack: what guest/plugin writes,
 * in the form of flamegraph.pl's folded stacks.
 */
struct fl_profile {
	uint64_t faults, instructions; /* of all faults together */
	uint64_t user, kernel;         /* of the whole window */
	struct fl_profile_stack {
		char *stack;    /* "asm_exc_page_fault;exc_page_fault;..." */
		uint64_t insns; /* in its last function alone */
	} * stacks;
	size_t n;
};

/* 0, or -EPROTO for what is no such file; *p is empty then.  The text ends with a NUL. */
int fl_profile_parse(struct fl_profile *p, const char *text);
void fl_profile_release(struct fl_profile *p);

/* By function: its own instructions, and those with what it calls (a recursion counted once). */
struct fl_profile_function {
	char *name;
	uint64_t self, total;
};

/* Sorted by self, most first; free each name and the array with fl_profile_functions_free(). */
struct fl_profile_function *fl_profile_functions(const struct fl_profile *p, size_t *n);
void fl_profile_functions_free(struct fl_profile_function *f, size_t n);

#endif
