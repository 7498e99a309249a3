// SPDX-License-Identifier: GPL-2.0
/* Operations of races that only look, and must see what is there. */
#include "race.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory_of.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_SWAPPED (UINT64_C(1) << 62)

/* Of Linux 6.7; older headers do not have it. */
#ifndef PAGEMAP_SCAN
struct page_region {
	uint64_t start, end, categories;
};
struct pm_scan_arg {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define PAGEMAP_SCAN _IOWR('f', 16, struct pm_scan_arg)
#define PAGE_IS_PRESENT (1 << 3)
#define PAGE_IS_SWAPPED (1 << 4)
#endif

static bool ready(struct race_part *p)
{
	if (p->pagemap < 0)
		p->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	return p->pagemap >= 0;
}

static enum race_outcome not_there(struct race_part *p, const char *who, size_t page)
{
	return race_broken(p, "%s says that page %zu, which was written, is not there", who, page);
}

bool race_there(struct race_part *p, const void *at)
{
	off_t where = (off_t)((uintptr_t)at / ALIGNED_PAGE * sizeof(uint64_t));
	uint64_t entry = 0;

	return ready(p) && pread(p->pagemap, &entry, sizeof(entry), where) == sizeof(entry) &&
	       entry & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED);
}

enum race_outcome race_pagemap(struct race_part *p)
{
	off_t at = (off_t)((uintptr_t)race_page(p, p->first) / ALIGNED_PAGE * sizeof(uint64_t));
	uint64_t entries[RACE_PAGES];
	size_t len = p->n * sizeof(entries[0]);

	if (!ready(p))
		return race_skip(p, "no /proc/self/pagemap");
	if (pread(p->pagemap, entries, len, at) != (ssize_t)len)
		return race_broken(p, "/proc/self/pagemap: %s", strerror(errno));
	for (size_t i = 0; i < p->n; i++)
		if (race_stays(p, p->first + i) &&
		    !(entries[i] & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED)))
			return not_there(p, "pagemap", p->first + i);
	return RACE_DONE;
}

enum race_outcome race_pagemap_scan(struct race_part *p)
{
	struct page_region regions[RACE_PAGES];
	struct pm_scan_arg arg = {
		.size = sizeof(arg),
		.start = (uintptr_t)race_page(p, p->first),
		.end = (uintptr_t)race_page(p, p->first) + race_len(p),
		.vec = (uintptr_t)regions,
		.vec_len = RACE_PAGES,
		.category_anyof_mask = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
		.return_mask = PAGE_IS_PRESENT,
	};
	size_t page = p->first, stop;
	int n = ready(p) ? ioctl(p->pagemap, PAGEMAP_SCAN, &arg) : -1;

	if (n < 0)
		return race_skip(p, "no PAGEMAP_SCAN (Linux 6.7)");
	for (int i = 0; i <= n; i++) {
		uintptr_t next = i < n ? (uintptr_t)regions[i].start : (uintptr_t)arg.end;

		stop = (next - (uintptr_t)race_page(p, 0)) / ALIGNED_PAGE;
		for (; page < stop; page++)
			if (race_stays(p, page))
				return not_there(p, "PAGEMAP_SCAN", page);
		if (i < n)
			page = ((uintptr_t)regions[i].end - (uintptr_t)race_page(p, 0)) /
			       ALIGNED_PAGE;
	}
	return RACE_DONE;
}

enum race_outcome race_mincore(struct race_part *p)
{
	unsigned char here[RACE_PAGES];

	if (mincore(race_page(p, p->first), race_len(p), here))
		return race_broken(p, "mincore: %s", strerror(errno));
	if (race_swaps(p))
		return RACE_DONE;
	for (size_t i = 0; i < p->n; i++)
		if (race_stays(p, p->first + i) && !(here[i] & 1))
			return not_there(p, "mincore", p->first + i);
	return RACE_DONE;
}

/* Of all of the range: an operation in another part may split it into several mappings. */
enum race_outcome race_smaps(struct race_part *p)
{
	struct memory_of m;
	size_t pages = 0;
	int bad = memory_of_range(race_page(p, 0), ALIGNED_REGION, &m);

	if (bad)
		return race_skip(p, "no /proc/self/smaps");
	for (size_t i = 0; i < RACE_PAGES; i++)
		pages += race_stays(p, i);
	if (!race_swaps(p) && !race_alone(p) && m.rss_kib < pages * (ALIGNED_PAGE / 1024))
		return race_broken(p, "smaps says %llu KiB of RSS, of %zu KiB that were written",
				   (unsigned long long)m.rss_kib, pages * (ALIGNED_PAGE / 1024));
	return RACE_DONE;
}
