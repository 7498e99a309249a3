/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_INTERPLAY_CASES_H
#define WORKLOAD_INTERPLAY_CASES_H

#include "range.h"

enum case_result {
	CASE_OK,
	CASE_FAILED,  /* a call that must work did not; said on stdout */
	CASE_CORRUPT, /* found by the case itself; said on stdout */
	CASE_SKIP,    /* this kernel or machine does not have it */
};

/*
 * Something that happens to memory.  It gets three regions, of which it may change the middle one
 * as it likes; it keeps the books, and the caller checks all pages, fills them up and checks again.
 */
struct interplay_case {
	const char *name, *about;
	enum case_result (*fn)(struct range *r);
	bool machine; /* it takes something away from the whole machine for a moment */
};

/* Ends with an entry without a name. */
extern const struct interplay_case interplay_cases[];

#endif
