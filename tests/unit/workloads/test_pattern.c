// SPDX-License-Identifier: GPL-2.0
#include <criterion/criterion.h>
#include <string.h>

#include "workloads/lib/pattern.h"

#define HERE 0x7f1234567000u
#define ELSEWHERE 0x7f1234568000u

static struct pattern pattern;
static uint64_t page[PATTERN_WORDS], other[PATTERN_WORDS];
static struct pattern_verdict v;

static void fill(void)
{
	pattern_init(&pattern, 11);
	pattern_fill(&pattern, page, HERE, 3);
}

TestSuite(workload_pattern, .init = fill);

Test(workload_pattern, what_was_written_is_intact)
{
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_INTACT);
	cr_assert_eq(v.wrong_words, 0);
}

Test(workload_pattern, differs_by_address_generation_and_seed)
{
	struct pattern second;

	pattern_fill(&pattern, other, ELSEWHERE, 3);
	for (size_t i = 0; i < PATTERN_WORDS; i++)
		cr_assert_neq(page[i], other[i]);
	pattern_fill(&pattern, other, HERE, 4);
	for (size_t i = 0; i < PATTERN_WORDS; i++)
		cr_assert_neq(page[i], other[i]);
	pattern_init(&second, 12);
	pattern_fill(&second, other, HERE, 3);
	cr_assert_neq(memcmp(page, other, sizeof(page)), 0);
}

Test(workload_pattern, a_lost_page_is_zeroed)
{
	memset(page, 0, sizeof(page));
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_ZEROED);
	cr_assert_eq(v.wrong_words, PATTERN_WORDS);
	cr_assert_eq(v.offset, 0);
}

Test(workload_pattern, an_old_page_is_stale_and_dated)
{
	pattern_fill(&pattern, page, HERE, 2);
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_STALE);
	cr_assert_eq(v.generation, 2);
	cr_assert_eq(v.address, HERE);
}

Test(workload_pattern, a_foreign_page_is_named)
{
	pattern_fill(&pattern, page, ELSEWHERE, 9);
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_FOREIGN);
	cr_assert_eq(v.address, ELSEWHERE);
	cr_assert_eq(v.generation, 9);
}

Test(workload_pattern, one_word_is_found)
{
	page[100] = 0;
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_ZEROED);
	cr_assert_eq(v.wrong_words, 1);
	cr_assert_eq(v.offset, 800);
	cr_assert_eq(v.found, 0);
	cr_assert_neq(v.expected, 0);
}

Test(workload_pattern, every_single_bit_is_found)
{
	for (int bit = 0; bit < 64; bit++) {
		fill();
		page[511] ^= (uint64_t)1 << bit;
		cr_assert_neq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_INTACT);
		cr_assert_eq(v.offset, 511 * 8);
	}
}

Test(workload_pattern, mixed_damage_is_garbage)
{
	page[1] = 0;
	page[2] = 0x5555555555555555;
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_GARBAGE);
	cr_assert_eq(v.wrong_words, 2);
}

Test(workload_pattern, half_of_another_page_is_foreign)
{
	pattern_fill(&pattern, other, ELSEWHERE, 3);
	memcpy(page + 256, other + 256, 2048);
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_FOREIGN);
	cr_assert_eq(v.wrong_words, 256);
	cr_assert_eq(v.offset, 2048);
	cr_assert_eq(v.address, ELSEWHERE);
}

Test(workload_pattern, generations_wrap)
{
	pattern_fill(&pattern, page, HERE, PATTERN_GENERATIONS + 1);
	cr_assert_eq(pattern_check(&pattern, page, HERE, 1, &v), PATTERN_INTACT);
}

Test(workload_pattern, highest_user_address)
{
	pattern_fill(&pattern, page, 0x7fffffffe000, 5);
	cr_assert_eq(pattern_check(&pattern, page, HERE, 3, &v), PATTERN_FOREIGN);
	cr_assert_eq(v.address, 0x7fffffffe000);
}
