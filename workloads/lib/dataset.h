/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_DATASET_H
#define WORKLOAD_DATASET_H

/*
 * The dataset of fork-snapshot: values of one size in one mapping, written at random.  It knows
 * which pages and regions were written since dataset_mark(), which is what copy-on-write had to
 * copy and split.  All books are shared memory: a fork copies no page table for them, and writing
 * them costs no copy.
 */

#include <stdbool.h>
#include <stdint.h>

#include "seed.h"
#include "zipf.h"

struct dataset {
	/* set by the caller */
	uint64_t size;  /* bytes, a multiple of the region */
	uint64_t value; /* bytes, a power of two up to the page */
	double theta;   /* of zipf; 0: uniform */

	/* read by the caller */
	unsigned char *map;
	uint64_t pages, regions, live; /* live: values */

	/* private */
	uint32_t *keys; /* shuffled; the first `live` are the live values, hottest first */
	unsigned char *present, *written, *split, *ever;
	struct prng random;
	struct zipf zipf;
};

/* Maps and shuffles; the memory is not touched yet.  0 or -errno. */
int dataset_init(struct dataset *d, uint64_t seed, bool huge);
void dataset_release(struct dataset *d);

/*
 * Leaves so many per cent of the values out, at random, before any memory is touched: a page that
 * would hold none is not present.
 */
void dataset_leave_out(struct dataset *d, unsigned int percent);

/*
 * Deletes so many per cent of the values at random; a page that holds none any more goes back to
 * the kernel.  Returns how many pages went.
 */
uint64_t dataset_thin(struct dataset *d, unsigned int percent);

/* The next value to write, chosen by the distribution and noted as written. */
unsigned char *dataset_next(struct dataset *d);

/*
 * Reads everything that is present once, in the order of addresses; the sum keeps the compiler from
 * dropping the reads.
 */
uint64_t dataset_read(const struct dataset *d);

/* Begins a snapshot: nothing is written yet. */
void dataset_mark(struct dataset *d);

/* Distinct since dataset_mark(); ever: over all snapshots that dataset_end() ended. */
uint64_t dataset_pages_written(const struct dataset *d);
uint64_t dataset_regions_written(const struct dataset *d);
uint64_t dataset_regions_ever(const struct dataset *d);

/*
 * The huge mappings that copy-on-write must have split since dataset_mark(), of huge_kib that were
 * there then: those of the regions written for the first time.  False when that cannot be told,
 * because some regions are huge and it is not known which.
 */
bool dataset_splits(const struct dataset *d, uint64_t huge_kib, uint64_t *splits);

/* Ends a snapshot: what was written is split from now on. */
void dataset_end(struct dataset *d);

#endif
