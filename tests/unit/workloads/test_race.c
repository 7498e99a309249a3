/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

#include "workloads/lib/race.h"

static enum race_outcome do_nothing(struct race_part *p)
{
	(void)p;
	return RACE_DONE;
}

static enum race_outcome wipe(struct race_part *p)
{
	memset(race_page(p, p->first), 0, race_len(p));
	return RACE_DONE;
}

/* All but its last page. */
static enum race_outcome stamp_most(struct race_part *p)
{
	for (size_t i = 0; i + 1 < p->n; i++)
		race_stamp(p, p->first + i, race_page(p, p->first + i));
	return RACE_DONE;
}

static enum race_outcome stamp_neighbour(struct race_part *p)
{
	size_t page = p->first ? p->first - 1 : p->first + p->n;

	race_stamp(p, page, race_page(p, page));
	return RACE_DONE;
}

static enum race_outcome see_a_foreign_page(struct race_part *p)
{
	return race_see(p, p->first, race_page(p, (p->first + 1) % RACE_PAGES));
}

static enum race_outcome lack(struct race_part *p)
{
	return race_skip(p, "no such thing");
}

static const struct race_op idle = { .name = "idle", .effect = RACE_KEEPS, .fn = do_nothing },
			    lazy = { .name = "lazy", .effect = RACE_ZEROES, .fn = do_nothing },
			    wiper = { .name = "wiper", .effect = RACE_ZEROES, .fn = wipe },
			    eraser = { .name = "eraser", .effect = RACE_KEEPS, .fn = wipe },
			    maybe = { .name = "maybe", .effect = RACE_MAY_ZERO, .fn = wipe },
			    hasty = { .name = "hasty", .effect = RACE_WRITES, .fn = stamp_most },
			    stray = { .name = "stray",
				      .effect = RACE_KEEPS,
				      .flags = RACE_ALONE,
				      .fn = stamp_neighbour },
			    mixed = { .name = "mixed",
				      .effect = RACE_KEEPS,
				      .fn = see_a_foreign_page },
			    absent = { .name = "absent", .effect = RACE_KEEPS, .fn = lack };

static struct race_count hunt(const struct race_op *a, const struct race_op *b,
			      unsigned int touched)
{
	struct race_limits limits = { .seed = 1, .rounds = 20, .tasks = 2, .touched = touched };
	struct race_count count;
	struct race *race;

	cr_assert_eq(race_open(&race, &limits), 0);
	race_hunt(race, a, b, 0, &count);
	race_close(race);
	return count;
}

static void expect_found(const struct race_op *op, unsigned int touched, const char *words)
{
	struct race_count c = hunt(op, &idle, touched);

	cr_expect_gt(c.violations, 0, "%s", op->name);
	cr_expect(strstr(c.first, words), "%s: %s", op->name, c.first);
}

Test(race, a_promise_that_is_kept_is_none_broken)
{
	cr_expect_eq(hunt(&idle, &idle, 512).violations, 0);
	cr_expect_eq(hunt(&wiper, &idle, 512).violations, 0);
	cr_expect_eq(hunt(&maybe, &idle, 512).violations, 0);
	cr_expect_eq(hunt(&wiper, &maybe, 300).violations, 0);
	cr_expect_eq(hunt(race_find("write"), &wiper, 0).violations, 0);
	cr_expect_eq(hunt(race_find("write"), race_find("write"), 63).violations, 0);
	cr_expect_eq(hunt(race_find("write"), race_find("read"), 0).violations, 0);
}

Test(race, a_broken_promise_is_found)
{
	expect_found(&lazy, 512, "read its old contents");
	expect_found(&lazy, 512, "promised zero");
	expect_found(&eraser, 512, "read zero (0x0000000000000000), promised its old contents");
	expect_found(&hasty, 512, "promised what task 0 wrote");
	expect_found(&stray, 512, "read what task 0 wrote");
	expect_found(&mixed, 512, "mixed (task 0): page ");
	expect_found(&mixed, 512, "nobody wrote there in this round");
}

/* Two that wrote the same pages: either may be last, but nothing else. */
Test(race, orders_are_open_and_contents_are_not)
{
	struct race_count c = hunt(race_find("write"), &lazy, 512);

	cr_expect_gt(c.violations, 0);
	c = hunt(&maybe, race_find("write"), 512);
	cr_expect_eq(c.violations, 0, "%s", c.first);
}

Test(race, what_cannot_be_had_is_skipped_with_its_reason)
{
	struct race_count c = hunt(&idle, &absent, 512);

	cr_expect_eq(c.rounds, 0);
	cr_expect_eq(c.violations, 0);
	cr_expect_str_eq(c.skip, "no such thing");
}

Test(race, rounds_are_counted)
{
	struct race_count c = hunt(&idle, race_find("write"), 1);

	cr_expect_eq(c.rounds, 20);
	cr_expect_eq(c.operations, 40);
	cr_expect_leq(c.met, 20);
}

Test(race, every_operation_is_named_once_and_promises_something)
{
	size_t n = 0;

	for (const struct race_op *op = race_ops; op->name; op++, n++) {
		cr_expect_eq(race_find(op->name), op, "%s", op->name);
		cr_expect(op->promise && *op->promise && op->fn, "%s", op->name);
	}
	cr_expect_geq(n, 30);
	cr_expect_null(race_find("no-such"));
}
