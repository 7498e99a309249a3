/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_DENSITY_MODEL_H
#define WORKLOAD_DENSITY_MODEL_H

/*
 * Which pages of a huge-page-sized region a child of fork-density touches, and
 * what it should cost: with huge pages the whole region, with base pages the
 * touched ones and the page-table page that maps them.
 */

#include <stdint.h>

#include "seed.h"

#define DENSITY_PAGES 512 /* of a region */

struct density_touch {
	unsigned int max; /* 1..512 pages, uniform from 1; one page when 1 */
	double fraction;  /* of the regions, the others are left alone */
};

/* "one" or "random[:MAX[:FRACTION]]"; random alone is up to 127, a mean of 64.  0 or -EINVAL. */
int density_touch_parse(const char *text, struct density_touch *touch);

/* The pages of one region in the order of touching; returns how many. */
unsigned int density_pages(const struct density_touch *touch, struct prng *random,
			   uint16_t order[DENSITY_PAGES]);

/* Bytes that a child costs on the mean. */
double density_cost_base(const struct density_touch *touch, uint64_t chunk);
double density_cost_huge(const struct density_touch *touch, uint64_t chunk);

#endif
