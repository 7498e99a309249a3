/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/plugin/folded.h"

/* Functions of 4096 bytes each; an instruction is 2 bytes, a block 4 instructions. */
static const char map[] = "ffffffff81000000 T fault\n"
			  "ffffffff81001000 T handle\n"
			  "ffffffff81002000 T alloc\n"
			  "ffffffff81003000 T clear\n"
			  "ffffffff81004000 T timer\n"
			  "ffffffff81005000 T syscall\n"
			  "ffffffff81006000 T switch\n"
			  "ffffffff81007000 T madvise\n"
			  "ffffffff81008000 T dead\n";

enum { FAULT, HANDLE, ALLOC, CLEAR, TIMER, SYSCALL, SWITCH, MADVISE, DEAD };

struct machine {
	struct prof_symbols *symbols;
	struct prof_blocks *blocks;
	struct prof_parking *parking;
	struct prof_walk walk;
};

static struct machine start(void)
{
	struct machine m = {
		.symbols = prof_symbols_parse(map, sizeof(map) - 1),
		.blocks = prof_blocks_new(),
		.parking = prof_parking_new(),
	};

	cr_assert_eq(prof_walk_init(&m.walk, m.parking), 0);
	return m;
}

static struct prof_block *block(struct machine *m, uint64_t address, struct prof_insn last)
{
	static const uint8_t sizes[] = { 2, 2, 2, 2 };
	struct prof_block head = { .address = address, .insns = 4 };
	bool starts = false;

	if (address < PROF_KERNEL_BASE)
		head.flags = PROF_USER;
	else
		head.function = prof_symbols_at(m->symbols, address, &starts);
	if (starts)
		head.flags |= PROF_STARTS;
	if (starts && address == 0xffffffff81000000)
		head.flags |= PROF_ENTRY;
	if (starts && address == 0xffffffff81004000)
		head.flags |= PROF_INTERRUPT;
	if (starts && address == 0xffffffff81006000)
		head.flags |= PROF_APART;
	if (starts && address == 0xffffffff81007000)
		head.flags |= PROF_CALLED;
	if (starts && address == 0xffffffff81008000)
		head.flags |= PROF_ENDS;
	return prof_blocks_add(m->blocks, &head, &last, sizes);
}

static void kernel(struct machine *m, int function, unsigned int offset, enum prof_end end)
{
	uint64_t address = 0xffffffff81000000 + (uint64_t)function * 4096 + offset;

	prof_walk_kernel(&m->walk, block(m, address, (struct prof_insn){ .end = end }));
}

static void user(struct machine *m, uint64_t address)
{
	prof_walk_user(&m->walk, block(m, address, (struct prof_insn){ 0 }));
}

static void expect(struct machine *m, const char *want)
{
	struct prof_walk *walks[] = { NULL, &m->walk };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	cr_expect_eq(prof_folded_write(f, walks, 2, m->parking, m->symbols), 0);
	fclose(f);
	cr_expect_str_eq(text, want);
	free(text);
	prof_walk_release(&m->walk);
	prof_parking_free(m->parking);
	prof_blocks_free(m->blocks);
	prof_symbols_free(m->symbols);
}

/* "fault 8" is "fault 8\n# calls 1\n", and with another number of calls "fault 8" C(2). */
#define C(n) "\n# calls " #n "\n"

#define HEAD(faults, open, insns, user, kernel)                                 \
	"# faults " #faults "\n# faults_open " #open "\n# instructions " #insns \
	"\n# insn_user " #user "\n# insn_kernel " #kernel "\n"

/* The user's block is left at its second instruction, where it goes on. */
Test(walk, calls_and_returns)
{
	struct machine m = start();

	user(&m, 0x1000);
	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, ALLOC, 0, PROF_RET);
	kernel(&m, HANDLE, 8, PROF_GO);
	kernel(&m, HANDLE, 64, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1002);
	expect(&m, HEAD(1, 0, 24, 5,
			24) "fault 8" C(1) "fault;handle 12" C(1) "fault;handle;alloc 4" C(1));
}

