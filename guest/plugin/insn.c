/* SPDX-License-Identifier: GPL-2.0 */
#include "guest/plugin/insn.h"

#include <string.h>

static size_t prefixes(const uint8_t *bytes, size_t n, bool *rep)
{
	static const uint8_t legacy[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					  0x66, 0x67, 0xf0, 0xf2, 0xf3 };
	size_t i = 0;

	for (; i < n && memchr(legacy, bytes[i], sizeof(legacy)); i++)
		*rep = *rep || bytes[i] >= 0xf2;
	while (i < n && (bytes[i] & 0xf0) == 0x40)
		i++;
	return i;
}

static bool is_string(uint8_t opcode)
{
	return (opcode >= 0x6c && opcode <= 0x6f) || (opcode >= 0xa4 && opcode <= 0xa7) ||
	       (opcode >= 0xaa && opcode <= 0xaf);
}

/* jcc, jmp, loop and jrcxz with 8 bits; jmp and jcc with 32. */
static void decode_jump(struct prof_insn *insn, const uint8_t *at, size_t n)
{
	bool near8 = (at[0] & 0xf0) == 0x70 || at[0] == 0xeb || (at[0] >= 0xe0 && at[0] <= 0xe3);
	bool near32 = at[0] == 0xe9 || (n > 1 && at[0] == 0x0f && (at[1] & 0xf0) == 0x80);
	size_t from = at[0] == 0x0f ? 2 : 1;

	if (near8 && n == 2) {
		insn->jumps = true;
		insn->distance = at[1] < 128 ? at[1] : at[1] - 256;
	} else if (near32 && n == from + 4) {
		insn->jumps = true;
		memcpy(&insn->distance, at + from, 4);
	}
}

struct prof_insn prof_insn_decode(const uint8_t *bytes, size_t n)
{
	struct prof_insn insn = { .end = PROF_GO };
	bool rep = false;
	size_t i = prefixes(bytes, n, &rep);
	const uint8_t *at = bytes + i;

	if (i == n)
		return insn;
	n -= i;
	insn.repeats = rep && is_string(at[0]);
	insn.pushes = (at[0] & 0xf8) == 0x50;
	insn.pops = (at[0] & 0xf8) == 0x58;
	switch (at[0]) {
	case 0xe8:
		insn.end = PROF_CALL;
		break;
	case 0xff: /* /2 and /3 */
		if (n > 1 && (at[1] >> 4 & 3) == 1)
			insn.end = PROF_CALL;
		break;
	case 0xc2:
	case 0xc3:
	case 0xca:
	case 0xcb:
		insn.end = PROF_RET;
		break;
	case 0xcf:
		insn.end = PROF_IRET;
		break;
	default:
		decode_jump(&insn, at, n);
	}
	return insn;
}
