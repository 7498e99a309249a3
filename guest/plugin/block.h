/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_BLOCK_H
#define GUEST_PLUGIN_BLOCK_H

#include <stdint.h>

#include "guest/plugin/insn.h"

struct prof_node;

enum prof_flag {
	PROF_USER = 1,
	PROF_STARTS = 2,     /* at the first byte of its function */
	PROF_ENTRY = 4,      /* here a page fault begins */
	PROF_EXCEPTION = 8,  /* here the kernel handles another exception */
	PROF_INTERRUPT = 16, /* here it handles an interrupt */
	PROF_CALLED = 32,    /* here a system call begins, which ends with its ret */
	PROF_APART = 64,     /* here the task leaves what it does to another */
	PROF_ENDS = 128,     /* from here a task does not come back */
	PROF_WANTED = 256,   /* an entry that was asked for: followed whoever calls it */
	PROF_ARRIVES = PROF_ENTRY | PROF_EXCEPTION | PROF_INTERRUPT,
};

/* A translation block, as far as the profile needs it. */
struct prof_block {
	uint64_t address;
	uint32_t bytes;
	uint32_t function;
	/*
	 * A next block that begins behind the first byte and within so many says that
	 * this one was left early.  0 where it may also jump or repeat into itself.
	 */
	uint32_t inner;
	uint16_t insns;
	uint16_t flags;          /* enum prof_flag */
	uint8_t end;             /* enum prof_end of the last instruction */
	struct prof_node *child; /* where the last call of it went: a cache, checked by its user */
	struct prof_block *next; /* of its hash */
	uint8_t sizes[];         /* bytes of each instruction */
};

/*
 * All blocks ever translated.  QEMU translates a block again after each flush, or
 * cut to what is left until the next timer; what is the same block gets the same
 * record, so that memory is bounded by the guest's code.
 */
struct prof_blocks;

struct prof_blocks *prof_blocks_new(void);
/*
 * The block of this head, last instruction and sizes[head->insns]; bytes, inner
 * and end are filled in.  Valid until the table is freed; NULL without memory.
 */
struct prof_block *prof_blocks_add(struct prof_blocks *t, const struct prof_block *head,
				   const struct prof_insn *last, const uint8_t *sizes);
void prof_blocks_free(struct prof_blocks *t);

/* How many instructions of b lie before address. */
unsigned int prof_block_before(const struct prof_block *b, uint64_t address);

#endif
