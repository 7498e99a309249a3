/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GUEST_PLUGIN_INSN_H
#define GUEST_PLUGIN_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How an instruction goes on: PROF_GO is a jump, or simply the next one. */
enum prof_end { PROF_GO, PROF_CALL, PROF_RET, PROF_IRET };

struct prof_insn {
	enum prof_end end;
	bool repeats;      /* a string instruction with rep: QEMU runs it as a block an iteration */
	bool jumps;        /* directly, by `distance` from its own end */
	bool pushes, pops; /* a register */
	int32_t distance;
};

/* An x86-64 instruction of n bytes, as far as control flow goes. */
struct prof_insn prof_insn_decode(const uint8_t *bytes, size_t n);

#endif
