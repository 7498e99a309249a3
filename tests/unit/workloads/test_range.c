// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <string.h>

#include "workloads/lib/interplay_random.h"
#include "workloads/lib/range.h"

static struct pattern pattern;

static struct range opened(void)
{
	struct range r = { 0 };

	pattern_init(&pattern, 7);
	cr_assert_eq(range_open(&r, 1, &pattern), 0);
	return r;
}

Test(workload_range, books_say_what_must_be_there)
{
	struct range r = opened();

	range_touch(&r, 0, 10, RANGE_SCATTERED);
	cr_expect_eq(range_check(&r, "test"), 0);
	memset(range_at(&r, 5), 0, 4096); /* the first scattered page */
	cr_expect_eq(range_check(&r, "test"), 1);
	range_expect(&r, 5, 1, RANGE_EITHER);
	cr_expect_eq(range_check(&r, "test"), 0, "zero will do");
	range_fill_up(&r);
	cr_expect_eq(range_check(&r, "test"), 0);
	range_close(&r);
}

Test(workload_range, an_older_content_is_wrong)
{
	struct range r = opened();
	unsigned char old[4096];

	range_write(&r, 3);
	memcpy(old, range_at(&r, 3), sizeof(old));
	range_write(&r, 3);
	cr_expect_eq(range_check_part(&r, 3, 1, "test"), 0);
	memcpy(range_at(&r, 3), old, sizeof(old));
	cr_expect_eq(range_check_part(&r, 3, 1, "test"), 1);
	cr_expect_eq(range_check_part(&r, 4, 500, "test"), 0);
	range_close(&r);
}

Test(workload_range, a_seed_draws_so_many_steps)
{
	struct interplay_limits limits = { .seed = 3, .steps = 150 };
	uint64_t steps = 0;

	pattern_init(&pattern, 3);
	cr_expect_eq(interplay_random(&limits, &pattern, &steps), CASE_OK);
	cr_expect_eq(steps, 150);
}
