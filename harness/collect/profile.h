/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_PROFILE_H
#define FL_COLLECT_PROFILE_H

#include <stddef.h>
#include <stdint.h>

/* The page fault profile that guest/plugin/ writes: its format is in guest/plugin/folded.h. */
#define FL_PROFILE_TEXT_MAX (16u << 20)

struct fl_profile_stack {
	char *stack;    /* "asm_exc_page_fault;exc_page_fault;handle_mm_fault" */
	uint64_t insns; /* in the last function only */
};

struct fl_profile {
	uint64_t faults;
	uint64_t faults_open;  /* of these, not followed to their end */
	uint64_t instructions; /* in faults: the sum of the stacks */
	uint64_t user, kernel; /* all of the window, in faults or not */
	struct fl_profile_stack *stacks;
	size_t n;
};

/*
 * 0, or -EPROTO with an empty *p for what is no whole profile: each head line but
 * faults_open is there, and instructions is the sum.  Head lines that are not known
 * are passed over.  Release when done.
 */
int fl_profile_parse(struct fl_profile *p, const char *text, size_t len);
void fl_profile_release(struct fl_profile *p);

struct fl_profile_function {
	const char *name; /* lives as long as the array */
	uint64_t self;
	uint64_t total; /* with what it called; recursion counts once */
};

/* All functions, by self, the largest first, then by name.  One allocation: free(3) ends it. */
struct fl_profile_function *fl_profile_functions(const struct fl_profile *p, size_t *n);

#endif
