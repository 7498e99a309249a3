/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_PROFILE_H
#define FL_REPORT_PROFILE_H

#include <stdio.h>

#include "harness/judge/comparison.h"

/*
 * What an entry (NULL: the page fault; "munmap" is __x64_sys_munmap) of one point executes, by
 * function, instructions a call.  -1 (FL_USAGE): it has none.
 */
int fl_show_profile(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		    const char *entry, struct fl_error *err);

/* The differences by function of every pair that has profiles, instructions a fault. */
int fl_compare_profile(FILE *out, const struct fl_comparison *c, struct fl_store *store,
		       const char *entry, struct fl_error *err);

/* An SVG of the stacks, widths by instructions, callers above what they call. */
void fl_flame(FILE *out, const struct fl_profile *p, const char *title);
/* The same held against another profile: colours by the change, a line as wide as it is there. */
void fl_flame_against(FILE *out, const struct fl_profile *p, const char *title,
		      const struct fl_profile *base, const char *against);

/* Figures of a page: of each workload the setting whose faults differ most from the reference's,
 * against it; and so of the entries that it asks for, at most FL_FLAME_ENTRIES.  *drawn: how many.
 * 0 or -1. */
#define FL_FLAME_ENTRIES 3
int fl_flames(FILE *out, unsigned int *drawn, const struct fl_summary *s, struct fl_store *store,
	      struct fl_error *err);

/* The profile of a row: that of its first point which has one; p->n is 0 for none. */
int fl_row_profile(struct fl_profile *p, const struct fl_summary *s, const struct fl_row *row,
		   struct fl_store *store, struct fl_error *err);
/* The entries, besides the page fault, that the row's experiment asked for: their callees are told.
 * What executes most comes first. */
int fl_row_entries(struct fl_strv *entries, const struct fl_summary *s, const struct fl_row *row,
		   struct fl_store *store, struct fl_error *err);
/* The same of another entry; "munmap" is __x64_sys_munmap. */
int fl_row_entry(struct fl_profile *p, const struct fl_summary *s, const struct fl_row *row,
		 const char *entry, struct fl_store *store, struct fl_error *err);

#endif