Test(walk, a_tail_call_takes_the_place_of_its_caller)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_GO);
	kernel(&m, ALLOC, 0, PROF_RET);
	kernel(&m, FAULT, 8, PROF_GO);
	kernel(&m, CLEAR, 0, PROF_GO);
	kernel(&m, FAULT, 64, PROF_IRET);
	user(&m, 0x1000);
	expect(&m, HEAD(1, 0, 24, 4, 24) "fault 12" C(1) "fault;alloc 4" C(1) "fault;clear 4" C(
			   1) "fault;handle 4" C(1));
}

Test(walk, recursion_is_a_chain)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_RET);
	kernel(&m, HANDLE, 8, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1000);
	expect(&m, HEAD(1, 0, 20, 4,
			20) "fault 8" C(1) "fault;handle 8" C(1) "fault;handle;handle 4" C(1));
}

/* It comes between a call and what is called. */
Test(walk, an_interrupt_is_not_counted_to_what_it_stopped)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, TIMER, 0, PROF_CALL);
	kernel(&m, CLEAR, 0, PROF_RET);
	kernel(&m, TIMER, 8, PROF_IRET);
	kernel(&m, ALLOC, 0, PROF_RET);
	kernel(&m, HANDLE, 8, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1000);
	kernel(&m, TIMER, 0, PROF_IRET);
	user(&m, 0x1008);
	expect(&m, HEAD(1, 0, 32, 8, 36) "fault 8" C(1) "fault;handle 8" C(
			   1) "fault;handle;alloc 4" C(1) "timer 8" C(1) "timer;clear 4" C(1));
}

/* In a system call, where it ends with its iret: the rest of the call is not the fault's. */
Test(walk, a_fault_of_the_kernel)
{
	struct machine m = start();

	kernel(&m, SYSCALL, 0, PROF_GO);
	kernel(&m, FAULT, 0, PROF_IRET);
	kernel(&m, SYSCALL, 4, PROF_RET);
	kernel(&m, SYSCALL, 64, PROF_GO);
	user(&m, 0x1000);
	expect(&m, HEAD(1, 0, 4, 4, 14) "fault 4" C(1));
}

/* The second fault stops at the third instruction of the block that the first one is in. */
Test(walk, a_fault_within_a_fault)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, FAULT, 0, PROF_IRET);
	kernel(&m, HANDLE, 4, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1000);
	expect(&m, HEAD(2, 0, 18, 4, 18) "fault 12" C(2) "fault;handle 6" C(1));
}

/* A device's register, or an instruction across the page's end. */
Test(walk, what_did_not_run_is_taken_back)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, HANDLE, 6, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1000);
	user(&m, 0x1006);
	expect(&m, HEAD(1, 0, 15, 7, 15) "fault 8" C(1) "fault;handle 7" C(1));
}

Test(walk, a_loop_and_rep_are_no_early_ends)
{
	struct machine m = start();

	prof_walk_user(&m.walk, block(&m, 0x1000, (struct prof_insn){ .repeats = true }));
	user(&m, 0x1006);
	prof_walk_user(&m.walk,
		       block(&m, 0x2000, (struct prof_insn){ .jumps = true, .distance = -6 }));
	user(&m, 0x2002);
	expect(&m, HEAD(0, 0, 0, 16, 0));
}

static void switch_tasks(struct machine *m, uint64_t from, uint64_t to)
{
	kernel(m, SWITCH, 0, PROF_GO);
	prof_walk_push(&m->walk, from + 8);
	prof_walk_push(&m->walk, from);
	kernel(m, SWITCH, 8, PROF_RET);
	prof_walk_pop(&m->walk, to);
	prof_walk_pop(&m->walk, to + 8);
}

