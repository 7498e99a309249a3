/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PLUGIN_STACKS_H
#define PLUGIN_STACKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "guest/plugin/symbols.h"

/*
 * The call tree of what runs between entering a fault and leaving it, built from
 * one block of instructions after the other: after a call the next block begins a
 * child, after a return its parent goes on.  What jumps into another function is
 * a tail call, and takes the place of its function; a handler of an interrupt or
 * a fault inside the fault ("asm_...") is a child.  A node's count is that of its
 * own instructions.
 */
enum block_end { END_OTHER, END_CALL, END_RET, END_IRET };

struct block {
	unsigned int function, insns;
	bool starts;  /* its function */
	bool handler; /* its function is an entry of the hardware's */
	enum block_end end;
};

struct stacks;

struct stacks *stacks_new(const struct symbols *s);
void stacks_free(struct stacks *s);

/* A fault begins; the block is the first of its entry. */
void stacks_enter(struct stacks *s, const struct block *b);
/* The next block; false: it is not of the fault any more (and was not counted). */
bool stacks_block(struct stacks *s, const struct block *b);
/* The fault has ended: user space runs. */
void stacks_leave(struct stacks *s);
bool stacks_inside(const struct stacks *s);

uint64_t stacks_faults(const struct stacks *s);
uint64_t stacks_insns(const struct stacks *s);
/* "a;b;c COUNT" lines, sorted. */
void stacks_print(const struct stacks *s, FILE *out);

#endif
