/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/stalls.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A number up to the next colon or the end; *at moves behind it. */
static bool take_number(const char **at, int base, uint64_t *n)
{
	char *end;

	if (!isxdigit((unsigned char)**at))
		return false;
	errno = 0;
	*n = strtoull(*at, &end, base);
	if (errno || (*end && *end != ':'))
		return false;
	*at = *end ? end + 1 : end;
	return *end != ':' || **at;
}

bool stall_parse(struct stall *s, const char *text)
{
	s->n_places = 0;
	if (!take_number(&text, 10, &s->ns) || !take_number(&text, 10, &s->one_in) || !s->one_in ||
	    !*text)
		return false;
	while (*text) {
		if (s->n_places == STALL_PLACES_MAX ||
		    !take_number(&text, 16, &s->places[s->n_places++]))
			return false;
	}
	return true;
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void stall_seed(struct stall *s, uint64_t seed, unsigned int number)
{
	for (unsigned int i = 0; i < STALL_VCPUS_MAX; i++) {
		s->cpus[i].random = seed + ((uint64_t)number << 32 | i);
		s->cpus[i].random = next(&s->cpus[i].random);
	}
}

bool stall_is_at(const struct stall *s, uint64_t address)
{
	for (size_t i = 0; i < s->n_places; i++)
		if (s->places[i] == address)
			return true;
	return false;
}

bool stall_enter(struct stall *s, unsigned int vcpu)
{
	struct stall_cpu *cpu = &s->cpus[vcpu % STALL_VCPUS_MAX];

	cpu->entries++;
	if (s->one_in > 1 && next(&cpu->random) % s->one_in)
		return false;
	cpu->stalls++;
	return true;
}

void stall_write(const struct stall *s, FILE *out)
{
	uint64_t entries = 0, stalls = 0;

	for (unsigned int i = 0; i < STALL_VCPUS_MAX; i++) {
		entries += s->cpus[i].entries;
		stalls += s->cpus[i].stalls;
	}
	fprintf(out, "%" PRIu64 " %" PRIu64 "\n", entries, stalls);
}
