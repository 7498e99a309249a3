/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_RANGE_H
#define WORKLOAD_RANGE_H

/*
 * A few huge-page-sized regions of anonymous memory with a record of what each page must hold: the
 * pattern of its number, zero, either, or nothing because it is no longer mapped.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pattern.h"

#define RANGE_REGION_PAGES 512u

enum range_page {
	RANGE_ZERO, /* never written, or given back */
	RANGE_FULL,
	RANGE_EITHER, /* MADV_FREE: as it was, or zero */
	RANGE_GONE,
};

enum range_order { RANGE_UP, RANGE_DOWN, RANGE_SCATTERED, RANGE_ORDERS };

struct range {
	unsigned char *map;
	size_t regions;
	uint8_t *pages;      /* enum range_page */
	uint8_t *generation; /* how often each was written, modulo 256: an older content is wrong */
	const struct pattern *pattern;
	const char *skip; /* set by what could not be done: why */
};

/* 0 or -errno. */
int range_open(struct range *r, size_t regions, const struct pattern *pattern);
void range_close(struct range *r);

/* A page's address, and how many there are. */
unsigned char *range_at(const struct range *r, size_t page);
size_t range_pages(const struct range *r);

/* Writes the patterns of n pages of a region, in an order. */
void range_touch(struct range *r, size_t region, unsigned int n, enum range_order order);
void range_write(struct range *r, size_t page);

/* Writes the pages not written yet, to see whether the range still works. */
void range_fill_up(struct range *r);

/* n pages from the first hold something else from now on; pages that were never written stay zero
 * with RANGE_EITHER. */
void range_expect(struct range *r, size_t first, size_t n, enum range_page what);

/*
 * Reads every page and returns the number of wrong ones.  The first one is reported on stdout after
 * `who`.
 */
size_t range_check(const struct range *r, const char *who);
size_t range_check_part(const struct range *r, size_t first, size_t n, const char *who);

#endif
