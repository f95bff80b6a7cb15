/* SPDX-License-Identifier: Apache-2.0
 * gen_fp.c: F and D.
 */
#include "gen.h"

#include "asm.h"

enum { FROM_INTEGER = 0x1a, MOVE_FROM_X = 0x1e }; /* funct5 of what reads x */

static bool reads_x(uint32_t word)
{
	unsigned f5 = word >> 27;

	return (word & 0x7f) == 0x53 && (f5 == FROM_INTEGER || f5 == MOVE_FROM_X);
}

/* The row leaves bits 14:12 open: they are the rounding mode. */
static bool has_rm(uint32_t word)
{
	return !(row_find(word)->mask & 7u << 12);
}

static void arithmetic(struct gen *g, enum ext ext)
{
	uint32_t word = draw_insn(g, ext, KIND_ALU);
	unsigned rs1 = word >> 15 & 31, rs2 = word >> 20 & 31, rs3 = word >> 27;
	bool traps = false;

	if (reads_x(word)) {
		if (chance(g, 60) && rs1 != 0 && rs1 < DATA)
			emit_operand(g, rs1);
	} else {
		if (chance(g, 50))
			emit_operand_f(g, rs1);
		if (chance(g, 40))
			emit_operand_f(g, rs2);
		if (chance(g, 30))
			emit_operand_f(g, rs3);
	}
	if (has_rm(word)) {
		traps = chance(g, 1);
		word = with_rm(word, traps ? 5 + below(g, 2) : chance(g, 30) ? 7 : below(g, 5));
	}
	if (traps)
		emit_trap(g, ext, word);
	else
		emit(g, ext, word);
}

void group_single(struct gen *g)
{
	arithmetic(g, EXT_F);
	arithmetic(g, EXT_F);
}

void group_double(struct gen *g)
{
	arithmetic(g, EXT_D);
	arithmetic(g, EXT_D);
}
