// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <string.h>

#include "workloads/lib/damage.h"

#define HERE 0x7f1234567000u
#define ELSEWHERE 0x7f1234568000u

static struct pattern pattern;
static uint64_t page[PATTERN_WORDS];
static struct pattern_verdict v;

static void fill(void)
{
	pattern_init(&pattern, 5);
	pattern_fill(&pattern, page, HERE, 3);
}

static const char *name(void)
{
	cr_assert_neq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_INTACT);
	return damage_name(&v);
}

TestSuite(workload_damage, .init = fill);

Test(workload_damage, whole_pages_have_their_kind)
{
	memset(page, 0, sizeof(page));
	cr_expect_str_eq(name(), "lost");
	pattern_fill(&pattern, page, HERE, 2);
	cr_expect_str_eq(name(), "stale");
	pattern_fill(&pattern, page, ELSEWHERE, 3);
	cr_expect_str_eq(name(), "foreign");
	memset(page, 0xff, sizeof(page));
	page[0] = 1;
	cr_expect_str_eq(name(), "garbage");
}

Test(workload_damage, pages_partly_right_are_torn)
{
	memset(page, 0, sizeof(page) - 8);
	cr_expect_str_eq(name(), "torn");
	fill();
	page[7] ^= 1;
	cr_expect_str_eq(name(), "torn");
}

/* A new page of which the first word was written: zero otherwise, or somebody left something. */
static bool fresh(void)
{
	uint64_t wanted[PATTERN_WORDS];

	pattern_fill(&pattern, wanted, HERE, 4);
	page[0] = wanted[0];
	pattern_check(&pattern, page, HERE, 4, &v);
	return damage_fresh(&v);
}

Test(workload_damage, a_new_page_is_zero)
{
	memset(page, 0, sizeof(page));
	cr_expect(fresh());
	page[511] = 1;
	cr_expect_not(fresh());
}

Test(workload_damage, a_page_that_was_not_freed_is_not_new)
{
	cr_expect_not(fresh());
	cr_expect_eq(v.kind, PATTERN_STALE);
	pattern_fill(&pattern, page, ELSEWHERE, 1);
	cr_expect_not(fresh());
	cr_expect_eq(v.kind, PATTERN_FOREIGN);
}
