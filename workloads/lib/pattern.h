/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WORKLOAD_PATTERN_H
#define WORKLOAD_PATTERN_H

/*
 * Page contents that tell where and when they were written.
 *
 * Every 8-byte word of a page is a bijection of (page number, generation), keyed by the seed and
 * the word's place.  So two pages never hold the same bytes, and a wrong word can be read back:
 * it was lost (zero), it is an older content of this page, or it belongs to another page, and to
 * which.
 */

#include <stddef.h>
#include <stdint.h>

#define PATTERN_PAGE 4096u
#define PATTERN_WORDS (PATTERN_PAGE / sizeof(uint64_t))
#define PATTERN_GENERATIONS (1u << 20) /* generation numbers are taken modulo this */

struct pattern {
	uint64_t key[PATTERN_WORDS];
};

enum pattern_kind {
	PATTERN_INTACT,
	PATTERN_ZEROED,  /* the wrong words are zero */
	PATTERN_STALE,   /* this page, another generation */
	PATTERN_FOREIGN, /* another page of this seed */
	PATTERN_GARBAGE, /* none of these */
};

struct pattern_verdict {
	enum pattern_kind kind;
	size_t wrong_words; /* of PATTERN_WORDS */
	size_t offset;      /* bytes: the first wrong word */
	uint64_t expected;
	uint64_t found;
	uint64_t address;        /* stale, foreign: the page that the content was written for */
	unsigned int generation; /* stale, foreign: when */
};

void pattern_init(struct pattern *pattern, uint64_t seed);

/* Fills the page at `page` as the page of virtual address `address` (mostly its own). */
void pattern_fill(const struct pattern *pattern, void *page, uint64_t address,
		  unsigned int generation);

/* Compares; *verdict says what is wrong (kind PATTERN_INTACT: nothing). */
enum pattern_kind pattern_check(const struct pattern *pattern, const void *page, uint64_t address,
				unsigned int generation, struct pattern_verdict *verdict);

/* "zeroed", "stale", … */
const char *pattern_name(enum pattern_kind kind);

#endif
