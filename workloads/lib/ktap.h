/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_KTAP_H
#define WORKLOAD_KTAP_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Results of test cases as lines of KTAP (Documentation/dev-tools/ktap.rst):
 *
 *	# [RUN] what is tried
 *	ok 1 name
 *	not ok 2 name # why
 *	ok 3 name # SKIP why
 *
 * and what the kernel's older selftests print instead, made into the same.
 */
enum ktap_outcome { KTAP_PASS, KTAP_FAIL, KTAP_SKIP };

/* Writes results.  All zero but for `out` is a good start. */
struct ktap {
	FILE *out;
	unsigned int number; /* of the last result */
	unsigned int counts[3];
	/* Of a test that prints no KTAP: the case whose lines are being read. */
	char open[160];
	enum ktap_outcome so_far;
	bool own; /* it numbers its results itself */
};

/* Is this case among those that were named?  All are, if none was. */
bool ktap_wanted(const char *name, int n, char **names);

/* One result.  why may be NULL. */
void ktap_result(struct ktap *k, enum ktap_outcome outcome, const char *name, const char *why);

/*
 * One line of a selftest's output, without its newline: KTAP and what says nothing of a case are
 * passed on; khugepaged's ("Run test: NAME", then steps that end in OK, Fail or Skip) and
 * uffd-unit-tests' ("Testing NAME... done") become results.
 */
void ktap_line(struct ktap *k, const char *line);

/* The case that is open, if any, is over. */
void ktap_close(struct ktap *k);

/* "cases_passed N" and so on. */
void ktap_summary(const struct ktap *k);

#endif
