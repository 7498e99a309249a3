/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_PLACE_H
#define GUEST_PLUGIN_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/plugin/block.h"
#include "guest/plugin/tree.h"

/* Where a task is in the call graph of its fault or system call. */
#define PROF_FRAMES_MAX 8

struct prof_frame {
	struct prof_node *base;  /* of the handler: it never pops below */
	struct prof_node *at;    /* what was stopped; NULL: nothing that is followed */
	struct prof_block *last; /* and the block that ran */
	struct prof_block *cut;  /* as in the place */
	unsigned int over;
	bool exception; /* which may have left that block anywhere */
	bool called;    /* it ends with its ret, not an iret */
	bool fault;
};

struct prof_place {
	struct prof_node *at;   /* NULL: in neither a fault nor a system call */
	struct prof_block *cut; /* the user's, left by a fault that is over; going on tells where */
	unsigned int over;      /* calls beyond the bounds of the tree: they count to at */
	unsigned int depth;     /* frames: exceptions and interrupts that have not ended */
	struct prof_frame frames[PROF_FRAMES_MAX];
};

/*
 * Places of the tasks that went to another one within an entry, by the address
 * where their stacks ended then.  All vCPUs share it: tasks move.
 */
struct prof_parking;

struct prof_parking *prof_parking_new(void);
void prof_parking_free(struct prof_parking *p);
/* False: there is no room. */
bool prof_park(struct prof_parking *p, uint64_t stack, const struct prof_place *place);
/* Takes the place out, made one of the tree t; an empty place when there was none. */
struct prof_place prof_unpark(struct prof_parking *p, uint64_t stack, struct prof_tree *t);
/* Is the task's entry a fault, and not a system call? */
bool prof_in_fault(const struct prof_place *place);
/* How many are in a fault. */
unsigned int prof_parked(const struct prof_parking *p);

#endif
