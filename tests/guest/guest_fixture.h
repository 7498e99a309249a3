/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_GUEST_FIXTURE_H
#define TESTS_GUEST_FIXTURE_H

#include "harness/run/point.h"

/*
 * Boots the first kernel for every point of an experiment given as text
 * (repeat 1) and keeps the outcomes: what the guest tests judge.
 */
struct fixture {
	struct fl_experiment experiment;
	struct fl_plan plan;
	struct fl_outcome *outcomes; /* one a point of the plan, by number */
	char dir[64];
};

/* Asserts that the harness itself did not fail. */
void fixture_run(struct fixture *f, const char *ini);
void fixture_release(struct fixture *f);

/* Asserts that every point is ok. */
void fixture_expect_ok(const struct fixture *f);

/* A metric of a point (from 0); fails the test when it is absent. */
double fixture_metric(const struct fixture *f, size_t point, const char *name);
bool fixture_has(const struct fixture *f, size_t point, const char *name);

/* What a workload printed, and the guest's console; malloc'd. */
char *fixture_file(const struct fixture *f, size_t point, const char *name);

#endif
