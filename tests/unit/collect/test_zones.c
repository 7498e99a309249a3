/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/collect/collectors.h"
#include "harness/collect/zones.h"

#define ZONE(node, name, free, count, present, managed)                                    \
	"Node " node ", zone   " name "\n  pages free     " free "\n        boost    0\n"  \
	"        spanned  999999\n        present  " present "\n        managed  " managed \
	"\n  pagesets\n    cpu: 0\n              count:    " count "\n              high: 9\n"

#define NORMAL ZONE("0", "Normal", "1000", "24", "4096", "4000")
#define EMPTY ZONE("1", "Movable", "0", "0", "0", "0")
#define PER_NODE                                          \
	"Node 0, zone      DMA\n  per-node stats\n"       \
	"      nr_inactive_anon 5\n  pages free     10\n" \
	"        present  20\n        managed  15\n"

static struct fl_zones read_zones(const char *text)
{
	struct fl_zones z;

	cr_assert_eq(fl_zones_parse(&z, text, strlen(text)), 0);
	return z;
}

static double value(const struct fl_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return r->values[i].value;
	return NAN;
}

Test(zones, read)
{
	struct fl_zones z = read_zones(PER_NODE NORMAL EMPTY);

	cr_assert_eq(z.n, 3);
	cr_expect_str_eq(z.v[0].name, "DMA");
	cr_expect_eq(z.v[0].free, 40);
	cr_expect_eq(z.v[1].free, 4096, "the lists of the CPUs count");
	cr_expect_eq(z.v[1].present, 4096 * 4);
	cr_expect_eq(z.v[1].managed, 4000 * 4);
	cr_expect_eq(z.v[2].node, 1);
	cr_expect_eq(fl_zones_free(&z), 4136);
	cr_expect_eq(fl_zones_managed(&z), 4 * 4015);
}

Test(zones, a_movable_one_is_not_the_kernels)
{
	struct fl_zones z = read_zones(NORMAL ZONE("1", "Movable", "500", "0", "512", "512"));

	cr_expect_eq(fl_zones_free(&z), 4096 + 2000);
	cr_expect_eq(fl_zones_kernel_free(&z), 4096);
}

Test(zones, anything_else)
{
	struct fl_zones z;
	char many[FL_ZONES_MAX * 64] = "";

	cr_expect_neq(fl_zones_parse(&z, "", 0), 0);
	cr_expect_neq(fl_zones_parse(&z, "pages free 7\npresent 9\n", 24), 0);
	cr_expect_neq(fl_zones_parse(&z, "Node 0, zone", 12), 0, "no end of line");
	for (int i = 0; i < FL_ZONES_MAX + 9; i++)
		strcat(many, "Node 0, zone Normal\n");
	cr_expect_eq(fl_zones_parse(&z, many, strlen(many)), 0);
	cr_expect_eq(z.n, FL_ZONES_MAX);
}

/* What belongs to a zone that has no room does not go to the last that has. */
Test(zones, more_than_there_is_room_for)
{
	static char many[FL_ZONES_MAX * sizeof(NORMAL) + 2 * sizeof(NORMAL)];
	struct fl_zones z;

	for (int i = 0; i < FL_ZONES_MAX + 1; i++)
		strcat(many, NORMAL);
	cr_assert_eq(fl_zones_parse(&z, many, strlen(many)), 0);
	cr_expect_eq(z.v[FL_ZONES_MAX - 1].free, 4096);
	cr_expect_eq(fl_zones_free(&z), FL_ZONES_MAX * 4096.0);
}

/* 32768 pages come; 512 of them hold the map. */
Test(zones, a_map_inside)
{
	struct fl_zones before = read_zones(NORMAL EMPTY);
	struct fl_zones added = read_zones(NORMAL EMPTY);
	struct fl_zones online =
		read_zones(NORMAL ZONE("1", "Movable", "32256", "0", "32768", "32256"));
	struct fl_result r = { 0 };

	fl_zones_compare(&before, &added, &online, &r);
	cr_expect_eq(value(&r, "free_before_online_delta"), 0);
	cr_expect_eq(value(&r, "memmap_in_new_memory"), 2048);
	cr_expect_eq(value(&r, "memmap_in_movable"), 2048);
	cr_expect_eq(value(&r, "memmap_node"), 1);
	fl_result_release(&r);
}

Test(zones, a_map_outside)
{
	struct fl_zones before = read_zones(NORMAL EMPTY);
	struct fl_zones added = read_zones(ZONE("0", "Normal", "488", "24", "4096", "4000") EMPTY);
	struct fl_zones online = read_zones(ZONE("0", "Normal", "488", "24", "4096", "4000") ZONE(
		"1", "Movable", "32768", "0", "32768", "32768"));
	struct fl_result r = { 0 };

	fl_zones_compare(&before, &added, &online, &r);
	cr_expect_eq(value(&r, "free_before_online_delta"), 2048);
	cr_expect_eq(value(&r, "memmap_in_new_memory"), 0);
	cr_expect_eq(value(&r, "memmap_node"), 0);
	fl_result_release(&r);
}

/* The kernel put it online by itself: what was free before that is not known. */
Test(zones, online_at_once)
{
	struct fl_zones before = read_zones(NORMAL EMPTY);
	struct fl_zones online =
		read_zones(NORMAL ZONE("1", "Movable", "32768", "0", "32768", "32768"));
	struct fl_zones none = { .n = 0 };
	struct fl_result r = { 0 };

	fl_zones_compare(&before, &online, &online, &r);
	fl_zones_compare(&before, &none, &online, &r);
	cr_expect(isnan(value(&r, "free_before_online_delta")));
	cr_expect(isnan(value(&r, "memmap_node")));
	cr_expect_eq(value(&r, "memmap_in_new_memory"), 0);
	fl_result_release(&r);
}

Test(zones, as_a_collector)
{
	static const char text[] = NORMAL ZONE("1", "Movable", "100", "0", "200", "200");
	const struct fl_collector *c = &fl_collect_zoneinfo;
	double v;

	cr_assert_eq(c->value(text, strlen(text), "", NULL, &v), 0);
	cr_expect_eq(v, 4496);
	cr_assert_eq(c->value(text, strlen(text), "1", NULL, &v), 0);
	cr_expect_eq(v, 400);
	cr_assert_eq(c->value(text, strlen(text), "Movable", NULL, &v), 0);
	cr_expect_eq(v, 400);
	cr_expect_neq(c->value(text, strlen(text), "2", NULL, &v), 0);
}
