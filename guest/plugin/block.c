/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/block.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define HASH_BITS 16

/* vCPUs may translate in parallel. */
struct prof_blocks {
	pthread_mutex_t lock;
	struct prof_block *heads[1u << HASH_BITS];
};

struct prof_blocks *prof_blocks_new(void)
{
	struct prof_blocks *t = calloc(1, sizeof(*t));

	if (t)
		pthread_mutex_init(&t->lock, NULL);
	return t;
}

static struct prof_block **head_of(struct prof_blocks *t, uint64_t address)
{
	return &t->heads[address * 0x9e3779b97f4a7c15ull >> (64 - HASH_BITS)];
}

/* Jumps into itself, as the head of a short loop does, and iterations of rep are no early ends. */
static uint32_t inner_bytes(const struct prof_block *b, const struct prof_insn *last)
{
	int64_t target = (int64_t)b->bytes + last->distance;

	if (last->repeats || (last->jumps && target > 0 && target < b->bytes))
		return 0;
	return b->bytes - 1;
}

static bool same(const struct prof_block *a, const struct prof_block *b, const uint8_t *sizes)
{
	return a->address == b->address && a->insns == b->insns && a->inner == b->inner &&
	       a->end == b->end && !memcmp(a->sizes, sizes, b->insns);
}

struct prof_block *prof_blocks_add(struct prof_blocks *t, const struct prof_block *head,
				   const struct prof_insn *last, const uint8_t *sizes)
{
	struct prof_block want = *head, *b, **at = head_of(t, head->address);

	for (unsigned int i = 0; i < want.insns; i++)
		want.bytes += sizes[i];
	want.end = (uint8_t)last->end;
	want.inner = inner_bytes(&want, last);
	pthread_mutex_lock(&t->lock);
	for (b = *at; b && !same(b, &want, sizes); b = b->next)
		;
	if (!b)
		b = malloc(sizeof(*b) + want.insns);
	else
		goto out;
	if (!b)
		goto out;
	*b = want;
	memcpy(b->sizes, sizes, want.insns);
	b->next = *at;
	*at = b;
out:
	pthread_mutex_unlock(&t->lock);
	return b;
}

void prof_blocks_free(struct prof_blocks *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < 1u << HASH_BITS; i++)
		for (struct prof_block *b = t->heads[i], *next; b; b = next) {
			next = b->next;
			free(b);
		}
	pthread_mutex_destroy(&t->lock);
	free(t);
}

unsigned int prof_block_before(const struct prof_block *b, uint64_t address)
{
	uint64_t at = b->address;
	unsigned int n = 0;

	while (n < b->insns && at < address)
		at += b->sizes[n++];
	return n;
}
