/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_EXPERIMENT_CLAIM_H
#define FL_EXPERIMENT_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"
#include "harness/experiment/conditions.h"

/* How a value must stand to its bound: a number, or a multiple or a percentage of a reference. */
enum fl_claim_op { FL_AT_LEAST, FL_AT_MOST, FL_ABOVE, FL_BELOW, FL_EQUALS, FL_WITHIN };
extern const char *const fl_claim_op_names[]; /* ">=", "within", ... */

/*
 * [claim NAME]: what the table must show, as a condition on a metric of all the
 * rows that `of` selects.
 */
struct fl_claim {
	char *name, *about;
	unsigned int line; /* of its first key */
	char *metric;
	char *than; /* the reference's metric, where it is another; or NULL */
	struct fl_conditions of, against;
	bool has_against, has_holds;
	enum fl_claim_op op;
	double bound;
	bool relative; /* bound is a multiple of the reference (x), or for WITHIN a percentage */
	bool control;  /* a setting under which the effect must vanish */
	bool has_floor;
	double floor; /* the metric must lie above it to mean what it says; else the registry's */
};

/* [published NAME]: a figure that others measured, to stand beside ours. */
struct fl_published {
	char *name, *about; /* about: whose, on what */
	unsigned int line;
	char *metric;
	struct fl_conditions of;
	double value;
};

/* [explained NAME]: test cases that may differ from those of the first row, and why. */
struct fl_explained {
	char *name, *about; /* about: why */
	unsigned int line;
	char *cases; /* a pattern of glob(7) over the cases' names */
	char *says;  /* such a pattern over what the test says; NULL: any */
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

/* Is each whole?  Errors begin with FILE:LINE and name the key that is missing. */
int fl_claims_check(const struct fl_claims *c, const char *file, struct fl_error *err);

/* Those of an experiment file's text, as it is stored with a run; other sections are passed over.
 */
int fl_claims_parse(struct fl_claims *c, const char *text, struct fl_error *err);

void fl_claims_release(struct fl_claims *c);

#endif