Test(walk, a_fault_goes_on_when_its_task_comes_back)
{
	struct machine m = start();

	user(&m, 0x1000);
	kernel(&m, FAULT, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000001000, 0xffffc90000002000);
	kernel(&m, SYSCALL, 64, PROF_GO);
	user(&m, 0x1004);
	kernel(&m, SYSCALL, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000002000, 0xffffc90000001000);
	kernel(&m, HANDLE, 8, PROF_RET);
	kernel(&m, FAULT, 8, PROF_IRET);
	user(&m, 0x1002);
	expect(&m, HEAD(1, 0, 24, 9, 40) "fault 8" C(1) "fault;handle 8" C(1) "switch 8" C(1));
}

Test(walk, a_fault_that_is_not_over)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000001000, 0xffffc90000002000);
	kernel(&m, SYSCALL, 64, PROF_GO);
	kernel(&m, FAULT, 0, PROF_CALL);
	expect(&m, HEAD(2, 2, 16, 0, 20) "fault 8" C(2) "switch 8" C(1));
}

/* The fault is the fault's, wherever it comes from; a function that returns ends the call. */
Test(walk, a_system_call)
{
	struct machine m = start();

	user(&m, 0x1000);
	kernel(&m, SYSCALL, 0, PROF_CALL);
	kernel(&m, MADVISE, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, FAULT, 0, PROF_IRET);
	kernel(&m, HANDLE, 4, PROF_RET);
	kernel(&m, MADVISE, 8, PROF_RET);
	kernel(&m, SYSCALL, 8, PROF_CALL);
	cr_expect_null(m.walk.place.at);
	kernel(&m, CLEAR, 0, PROF_RET);
	kernel(&m, SYSCALL, 64, PROF_GO);
	user(&m, 0x1008);
	expect(&m, HEAD(1, 0, 18, 8, 34) "fault 4" C(1) "madvise 8" C(1) "madvise;handle 6" C(1));
}

Test(walk, a_system_call_that_ends_in_a_tail_call)
{
	struct machine m = start();

	kernel(&m, SYSCALL, 0, PROF_GO);
	kernel(&m, MADVISE, 0, PROF_GO);
	kernel(&m, ALLOC, 0, PROF_CALL);
	kernel(&m, CLEAR, 0, PROF_RET);
	kernel(&m, ALLOC, 8, PROF_RET);
	kernel(&m, SYSCALL, 8, PROF_GO);
	cr_expect_null(m.walk.place.at);
	expect(&m, HEAD(0, 0, 16, 0,
			24) "madvise 4" C(1) "madvise;alloc 8" C(1) "madvise;clear 4" C(1));
}

/* It waits, and what runs meanwhile is not its own. */
Test(walk, a_system_call_that_waits)
{
	struct machine m = start();

	kernel(&m, SYSCALL, 0, PROF_CALL);
	kernel(&m, MADVISE, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000001000, 0xffffc90000002000);
	kernel(&m, SYSCALL, 64, PROF_GO);
	user(&m, 0x1004);
	kernel(&m, SYSCALL, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000002000, 0xffffc90000001000);
	kernel(&m, MADVISE, 8, PROF_RET);
	kernel(&m, SYSCALL, 8, PROF_GO);
	expect(&m, HEAD(0, 0, 16, 4, 40) "madvise 8" C(1) "switch 8" C(1));
}

/* An exit: the stack of a task that is dead belongs to nobody. */
Test(walk, a_system_call_that_never_returns)
{
	struct machine m = start();

	kernel(&m, SYSCALL, 0, PROF_CALL);
	kernel(&m, MADVISE, 0, PROF_CALL);
	kernel(&m, DEAD, 0, PROF_CALL);
	switch_tasks(&m, 0xffffc90000001000, 0xffffc90000002000);
	kernel(&m, SYSCALL, 64, PROF_GO);
	switch_tasks(&m, 0xffffc90000002000, 0xffffc90000001000);
	kernel(&m, CLEAR, 0, PROF_RET);
	cr_expect_null(m.walk.place.at);
	expect(&m, HEAD(0, 0, 4, 0, 36) "madvise 4" C(1));
}

