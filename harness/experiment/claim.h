/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_CLAIM_H
#define FL_EXPERIMENT_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"
#include "harness/experiment/conditions.h"

/* How a value must compare with its bound: a number, or a multiple or percentage of a reference. */
enum fl_claim_op { FL_AT_LEAST, FL_AT_MOST, FL_ABOVE, FL_BELOW, FL_EQUALS, FL_WITHIN };
extern const char *const fl_claim_op_names[]; /* ">=", "within", ... */

/* [claim NAME]: an expected result, as a condition on a metric in all rows that `of` selects. */
struct fl_claim {
	char *name, *about;
	char *answer;      /* to the question, if it passes; or NULL */
	unsigned int line; /* of its first key */
	char *metric;
	char *than; /* metric of the reference if it is another one; or NULL */
	struct fl_conditions of, against;
	bool has_against, has_holds;
	enum fl_claim_op op;
	double bound;
	bool relative; /* bound is a multiple of the reference (x), or for WITHIN a percentage */
	bool control;  /* a setting with which the effect must vanish */
	bool has_floor;
	double floor; /* the metric is meaningful only above this; else the registry's floor */
};

/* [published NAME]: a number measured by others, shown beside ours. */
struct fl_published {
	char *name, *about; /* about: whose number, on what machine */
	unsigned int line;
	char *metric;
	struct fl_conditions of;
	bool has_value;
	double value;
};

/* [explained NAME]: test cases whose outcome may differ from the first row's, and why. */
struct fl_explained {
	char *name, *about; /* about: why */
	unsigned int line;
	char *cases; /* a pattern of glob(7) over the cases' names */
	char *says;  /* such a pattern on the test's output; NULL: any */
	char *is;    /* outcome that they may have: pass, fail, skip, gone; NULL: any */
	struct fl_conditions of;
};

struct fl_claims {
	struct fl_claim *claims;
	size_t n_claims;
	struct fl_published *published;
	size_t n_published;
	struct fl_explained *explained;
	size_t n_explained;
};

/* Is it [claim NAME], [published NAME] or [explained NAME]? */
bool fl_claims_section(const char *section);

/* A key of such a section. */
int fl_claims_take(struct fl_claims *c, const char *section, const char *key, const char *value,
		   unsigned int line, struct fl_error *err);

/* Is each complete?  Errors begin with FILE:LINE and name the missing key. */
int fl_claims_check(const struct fl_claims *c, const char *file, struct fl_error *err);

/* Reads them from an experiment file's text, as stored with a run; other sections are ignored. */
int fl_claims_parse(struct fl_claims *c, const char *text, struct fl_error *err);

void fl_claims_release(struct fl_claims *c);

#endif
