/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_INTERPLAY_RANDOM_H
#define WORKLOAD_INTERPLAY_RANDOM_H

/*
 * Many things happen to several ranges, one after another, drawn by a seed: the same seed draws
 * the same things of the same pages.  What each thing did is checked at once, now and then all.
 */

#include <stdint.h>

#include "interplay_cases.h"

struct interplay_limits {
	uint64_t seed;
	uint64_t steps;   /* 0: no limit */
	uint64_t seconds; /* 0: no limit; one of them must be set */
};

/*
 * CASE_CORRUPT and CASE_FAILED are told on stdout, with the steps that led to it.  *steps: how
 * many were done.
 */
enum case_result interplay_random(const struct interplay_limits *limits,
				  const struct pattern *pattern, uint64_t *steps);

#endif
