/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_REPORT_ANSWER_SAID_H
#define FL_REPORT_ANSWER_SAID_H

#include "harness/judge/claims.h"

/* The answer in words: the sentences of [claim NAME] answer =, each as its claim was judged. */
struct fl_said {
	char *text;       /* malloc'd */
	const char *head; /* in front of it: "does not hold: ", "inconclusive: ", or "" */
	enum fl_claim_outcome outcome;
};

/* The sentence of one claim, with its numbers; malloc'd; NULL: it has none, or was not measured. */
char *fl_said_text(const struct fl_judged_claim *c);

/*
 * Those of all claims, malloc'd in *said; returns how many.  None at all if a control failed: then
 * this run answers nothing.
 */
size_t fl_said(struct fl_said **said, const struct fl_judged_claims *j);
void fl_said_release(struct fl_said *said, size_t n);

#endif
