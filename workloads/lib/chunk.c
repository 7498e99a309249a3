// SPDX-License-Identifier: GPL-2.0
#include "chunk.h"

#include <string.h>

static void swap(uint64_t *a, uint64_t *b)
{
	uint64_t old = *a;

	*a = *b;
	*b = old;
}

/* The value of rank k, from 0, of the n largest first; quickselect, which changes their order. */
static uint64_t largest(uint64_t *v, unsigned int n, unsigned int k)
{
	unsigned int low = 0, high = n - 1;

	while (low < high) {
		uint64_t pivot = v[low + (high - low) / 2];
		unsigned int i = low, j = high;

		for (;;) {
			while (v[i] > pivot)
				i++;
			while (v[j] < pivot)
				j--;
			if (i >= j)
				break;
			swap(&v[i++], &v[j--]);
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return v[k];
}

/* Makes the k longest touches of one kind another; of equal ones the first. */
static void turn_longest(struct chunk *c, unsigned int k, enum chunk_kind from, enum chunk_kind to)
{
	unsigned int n = 0, equal = k;
	uint64_t least;

	for (unsigned int i = 0; i < c->n; i++)
		if (c->kind[i] == from)
			c->scratch[n++] = c->ticks[i];
	if (k > n)
		k = equal = n;
	if (!k)
		return;
	least = largest(c->scratch, n, k - 1);
	for (unsigned int i = 0; i < n; i++)
		equal -= c->scratch[i] > least;
	for (unsigned int i = 0; i < c->n; i++) {
		if (c->kind[i] != from || c->ticks[i] < least)
			continue;
		if (c->ticks[i] > least || equal) {
			equal -= c->ticks[i] == least;
			c->kind[i] = to;
		}
	}
}

/* Those in which the task left the CPU, if it did so unasked; a fault that sleeps is no matter. */
static void mark_preempted(struct chunk *c, const struct chunk_counts *counts)
{
	const unsigned int n =
		counts->preemptions < c->n ? (unsigned int)counts->preemptions : c->n;

	if (!n)
		return;
	for (unsigned int i = 0; i < c->n; i++)
		if (c->kind[i] == CHUNK_STORE && counts->scheduled_known && !c->scheduled[i])
			c->kind[i] = CHUNK_FAULT; /* for the moment: out of the way */
	turn_longest(c, n, CHUNK_STORE, CHUNK_PREEMPTED);
	for (unsigned int i = 0; i < c->n; i++)
		if (c->kind[i] == CHUNK_FAULT)
			c->kind[i] = CHUNK_STORE;
}

/* How many of the n touches in scratch faulted, between low and high; shortest: interrupted one. */
static unsigned int widest_gap(struct chunk *c, unsigned int n, unsigned int low, unsigned int high,
			       uint64_t shortest)
{
	unsigned int found = low;
	double widest = 0;

	for (unsigned int k = low; k <= high; k++) {
		double above = k ? (double)largest(c->scratch, n, k - 1) : (double)shortest;
		double below = k < n ? (double)largest(c->scratch, n, k) : 0;
		double gap = (above + 1) / (below + 1);

		if (gap > widest) {
			widest = gap;
			found = k;
		}
	}
	return found;
}

void chunk_empty(struct chunk *c)
{
	if (c->marked) {
		memset(c->ticked, 0, c->n * sizeof(c->ticked[0]));
		memset(c->scheduled, 0, c->n * sizeof(c->scheduled[0]));
	}
	c->n = c->marked = 0;
}

void chunk_judge(struct chunk *c, const struct chunk_counts *counts)
{
	unsigned int n = 0, cut, low, high;
	uint64_t shortest = UINT64_MAX;
	bool alike = !counts->faults || counts->faults >= c->n;

	if (alike && !c->marked && (!counts->preemptions || counts->scheduled_known)) {
		memset(c->kind, counts->faults ? CHUNK_FAULT : CHUNK_STORE, c->n);
		return;
	}
	memset(c->kind, CHUNK_STORE, c->n);
	mark_preempted(c, counts);
	for (unsigned int i = 0; i < c->n; i++) {
		if (c->kind[i] == CHUNK_STORE && c->ticked[i])
			c->kind[i] = CHUNK_INTERRUPTED;
		if (c->kind[i] == CHUNK_STORE)
			c->scratch[n++] = c->ticks[i];
		else if (c->ticks[i] < shortest)
			shortest = c->ticks[i];
	}
	cut = c->n - n;
	low = counts->faults > cut
		      ? (unsigned int)(counts->faults - cut < n ? counts->faults - cut : n)
		      : 0;
	high = counts->faults < n ? (unsigned int)counts->faults : n;
	if (low < high)
		low = widest_gap(c, n, low, high, shortest);
	turn_longest(c, low, CHUNK_STORE, CHUNK_FAULT);
}
