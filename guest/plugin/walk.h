/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_WALK_H
#define GUEST_PLUGIN_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/plugin/place.h"

/*
 * Follows one vCPU from block to block, and while it handles a page fault or a system
 * call, through the call graph.
 *
 * What a block's last instruction says about the next block:
 *   call   a child of the current node
 *   ret    its parent; if that is another function, the nearest ancestor that is the
 *          next block's, or as a jump
 *   iret   ends the innermost exception or interrupt
 *   else   in the same function: stays.  In the middle of an ancestor: pops to it
 *          (assembly).  Elsewhere: a tail call, which takes the place of the current node.
 * An exception or interrupt comes between two blocks.  It is a child of what it stopped, and
 * a frame keeps what has to be taken up again.  A task that goes to another one within an
 * entry is parked until it comes back.  A system call ends when its function returns, and so does a
 * function that was asked for; within another entry that one is a call like any.  With `all` what
 * runs outside of entries begins one where it is met, in the middle of a function if need be.
 *
 * A block counts in full when it begins.  What did not run of it is taken back as soon as the
 * next block tells, which then begins inside it:
 *   - a page fault goes on at the instruction that faulted;
 *   - an access to a device, behind it: QEMU runs the instruction again, alone and unseen;
 *   - QEMU shows a last instruction that crosses into the next page as part of the block, and
 *     then makes a block of its own of it.
 * Not taken back: a fault that never goes on there (a signal, the kernel's exception table),
 * one of the user's that is no page fault, what a device cuts of a block that can jump into
 * itself, and the page crossing when an interrupt outside a fault comes just there.
 */
struct prof_walk {
	struct prof_place place;
	struct prof_block *last; /* counted, to place.at */
	uint64_t kernel, user;   /* instructions */
	uint64_t faults, lost;   /* lost: for want of room */
	uint64_t pushed;         /* last address of the stack of a task that is being left */
	bool all;                /* all of the kernel is followed, not entries alone */
	struct prof_tree tree;
	struct prof_parking *parking;
};

/* parking is borrowed.  0 or -ENOMEM. */
int prof_walk_init(struct prof_walk *w, struct prof_parking *parking);
void prof_walk_release(struct prof_walk *w);
/* The vCPU executes b, which is the kernel's, or the user's. */
void prof_walk_kernel(struct prof_walk *w, struct prof_block *b);
void prof_walk_user(struct prof_walk *w, struct prof_block *b);
/*
 * The function that switches tasks pushes to the old task's stack, or pops from the
 * new one's.  The first pop reads where the last push wrote when that task was left.
 */
void prof_walk_push(struct prof_walk *w, uint64_t address);
void prof_walk_pop(struct prof_walk *w, uint64_t address);

#endif
