/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/place.h"

#include <pthread.h>
#include <stdlib.h>

#define PARKED_MAX 1024

struct prof_parking {
	pthread_mutex_t lock;
	unsigned int n;
	struct {
		uint64_t stack;
		struct prof_place place;
	} parked[PARKED_MAX];
};

struct prof_parking *prof_parking_new(void)
{
	struct prof_parking *p = calloc(1, sizeof(*p));

	if (p)
		pthread_mutex_init(&p->lock, NULL);
	return p;
}

void prof_parking_free(struct prof_parking *p)
{
	if (!p)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p);
}

bool prof_park(struct prof_parking *p, uint64_t stack, const struct prof_place *place)
{
	bool room;

	pthread_mutex_lock(&p->lock);
	room = p->n < PARKED_MAX;
	if (room) {
		p->parked[p->n].stack = stack;
		p->parked[p->n++].place = *place;
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

/* A node of another vCPU's tree, found or made in this one: the nearest that has room. */
static struct prof_node *import(struct prof_tree *t, const struct prof_node *n)
{
	struct prof_node *parent, *child;

	if (!n || (n >= t->nodes && n < t->nodes + PROF_NODES_MAX))
		return (struct prof_node *)n;
	parent = import(t, n->parent);
	child = prof_tree_child(t, parent, n->function);
	return child ? child : parent;
}

struct prof_place prof_unpark(struct prof_parking *p, uint64_t stack, struct prof_tree *t)
{
	struct prof_place place = { 0 };

	pthread_mutex_lock(&p->lock);
	for (unsigned int i = 0; i < p->n; i++) {
		if (p->parked[i].stack != stack)
			continue;
		place = p->parked[i].place;
		p->parked[i] = p->parked[--p->n];
		break;
	}
	pthread_mutex_unlock(&p->lock);
	place.at = import(t, place.at);
	for (unsigned int i = 0; i < place.depth; i++) {
		place.frames[i].base = import(t, place.frames[i].base);
		place.frames[i].at = import(t, place.frames[i].at);
	}
	return place;
}

bool prof_in_fault(const struct prof_place *place)
{
	return place->at && place->frames[0].fault;
}

unsigned int prof_parked(const struct prof_parking *p)
{
	unsigned int faults = 0;

	for (unsigned int i = 0; i < p->n; i++)
		faults += prof_in_fault(&p->parked[i].place);
	return faults;
}
