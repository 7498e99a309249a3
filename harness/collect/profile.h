/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_PROFILE_H
#define FL_COLLECT_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/collect/collect.h"

/*
 * The profile of page faults and system calls that guest/plugin/ writes: its format is in
 * guest/plugin/folded.h.  The first function of a stack is its entry.
 */
#define FL_PROFILE_FAULT "asm_exc_page_fault"
bool fl_profile_is_fault(const char *entry);
/* Readable name of an entry: "page fault", "munmap"; points into the name, or static. */
const char *fl_profile_title(const char *entry);
/* Fewer calls than this say nothing about the cost of a call: on another kernel the ticks fall
 * elsewhere. */
#define FL_PROFILE_CALLS_MIN 100
/* Repeats of a row that are profiled: two show that the numbers are exact, more would equal them.
 */
#define FL_PROFILED 2
#define FL_PROFILE_TEXT_MAX (16u << 20)

struct fl_profile_stack {
	char *stack;    /* "asm_exc_page_fault;exc_page_fault;handle_mm_fault" */
	uint64_t insns; /* in the last function only */
	uint64_t calls; /* of the last function; 0: an older plugin's, which did not count them */
};

struct fl_profile {
	uint64_t faults;       /* after fl_profile_keep(): how often that was entered */
	uint64_t faults_open;  /* of these, not followed to their end */
	uint64_t instructions; /* the sum of the stacks */
	uint64_t user, kernel; /* all of the window, in faults or not */
	struct fl_profile_stack *stacks;
	size_t n;
};

/*
 * 0, or -EPROTO with an empty *p if the profile is incomplete: each head line but faults_open is
 * there, and instructions is the sum.  Unknown head lines are ignored.  Release when done.
 */
int fl_profile_parse(struct fl_profile *p, const char *text, size_t len);
void fl_profile_release(struct fl_profile *p);
/*
 * The metric for what an entry executes: "fault_path", "path_munmap"; NULL: not a fault or a memory
 * system call.
 */
#define FL_PROFILE_METRICS 11
const char *fl_profile_metric(const char *entry, size_t len);
/* Puts them, and fault_path_count; nothing from a profile without calls. */
void fl_profile_put(struct fl_result *r, const struct fl_profile *p);

/*
 * Reduces the profile to what this function executed, whoever called it: stacks begin at it, and
 * faults is how often it was entered.  False, and nothing is left, if it is neither an entry nor
 * was asked for: then its callees are unknown.
 */
bool fl_profile_keep(struct fl_profile *p, const char *entry);
/* Does this stack begin at that entry? */
bool fl_profile_is_of(const struct fl_profile_stack *s, const char *entry);

struct fl_profile_function {
	const char *name; /* lives as long as the array */
	uint64_t self;
	uint64_t total; /* with what it called; recursion counts once */
};

/* All functions, by self, the largest first, then by name.  One allocation: free(3) ends it. */
struct fl_profile_function *fl_profile_functions(const struct fl_profile *p, size_t *n);

#endif
