/* SPDX-License-Identifier: GPL-2.0 */
/* Which pages are freed: a freed page of private memory reads as zeroes. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>

#include "workloads/lib/holes.h"

#define PAGE ((size_t)4096)
#define PAGES ((size_t)512)

static char *written(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	cr_assert_neq(p, MAP_FAILED);
	memset(p, 0xAA, PAGES * PAGE);
	return p;
}

/* Pages that are zero; freed[] says which. */
static size_t count_freed(const char *p, char freed[PAGES + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < PAGES; i++) {
		freed[i] = p[i * PAGE] ? '.' : 'o';
		n += !p[i * PAGE];
	}
	freed[PAGES] = '\0';
	return n;
}

Test(holes, every_even_page_is_freed)
{
	char *p = written(), freed[PAGES + 1];

	cr_assert_eq(holes_even(p, PAGES * PAGE), 0);
	cr_expect_eq(count_freed(p, freed), PAGES / 2);
	for (size_t i = 0; i < PAGES; i++)
		cr_expect_eq(freed[i], i % 2 ? '.' : 'o', "page %zu", i);
	munmap(p, PAGES * PAGE);
}

Test(holes, a_random_half_is_freed_and_repeats_with_the_seed)
{
	char first[PAGES + 1], again[PAGES + 1], other[PAGES + 1];
	char *const freed[] = { first, again, other };

	for (size_t i = 0; i < 3; i++) {
		struct drand48_data rand;
		char *p = written();
		size_t n;

		srand48_r(i < 2 ? 1 : 2, &rand);
		cr_assert_eq(holes_random(p, PAGES * PAGE, &rand), 0);
		n = count_freed(p, freed[i]);
		cr_expect(n > PAGES * 2 / 5 && n < PAGES * 3 / 5, "%zu of %zu", n, PAGES);
		munmap(p, PAGES * PAGE);
	}
	cr_expect_str_eq(first, again);
	cr_expect_str_neq(first, other);
}

Test(holes, what_cannot_be_freed_is_an_error)
{
	struct drand48_data rand;
	char *p = written();

	munmap(p, PAGES * PAGE);
	srand48_r(1, &rand);
	cr_expect_eq(holes_even(p, PAGES * PAGE), -1);
	cr_expect_eq(holes_random(p, PAGES * PAGE, &rand), -1);
}
