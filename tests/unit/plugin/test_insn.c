/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>

#include "guest/plugin/insn.h"

#define DECODE(...) \
	prof_insn_decode((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* Bytes from objdump of a vmlinux. */
Test(insn, ends)
{
	cr_expect_eq(DECODE(0xe8, 0x87, 0x03, 0, 0).end, PROF_CALL);
	cr_expect_eq(DECODE(0x2e, 0xe8, 0x87, 0x03, 0, 0).end, PROF_CALL);
	cr_expect_eq(DECODE(0xff, 0xd0).end, PROF_CALL, "call *%%rax");
	cr_expect_eq(DECODE(0x41, 0xff, 0xd3).end, PROF_CALL, "call *%%r11");
	cr_expect_eq(DECODE(0x3e, 0xff, 0x50, 0x18).end, PROF_CALL, "notrack call *0x18(%%rax)");
	cr_expect_eq(DECODE(0xff, 0xe0).end, PROF_GO, "jmp *%%rax");
	cr_expect_eq(DECODE(0xff, 0x70, 0x08).end, PROF_GO, "push 8(%%rax)");
	cr_expect_eq(DECODE(0xc3).end, PROF_RET);
	cr_expect_eq(DECODE(0xf3, 0xc3).end, PROF_RET);
	cr_expect_eq(DECODE(0xc2, 0x08, 0).end, PROF_RET);
	cr_expect_eq(DECODE(0x48, 0xcf).end, PROF_IRET);
	cr_expect_eq(DECODE(0x0f, 0x05).end, PROF_GO);
	cr_expect_eq(DECODE(0x89, 0xc3).end, PROF_GO, "mov %%eax,%%ebx");
}

Test(insn, jumps)
{
	struct prof_insn insn = DECODE(0x75, 0xf0);

	cr_expect(insn.jumps);
	cr_expect_eq(insn.distance, -16);
	insn = DECODE(0x0f, 0x84, 0x00, 0x01, 0, 0);
	cr_expect(insn.jumps);
	cr_expect_eq(insn.distance, 256);
	insn = DECODE(0xe9, 0xfb, 0xff, 0xff, 0xff);
	cr_expect(insn.jumps);
	cr_expect_eq(insn.distance, -5);
	cr_expect_not(DECODE(0xff, 0xe0).jumps);
	cr_expect_not(DECODE(0x0f, 0x84, 0x00).jumps, "the page ends in it");
}

Test(insn, repeats)
{
	cr_expect(DECODE(0xf3, 0x48, 0xab).repeats, "rep stosq");
	cr_expect(DECODE(0xf3, 0xa4).repeats, "rep movsb");
	cr_expect_not(DECODE(0x48, 0xab).repeats);
	cr_expect_not(DECODE(0xf3, 0x90).repeats, "pause");
}

Test(insn, stack)
{
	cr_expect(DECODE(0x41, 0x57).pushes);
	cr_expect(DECODE(0x41, 0x5f).pops);
	cr_expect(DECODE(0x5d).pops);
	cr_expect_not(DECODE(0xff, 0x70, 0x08).pushes);
}

Test(insn, nothing_but_prefixes)
{
	cr_expect_eq(DECODE(0xf3, 0x48).end, PROF_GO);
	cr_expect_eq(prof_insn_decode(NULL, 0).end, PROF_GO);
}
