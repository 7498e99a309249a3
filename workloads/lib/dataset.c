// SPDX-License-Identifier: GPL-2.0
#include "dataset.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "aligned.h"

#define PAGES_PER_REGION (ALIGNED_REGION / ALIGNED_PAGE)
#define REGION_KIB (ALIGNED_REGION / 1024)

/* The random numbers of the keys and of the writes do not depend on one another. */
enum { STREAM_KEYS, STREAM_WRITES };

static void *shared(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE,
		       -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unshare_memory(void *p, size_t len)
{
	if (p)
		munmap(p, len);
}

static void shuffle(struct dataset *d, struct prng *random)
{
	for (uint64_t i = 0; i < d->live; i++)
		d->keys[i] = (uint32_t)i;
	for (uint64_t i = d->live; i > 1; i--) {
		uint64_t j = prng_below(random, i);
		uint32_t swap = d->keys[i - 1];

		d->keys[i - 1] = d->keys[j];
		d->keys[j] = swap;
	}
}

int dataset_init(struct dataset *d, uint64_t seed, bool huge)
{
	struct prng random;

	d->pages = d->size / ALIGNED_PAGE;
	d->regions = d->size / ALIGNED_REGION;
	d->live = d->size / d->value;
	d->map = aligned_map(d->size, "dataset");
	d->keys = shared(d->live * sizeof(*d->keys));
	d->present = shared(d->pages);
	d->written = shared(d->pages);
	d->split = shared(d->regions);
	d->ever = shared(d->regions);
	if (!d->map || !d->keys || !d->present || !d->written || !d->split || !d->ever) {
		dataset_release(d);
		return -ENOMEM;
	}
	if (huge)
		aligned_ask_huge(d->map, d->size);
	memset(d->present, 1, d->pages);
	prng_seed(&random, seed, STREAM_KEYS);
	prng_seed(&d->random, seed, STREAM_WRITES);
	shuffle(d, &random);
	if (d->theta > 0)
		zipf_init(&d->zipf, d->live, d->theta);
	return 0;
}

void dataset_release(struct dataset *d)
{
	if (d->map)
		aligned_unmap(d->map, d->size);
	unshare_memory(d->keys, d->size / d->value * sizeof(*d->keys));
	unshare_memory(d->present, d->pages);
	unshare_memory(d->written, d->pages);
	unshare_memory(d->split, d->regions);
	unshare_memory(d->ever, d->regions);
}

void dataset_leave_out(struct dataset *d, unsigned int percent)
{
	uint64_t per_page = ALIGNED_PAGE / d->value;

	d->live -= d->live * percent / 100;
	memset(d->present, 0, d->pages);
	for (uint64_t i = 0; i < d->live; i++)
		d->present[d->keys[i] / per_page] = 1;
	if (d->theta > 0)
		zipf_init(&d->zipf, d->live, d->theta);
}

uint64_t dataset_thin(struct dataset *d, unsigned int percent)
{
	uint64_t freed = 0;

	dataset_leave_out(d, percent);
	for (uint64_t page = 0; page < d->pages; page++) {
		if (d->present[page])
			continue;
		madvise(d->map + page * ALIGNED_PAGE, ALIGNED_PAGE, MADV_DONTNEED);
		d->split[page / PAGES_PER_REGION] = 1;
		freed++;
	}
	return freed;
}

unsigned char *dataset_next(struct dataset *d)
{
	uint64_t rank =
		d->theta > 0 ? zipf_next(&d->zipf, &d->random) : prng_below(&d->random, d->live);
	uint64_t at = d->keys[rank] * d->value;

	d->written[at / ALIGNED_PAGE] = 1;
	return d->map + at;
}

static uint64_t read_page(const unsigned char *page)
{
	const volatile uint64_t *word = (const volatile uint64_t *)(const void *)page;
	uint64_t sum = 0;

	for (size_t i = 0; i < ALIGNED_PAGE / sizeof(*word); i++)
		sum += word[i];
	return sum;
}

uint64_t dataset_read(const struct dataset *d)
{
	uint64_t sum = 0;

	for (uint64_t page = 0; page < d->pages; page++)
		if (d->present[page])
			sum += read_page(d->map + page * ALIGNED_PAGE);
	return sum;
}

void dataset_mark(struct dataset *d)
{
	memset(d->written, 0, d->pages);
}

static uint64_t count(const unsigned char *flags, uint64_t n)
{
	uint64_t found = 0;

	for (uint64_t i = 0; i < n; i++)
		found += flags[i];
	return found;
}

static bool region_written(const struct dataset *d, uint64_t region)
{
	return memchr(d->written + region * PAGES_PER_REGION, 1, PAGES_PER_REGION) != NULL;
}

uint64_t dataset_pages_written(const struct dataset *d)
{
	return count(d->written, d->pages);
}

uint64_t dataset_regions_written(const struct dataset *d)
{
	uint64_t found = 0;

	for (uint64_t i = 0; i < d->regions; i++)
		found += region_written(d, i);
	return found;
}

uint64_t dataset_regions_ever(const struct dataset *d)
{
	return count(d->ever, d->regions);
}

bool dataset_splits(const struct dataset *d, uint64_t huge_kib, uint64_t *splits)
{
	uint64_t whole = d->regions - count(d->split, d->regions);

	*splits = 0;
	if (!huge_kib)
		return true;
	for (uint64_t i = 0; i < d->regions; i++)
		*splits += !d->split[i] && region_written(d, i);
	return huge_kib == whole * REGION_KIB;
}

void dataset_end(struct dataset *d)
{
	for (uint64_t i = 0; i < d->regions; i++)
		if (region_written(d, i))
			d->split[i] = d->ever[i] = 1;
}
