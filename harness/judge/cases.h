/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_CASES_H
#define FL_JUDGE_CASES_H

#include "harness/experiment/claim.h"
#include "harness/store/store.h"

struct fl_row;
struct fl_summary;

/* Cases of a point, sorted by name, as the store gives them. */
struct fl_case_list {
	struct fl_case *v;
	size_t n;
};

/*
 * Finds the same case in another point: by name, else by number, since names may contain measured
 * values and a skipped case may have none.  NULL: it is gone.
 */
const struct fl_case *fl_case_partner(const struct fl_case_list *own,
				      const struct fl_case_list *others, const struct fl_case *c);

/* A test case whose outcome differs from the first measured point of its workload. */
struct fl_case_change {
	const struct fl_row *row;
	char name[160], detail[120]; /* detail: of the point, or of the first where it is gone */
	enum fl_case_outcome was, is;
	bool was_there;                 /* else the first point had no such case */
	const struct fl_explained *why; /* NULL: the experiment does not say */
};

struct fl_case_changes {
	struct fl_case_change *v; /* in the order of rows; each case of a row once */
	size_t n;
	struct fl_claims claims; /* what `why` points into */
	bool any;                /* the run has test cases */
};

/*
 * Compares each point's test cases with those of the first good point of its
 * workload, and puts cases_changed and cases_unexplained among the point's
 * metrics.  Part of fl_summary_read().
 */
int fl_case_changes_read(struct fl_case_changes *c, struct fl_summary *s, struct fl_store *store,
			 struct fl_error *err);
void fl_case_changes_release(struct fl_case_changes *c);

#endif
