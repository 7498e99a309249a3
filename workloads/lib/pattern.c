// SPDX-License-Identifier: GPL-2.0
#include "pattern.h"

#include <stdbool.h>
#include <string.h>

#include "seed.h"

#define GENERATION_BITS 20
#define PAGE_SHIFT 12
#define VIRTUAL_PAGES ((uint64_t)1 << (64 - GENERATION_BITS - 8)) /* 36 bits: user addresses */

/* The inverse of seed_mix(): undo each xor-shift, multiply by the inverses modulo 2^64. */
static uint64_t unmix(uint64_t x)
{
	x ^= (x >> 31) ^ (x >> 62);
	x *= 0x319642b2d24d8ec3u;
	x ^= (x >> 27) ^ (x >> 54);
	x *= 0x96de1b173f119089u;
	return x ^ (x >> 30) ^ (x >> 60);
}

static uint64_t identity(uint64_t address, unsigned int generation)
{
	return (address >> PAGE_SHIFT) << GENERATION_BITS | generation % PATTERN_GENERATIONS;
}

static uint64_t word_of(const struct pattern *p, size_t i, uint64_t id)
{
	return seed_mix(id ^ p->key[i]);
}

void pattern_init(struct pattern *pattern, uint64_t seed)
{
	struct prng r;

	prng_seed(&r, seed, 0);
	for (size_t i = 0; i < PATTERN_WORDS; i++)
		pattern->key[i] = prng_next(&r);
}

void pattern_fill(const struct pattern *pattern, void *page, uint64_t address,
		  unsigned int generation)
{
	uint64_t id = identity(address, generation);
	uint64_t *word = page;

	for (size_t i = 0; i < PATTERN_WORDS; i++)
		word[i] = word_of(pattern, i, id);
}

/* What a wrong word says; garbage decodes to an impossible page but once in 256. */
static void read_back(const struct pattern *p, size_t i, uint64_t id, struct pattern_verdict *v)
{
	uint64_t found = unmix(v->found) ^ p->key[i];

	if (!v->found) {
		v->kind = PATTERN_ZEROED;
		return;
	}
	if (found >> GENERATION_BITS >= VIRTUAL_PAGES) {
		v->kind = PATTERN_GARBAGE;
		return;
	}
	v->kind =
		found >> GENERATION_BITS == id >> GENERATION_BITS ? PATTERN_STALE : PATTERN_FOREIGN;
	v->address = found >> GENERATION_BITS << PAGE_SHIFT;
	v->generation = (unsigned int)(found % PATTERN_GENERATIONS);
}

/* Every wrong word must tell the same story, else the page is garbage. */
static bool same_story(const struct pattern *p, size_t i, uint64_t word,
		       const struct pattern_verdict *v)
{
	switch (v->kind) {
	case PATTERN_ZEROED:
		return !word;
	case PATTERN_STALE:
	case PATTERN_FOREIGN:
		return word == word_of(p, i, identity(v->address, v->generation));
	default:
		return true;
	}
}

enum pattern_kind pattern_check(const struct pattern *pattern, const void *page, uint64_t address,
				unsigned int generation, struct pattern_verdict *verdict)
{
	uint64_t id = identity(address, generation);
	const uint64_t *word = page;

	memset(verdict, 0, sizeof(*verdict));
	for (size_t i = 0; i < PATTERN_WORDS; i++) {
		uint64_t expected = word_of(pattern, i, id);
		uint64_t found = word[i];

		if (__builtin_expect(found == expected, 1))
			continue;
		if (!verdict->wrong_words++) {
			verdict->offset = i * sizeof(*word);
			verdict->expected = expected;
			verdict->found = found;
			read_back(pattern, i, id, verdict);
		} else if (!same_story(pattern, i, found, verdict)) {
			verdict->kind = PATTERN_GARBAGE;
		}
	}
	return verdict->kind;
}

const char *pattern_name(enum pattern_kind kind)
{
	static const char *const names[] = {
		[PATTERN_INTACT] = "intact",   [PATTERN_ZEROED] = "zeroed",
		[PATTERN_STALE] = "stale",     [PATTERN_FOREIGN] = "foreign",
		[PATTERN_GARBAGE] = "garbage",
	};

	return names[kind];
}
