// SPDX-License-Identifier: GPL-2.0
#include "range.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "aligned.h"

int range_open(struct range *r, size_t regions, const struct pattern *pattern)
{
	r->regions = regions;
	r->pattern = pattern;
	r->map = aligned_map(regions * ALIGNED_REGION, "range");
	r->pages = calloc(range_pages(r), 1);
	r->generation = calloc(range_pages(r), 1);
	if (r->map && r->pages && r->generation)
		return 0;
	range_close(r);
	return -ENOMEM;
}

void range_close(struct range *r)
{
	if (r->map)
		aligned_unmap(r->map, r->regions * ALIGNED_REGION);
	free(r->pages);
	free(r->generation);
}

size_t range_pages(const struct range *r)
{
	return r->regions * RANGE_REGION_PAGES;
}

unsigned char *range_at(const struct range *r, size_t page)
{
	return r->map + page * ALIGNED_PAGE;
}

void range_write(struct range *r, size_t page)
{
	r->generation[page]++;
	pattern_fill(r->pattern, range_at(r, page), page * ALIGNED_PAGE, r->generation[page]);
	r->pages[page] = RANGE_FULL;
}

static size_t place(size_t i, enum range_order order)
{
	switch (order) {
	case RANGE_UP:
		return i;
	case RANGE_DOWN:
		return RANGE_REGION_PAGES - 1 - i;
	default:
		return (i * 197 + 5) % RANGE_REGION_PAGES; /* 197 is odd: each page once */
	}
}

void range_touch(struct range *r, size_t region, unsigned int n, enum range_order order)
{
	for (size_t i = 0; i < n; i++)
		range_write(r, region * RANGE_REGION_PAGES + place(i, order));
}

void range_fill_up(struct range *r)
{
	for (size_t i = 0; i < range_pages(r); i++)
		if (r->pages[i] == RANGE_ZERO || r->pages[i] == RANGE_EITHER)
			range_write(r, i);
}

void range_expect(struct range *r, size_t first, size_t n, enum range_page what)
{
	for (size_t i = first; i < first + n; i++)
		if (what != RANGE_EITHER || r->pages[i] == RANGE_FULL)
			r->pages[i] = (uint8_t)what;
}

static bool is_zero(const unsigned char *page)
{
	return !*page && !memcmp(page, page + 1, ALIGNED_PAGE - 1);
}

static bool page_good(const struct range *r, size_t page, struct pattern_verdict *v)
{
	const unsigned char *at = range_at(r, page);

	switch (r->pages[page]) {
	case RANGE_GONE:
		return true;
	case RANGE_ZERO:
		*v = (struct pattern_verdict){ .kind = PATTERN_GARBAGE };
		return is_zero(at);
	case RANGE_EITHER:
		if (is_zero(at))
			return true;
		break;
	default:
		break;
	}
	return pattern_check(r->pattern, at, page * ALIGNED_PAGE, r->generation[page], v) ==
	       PATTERN_INTACT;
}

size_t range_check(const struct range *r, const char *who)
{
	return range_check_part(r, 0, range_pages(r), who);
}

size_t range_check_part(const struct range *r, size_t first, size_t n, const char *who)
{
	size_t bad = 0;

	for (size_t i = first; i < first + n; i++) {
		struct pattern_verdict v;

		if (page_good(r, i, &v))
			continue;
		if (!bad++)
			printf("corrupt %s: page %zu at %p, wanted %s, found %s at byte %zu\n", who,
			       i, (void *)range_at(r, i),
			       r->pages[i] == RANGE_ZERO ? "zero" : "its pattern",
			       pattern_name(v.kind), v.offset);
	}
	return bad;
}
