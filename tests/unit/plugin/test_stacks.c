/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/plugin/stacks.h"

enum { WHAT, ENTRY, FAULT, CLEAR, ALLOC, TICK, READ };

static struct symbol names[] = { { 0, "?" },          { 1, "entry" }, { 2, "fault" },
				 { 3, "clear_page" }, { 4, "alloc" }, { 5, "asm_tick" },
				 { 6, "sys_read" } };
static const struct symbols symbols = { names, 7 };

static struct block block(unsigned int function, unsigned int insns, enum block_end end)
{
	return (struct block){ .function = function, .insns = insns, .end = end };
}

static struct block start(unsigned int function, unsigned int insns, enum block_end end)
{
	struct block b = block(function, insns, end);

	b.starts = true;
	b.handler = function == TICK;
	return b;
}

static void run(struct stacks *s, struct block b)
{
	cr_expect(stacks_block(s, &b));
}

static char *printed(struct stacks *s)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	stacks_print(s, out);
	fclose(out);
	return text;
}

Test(stacks, calls_and_returns)
{
	struct stacks *s = stacks_new(&symbols);
	struct block entry = start(ENTRY, 3, END_CALL);
	char *text;

	for (int i = 0; i < 2; i++) {
		stacks_enter(s, &entry);
		run(s, start(FAULT, 5, END_CALL));
		run(s, start(ALLOC, 7, END_OTHER));
		run(s, block(ALLOC, 1, END_RET));
		run(s, block(FAULT, 2, END_OTHER));
		run(s, start(CLEAR, 11, END_RET)); /* a tail call: its return is fault's */
		run(s, block(ENTRY, 4, END_OTHER));
		stacks_leave(s);
		cr_expect_not(stacks_inside(s));
	}
	cr_expect_eq(stacks_faults(s), 2);
	cr_expect_eq(stacks_insns(s), 66);
	text = printed(s);
	cr_expect_str_eq(text, "entry 14\nentry;clear_page 22\nentry;fault 14\n"
			       "entry;fault;alloc 16\n");
	free(text);
	stacks_free(s);
}

Test(stacks, an_interrupt_is_a_child_and_what_it_interrupted_goes_on)
{
	struct stacks *s = stacks_new(&symbols);
	struct block entry = start(ENTRY, 1, END_CALL);
	char *text;

	stacks_enter(s, &entry);
	run(s, start(FAULT, 1, END_OTHER));
	run(s, start(TICK, 10, END_IRET));
	run(s, block(FAULT, 1, END_OTHER));
	text = printed(s);
	cr_expect_str_eq(text, "entry 1\nentry;fault 2\nentry;fault;asm_tick 10\n");
	free(text);
	stacks_free(s);
}

Test(stacks, a_fault_of_the_kernel_ends_with_its_iret)
{
	struct stacks *s = stacks_new(&symbols);
	struct block entry = start(ENTRY, 1, END_IRET), read = block(READ, 100, END_OTHER);

	stacks_enter(s, &entry);
	cr_expect_not(stacks_block(s, &read));
	cr_expect_not(stacks_inside(s));
	cr_expect_eq(stacks_insns(s), 1);
	stacks_free(s);
}

Test(stacks, endless_calls_are_bounded)
{
	struct stacks *s = stacks_new(&symbols);
	struct block entry = start(ENTRY, 1, END_CALL);
	char *text;

	stacks_enter(s, &entry);
	for (int i = 0; i < 100000; i++)
		run(s, start(i % 2 ? FAULT : ALLOC, 1, END_CALL));
	cr_expect_eq(stacks_insns(s), 100001);
	text = printed(s);
	cr_expect_lt(strlen(text), 100000);
	free(text);
	stacks_free(s);
}

Test(symbols, names_of_addresses)
{
	static const char map[] = "ffffffff81000000 T _text\nffffffff81000000 T first\n"
				  "ffffffff81000010 t __pfx_second\nffffffff81000020 t second\n"
				  "ffffffff82000000 D data\nnonsense\n";
	char path[] = "/tmp/faultline-map-XXXXXX";
	int fd = mkstemp(path);
	struct symbols s;

	cr_assert_eq(write(fd, map, sizeof(map) - 1), (ssize_t)sizeof(map) - 1);
	close(fd);
	cr_assert(symbols_read(&s, path));
	cr_expect_str_eq(s.v[symbols_find(&s, 0xffffffff81000001)].name, "first");
	cr_expect_str_eq(s.v[symbols_find(&s, 0xffffffff81000fff)].name, "second");
	cr_expect_str_eq(s.v[symbols_find(&s, 5)].name, "?");
	cr_expect_eq(symbols_address(&s, "second"), 0xffffffff81000020);
	cr_expect_eq(symbols_address(&s, "data"), 0);
	symbols_release(&s);
	unlink(path);
	cr_expect_not(symbols_read(&s, path));
}
