/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/zones.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PAGE_KIB 4

/* "Node 0, zone   Normal", "  pages free     4000", "        present  5000", "   count: 63" */
static void take_line(struct fl_zones *z, const char *line)
{
	struct fl_zone *zone = z->n ? &z->v[z->n - 1] : NULL;
	struct fl_zone new = { 0 };
	unsigned long long n;

	if (sscanf(line, "Node %u, zone %15s", &new.node, new.name) == 2) {
		z->full = z->n == FL_ZONES_MAX;
		if (!z->full)
			z->v[z->n++] = new;
		return;
	}
	if (!zone || z->full)
		return;
	if (sscanf(line, " pages free %llu", &n) == 1 || sscanf(line, " count: %llu", &n) == 1)
		zone->free += (double)n * PAGE_KIB;
	else if (sscanf(line, " present %llu", &n) == 1)
		zone->present = (double)n * PAGE_KIB;
	else if (sscanf(line, " managed %llu", &n) == 1)
		zone->managed = (double)n * PAGE_KIB;
}

int fl_zones_parse(struct fl_zones *z, const char *text, size_t len)
{
	const char *line = text, *end = text + len;

	z->n = 0;
	z->full = false;
	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		char one[64];

		if (!stop)
			break;
		snprintf(one, sizeof(one), "%.*s", (int)(stop - line < 63 ? stop - line : 63),
			 line);
		take_line(z, one);
		line = stop + 1;
	}
	return z->n ? 0 : -EINVAL;
}

double fl_zones_free(const struct fl_zones *z)
{
	double kib = 0;

	for (size_t i = 0; i < z->n; i++)
		kib += z->v[i].free;
	return kib;
}

double fl_zones_kernel_free(const struct fl_zones *z)
{
	double kib = 0;

	for (size_t i = 0; i < z->n; i++)
		kib += strcmp(z->v[i].name, "Movable") ? z->v[i].free : 0;
	return kib;
}

double fl_zones_managed(const struct fl_zones *z)
{
	double kib = 0;

	for (size_t i = 0; i < z->n; i++)
		kib += z->v[i].managed;
	return kib;
}

/* A zone that did not exist had nothing. */
static struct fl_zone same_zone(const struct fl_zones *z, const struct fl_zone *as)
{
	for (size_t i = 0; i < z->n; i++)
		if (z->v[i].node == as->node && !strcmp(z->v[i].name, as->name))
			return z->v[i];
	return (struct fl_zone){ .node = as->node };
}

/* The node that lost most to the memmap: of its own new memory, or else of its free memory. */
static int node_of_map(const struct fl_zones *from, const struct fl_zones *to, bool inside)
{
	double lost[64] = { 0 };
	int most = 0;

	for (size_t i = 0; i < to->n; i++) {
		const struct fl_zone *b = &to->v[i];
		struct fl_zone a = same_zone(from, b);

		if (b->node < 64)
			lost[b->node] +=
				inside ? (b->present - b->managed) - (a.present - a.managed)
				       : a.free - b->free;
	}
	for (int i = 1; i < 64; i++)
		most = lost[i] > lost[most] ? i : most;
	return most;
}

void fl_zones_compare(const struct fl_zones *before, const struct fl_zones *added,
		      const struct fl_zones *online, struct fl_result *r)
{
	bool offline = added->n && fl_zones_managed(before) == fl_zones_managed(added);
	double inside = 0, movable = 0;

	for (size_t i = 0; i < online->n; i++) {
		const struct fl_zone *b = &online->v[i];
		struct fl_zone a = same_zone(before, b);
		double kib = (b->present - b->managed) - (a.present - a.managed);

		inside += kib;
		movable += strcmp(b->name, "Movable") ? 0 : kib;
	}
	if (offline)
		fl_result_put(r, "free_before_online_delta",
			      fl_zones_free(before) - fl_zones_free(added), FL_UNIT_KIB);
	fl_result_put(r, "memmap_in_new_memory", inside, FL_UNIT_KIB);
	fl_result_put(r, "memmap_in_movable", movable, FL_UNIT_KIB);
	if (inside > 0)
		fl_result_put(r, "memmap_node", node_of_map(before, online, true), FL_UNIT_COUNT);
	else if (offline)
		fl_result_put(r, "memmap_node", node_of_map(before, added, false), FL_UNIT_COUNT);
}
