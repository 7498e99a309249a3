/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_TOUCHED_H
#define WORKLOAD_TOUCHED_H

/*
 * Remembers which pages and huge-page-sized regions of one mapping were touched, so that a loop in
 * any order knows whether an access is a first touch, and of a page or a region.
 */

#include <stddef.h>
#include <stdint.h>

#include "latency.h"

#define TOUCHED_PAGE ((size_t)4096)
#define TOUCHED_REGION ((size_t)2 << 20) /* of the machines we measure: x86-64 */

#define TOUCHED_AGAIN (-1)

struct touched {
	uintptr_t start;
	uintptr_t first_region;
	unsigned char *pages;
	unsigned char *regions;
};

/* For the mapping [start, start + len); its memory is faulted in here.  0 or -errno. */
int touched_init(struct touched *touched, const void *start, size_t len);
void touched_release(struct touched *touched);

/* LATENCY_REGION or LATENCY_BASE for a first touch, which is noted, else TOUCHED_AGAIN. */
static inline int touched_note(struct touched *touched, const volatile void *p)
{
	size_t page = ((uintptr_t)p - touched->start) / TOUCHED_PAGE;
	size_t region = (uintptr_t)p / TOUCHED_REGION - touched->first_region;

	if (touched->pages[page])
		return TOUCHED_AGAIN;
	touched->pages[page] = 1;
	if (touched->regions[region])
		return LATENCY_BASE;
	touched->regions[region] = 1;
	return LATENCY_REGION;
}

#endif