Test(walk, too_deep_is_counted_to_the_deepest)
{
	struct machine m = start();

	kernel(&m, FAULT, 0, PROF_CALL);
	for (int i = 0; i < 100; i++)
		kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, ALLOC, 0, PROF_RET);
	for (int i = 0; i < 100; i++)
		kernel(&m, HANDLE, 8, PROF_RET);
	cr_expect_eq(m.walk.place.at->depth, 2);
	kernel(&m, FAULT, 8, PROF_IRET);
	cr_expect_eq(m.walk.place.at->depth, 1);
	cr_expect_eq(m.walk.tree.n, PROF_DEPTH_MAX);
	user(&m, 0x1000);
	cr_expect_null(m.walk.place.at);
	cr_expect_eq(m.walk.kernel, 4 * 203);
	prof_walk_release(&m.walk);
	prof_parking_free(m.parking);
	prof_blocks_free(m.blocks);
	prof_symbols_free(m.symbols);
}

Test(walk, a_block_translated_again_is_the_same)
{
	struct machine m = start();
	struct prof_block *a = block(&m, 0x1000, (struct prof_insn){ 0 });

	cr_expect_eq(block(&m, 0x1000, (struct prof_insn){ 0 }), a);
	cr_expect_neq(block(&m, 0x1000, (struct prof_insn){ .end = PROF_RET }), a);
	cr_expect_eq(prof_block_before(a, 0x1000), 0);
	cr_expect_eq(prof_block_before(a, 0x1004), 2);
	cr_expect_eq(prof_block_before(a, 0x2000), 4);
	prof_walk_release(&m.walk);
	prof_parking_free(m.parking);
	prof_blocks_free(m.blocks);
	prof_symbols_free(m.symbols);
}

/* ALLOC was asked for: followed where nothing is, whole within a call, in the middle of it. */
Test(walk, a_function_that_was_asked_for)
{
	struct machine m = start();
	struct prof_block *alloc =
		block(&m, 0xffffffff81002000, (struct prof_insn){ .end = PROF_CALL });

	cr_assert(prof_symbols_mark(m.symbols, "alloc"));
	cr_assert_not(prof_symbols_mark(m.symbols, "allo"));
	alloc->flags |= PROF_WANTED;
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, ALLOC, 0, PROF_CALL);
	kernel(&m, CLEAR, 0, PROF_RET);
	kernel(&m, ALLOC, 8, PROF_RET);
	kernel(&m, HANDLE, 8, PROF_GO);
	kernel(&m, MADVISE, 0, PROF_CALL);
	kernel(&m, HANDLE, 0, PROF_CALL);
	kernel(&m, ALLOC, 0, PROF_CALL);
	kernel(&m, CLEAR, 0, PROF_RET);
	kernel(&m, ALLOC, 8, PROF_RET);
	kernel(&m, HANDLE, 8, PROF_RET);
	kernel(&m, MADVISE, 8, PROF_RET);
	expect(&m, HEAD(0, 0, 40, 0, 48) "alloc 8" C(1) "alloc;clear 4" C(1) "madvise 8" C(
			   1) "madvise;alloc 8" C(1) "madvise;alloc;clear 4" C(1) "madvise;handle "
										  "8" C(1));
}

/* All of the kernel: what was under way, and who called it, too; calls begin at a first byte. */
Test(walk, all_of_the_kernel)
{
	struct machine m = start();

	m.walk.all = true;
	kernel(&m, HANDLE, 8, PROF_CALL);
	kernel(&m, ALLOC, 0, PROF_RET);
	kernel(&m, HANDLE, 16, PROF_RET);
	kernel(&m, SYSCALL, 8, PROF_GO);
	user(&m, 0x1000);
	kernel(&m, TIMER, 0, PROF_IRET);
	user(&m, 0x1000);
	expect(&m, HEAD(0, 0, 20, 8, 20) "[all] 0" C(0) "handle 8" C(0) "handle;alloc 4" C(
			   1) "syscall 4" C(0) "timer 4" C(1));
}
