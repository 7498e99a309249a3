/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_CLAIMS_H
#define FL_JUDGE_CLAIMS_H

#include "harness/experiment/answer.h"
#include "harness/experiment/claim.h"
#include "harness/judge/summary.h"

/*
 * The claims of an experiment, checked against what a run measured.
 *
 * A claim holds if its condition is met in every row that it selects, for the
 * least favourable boot against the least favourable boot of the reference.
 * If some boots meet it and others do not, it is inconclusive.
 */
enum fl_claim_outcome {
	FL_CLAIM_HOLDS,
	FL_CLAIM_FAILS,
	FL_CLAIM_OPEN,       /* boots disagree, or a row has no value because its points failed */
	FL_CLAIM_UNMEASURED, /* no row, or its points were skipped or lost */
	FL_CLAIM_EMPTY,      /* the value is below the metric's floor and means something else */
	FL_CLAIM_OUTCOMES,
};

extern const char *const fl_claim_outcome_names[]; /* "holds", "does not hold", ... */

/* One row against its bound. */
struct fl_claim_case {
	const struct fl_row *row;
	struct fl_spread value, reference; /* reference.n is 0 for a plain number */
	const char *unit;
	enum fl_claim_outcome outcome;
	double floor;  /* that it did not reach; 0: none */
	double margin; /* distance to the bound, relative to it; negative: missed */
};

struct fl_judged_claim {
	const struct fl_claim *claim;
	enum fl_claim_outcome outcome;
	struct fl_claim_case worst; /* row is NULL when unmeasured */
	size_t n;                   /* rows that were measured */
	/* A row without a value because its points failed (other than out of memory, which an
	 * experiment may look for); NULL: none.  Without it the claim would hold. */
	const struct fl_stored_point *lost;
	const struct fl_row *lost_row;
};

struct fl_judged_published {
	const struct fl_published *published;
	const struct fl_row *row; /* NULL: not measured */
	struct fl_spread value;
	const char *unit;
};

struct fl_judged_claims {
	struct fl_claims claims;
	struct fl_judged_claim *judged;
	struct fl_judged_published *published;
};

/* Does every claim name an existing metric, or one of the experiment's own?  FL_USAGE with the
 * section. */
int fl_claims_metrics(const struct fl_claims *c, const struct fl_own_metrics *own, const char *file,
		      struct fl_error *err);

/* The same for the columns of an experiment's answer. */
int fl_answer_metrics(const struct fl_answer *a, const struct fl_own_metrics *own, const char *file,
		      struct fl_error *err);

/* Of a stored run; s must outlive the result. */
int fl_judge_claims(struct fl_judged_claims *j, const struct fl_summary *s, struct fl_error *err);
void fl_judged_claims_release(struct fl_judged_claims *j);

/* Did a control fail, or could one not have failed?  Then the run says nothing. */
bool fl_judged_claims_void(const struct fl_judged_claims *j);

/* How many controls, or other claims, have that outcome. */
size_t fl_judged_claims_count(const struct fl_judged_claims *j, enum fl_claim_outcome outcome,
			      bool control);

#endif
