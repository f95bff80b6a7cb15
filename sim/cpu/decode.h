/* SPDX-License-Identifier: Apache-2.0
 * decode.h: from instruction words to ops.
 */
#ifndef CPU_DECODE_H
#define CPU_DECODE_H

#include <stdint.h>

/* Instructions come twice, as 4-byte and as 2-byte code, so that the step to the next one is a constant. */
enum op_code {
	OP_DECODE, /* slot not decoded yet; must be 0 */
	OP_END,    /* past the end of the page: look up the next one */
	OP_CROSS,  /* 4-byte instruction on two pages, or one whose page is not fetched as a whole */
	OP_BREAK,  /* there may be a breakpoint: debug.h */
	OP_ILLEGAL_4,
	OP_ILLEGAL_2,
#define INSN(name, mask, match, format) OP_##name##_4, OP_##name##_2,
#include "cpu/insn.def"
	OP_CODES
};

/* Small, because a program's ops have to fit in the host's caches. Formats with an offset or rs3 have no imm. */
struct op {
	uint16_t code; /* enum op_code */
	uint8_t rd;    /* 1..32: 32 takes the writes to x0; of an f register 0..31 */
	uint8_t rs1;
	union {
		int32_t imm; /* immediate, shift amount or CSR number */
		struct {
			int16_t offset; /* of stores and branches; rm of floating point */
			uint8_t rs2;
			uint8_t rs3;
		};
	};
};

_Static_assert(sizeof(struct op) == 8, "an op is one word");

/* The 32-bit instruction that a 16-bit one stands for, or 0 when it is illegal. */
uint32_t rvc_expand(uint16_t half);

/* Decode the instruction that starts with the low bits of word. Never fails: what is no instruction is OP_ILLEGAL_*. */
struct op op_decode(uint32_t word);

static inline int op_is_short(uint32_t word)
{
	return (word & 3) != 3;
}

#endif
