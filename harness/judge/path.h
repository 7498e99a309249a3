/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_PATH_H
#define FL_JUDGE_PATH_H

#include "harness/collect/profile.h"
#include "harness/judge/verdict.h"

/*
 * Two profiles side by side: what the kernel executed in its page faults and in the
 * system calls that shape memory, by function, as whole numbers.  Ticks and other
 * tasks are not in it (guest/plugin/folded.h), so two boots of one kernel agree to
 * the last instruction.
 *
 * Two kernels differ in two ways.  A function that changed executes more in each call: `each`.  And
 * as ticks fall elsewhere on each kernel, some calls do slightly more or less, for example where a
 * free list runs empty: that is no property of the code, and over thousands of faults it is a
 * fraction of an instruction.
 */
struct fl_path_function {
	char *name;                  /* without a compiler's ".isra.0"; "old -> new": renamed */
	uint64_t insns[2], calls[2]; /* of A and B; nothing on one side: new, or gone */
	bool each;
};

struct fl_path_entry {
	char *name;         /* asm_exc_page_fault, __x64_sys_munmap */
	const char *metric; /* which says the same of one point: fault_path, path_munmap */
	uint64_t entries[2], insns[2];
	struct fl_path_function *functions; /* those that differ, what changes most first */
	size_t n, n_each;                   /* `each` come first */
	char *mix; /* how the faults of the sides, or their numbers, differ; or NULL */
};

struct fl_path {
	struct fl_path_entry *entries; /* that both sides had: the fault, then by name */
	size_t n;
};

/*
 * Entries and functions of both; empty where a profile has none, or none with calls.
 * Release when done.
 */
void fl_path_compare(struct fl_path *p, const struct fl_profile *a, const struct fl_profile *b);
void fl_path_release(struct fl_path *p);

/* Instructions of an entry; 0 where there was none. */
double fl_path_mean(const struct fl_path_entry *e, int side);
/* What B's entry executes more in this function. */
double fl_path_change(const struct fl_path_entry *e, const struct fl_path_function *f);
/* What one call of it executes more: 0 for one that is new or gone. */
double fl_path_change_of_call(const struct fl_path_function *f);
/* Is it the same to the last instruction? */
bool fl_path_equal(const struct fl_path_entry *e);

/*
 * Worse or better from a change by more than the threshold (a share of the path) on.  A change in
 * some calls only counts from FL_PATH_CHANCE on, whatever the threshold.  A different mix of faults
 * is a different state: it "differs".  System calls are few, and their work depends on the
 * program's pages: their threshold is FL_PATH_CALLS times as high, and changes in some calls only
 * do not count.
 */
#define FL_PATH_CHANCE 0.002
#define FL_PATH_CALLS 5
double fl_path_threshold(const struct fl_path_entry *e, double threshold);
enum fl_verdict fl_path_judge(const struct fl_path_entry *e, double threshold);

#endif
