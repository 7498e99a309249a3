/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_COLLECT_ZONES_H
#define FL_COLLECT_ZONES_H

#include <stddef.h>

#include "harness/collect/collect.h"

/*
 * /proc/zoneinfo, zone by zone, in KiB.  free counts what lies in the lists of
 * the CPUs too.  What is present and not managed is memory that the kernel set
 * aside for itself for good: a memory map that lies in its own memory is.
 */
struct fl_zone {
	unsigned int node;
	char name[16];
	double free, present, managed;
};

#define FL_ZONES_MAX 96

struct fl_zones {
	struct fl_zone v[FL_ZONES_MAX];
	size_t n;  /* 0: not read */
	bool full; /* the lines being read belong to a zone that does not fit */
};

/* 0, or -EINVAL: no zone in it.  Fuzzed: text may be anything. */
int fl_zones_parse(struct fl_zones *z, const char *text, size_t len);

double fl_zones_free(const struct fl_zones *z);
/* Of that, what the kernel can use for itself: zones Movable are for pages that can be moved. */
double fl_zones_kernel_free(const struct fl_zones *z);
/* What MemTotal counts. */
double fl_zones_managed(const struct fl_zones *z);

/*
 * What adding memory did: before it, when the guest had taken it, and when it
 * was all online -> free_before_online_delta (unless the kernel put it online
 * by itself), memmap_in_new_memory, memmap_in_movable, memmap_node.
 */
void fl_zones_compare(const struct fl_zones *before, const struct fl_zones *added,
		      const struct fl_zones *online, struct fl_result *r);

#endif
