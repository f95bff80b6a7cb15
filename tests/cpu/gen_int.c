/* SPDX-License-Identifier: Apache-2.0
 * gen_int.c: I, M and jumps.
 */
#include "gen.h"

#include "asm.h"

static unsigned rs1_of(uint32_t word)
{
	return word >> 15 & 31;
}
static unsigned rs2_of(uint32_t word)
{
	return word >> 20 & 31;
}

/* A fresh operand for a register, if it may be written. */
static void refresh(struct gen *g, unsigned reg, unsigned percent)
{
	if (chance(g, percent) && reg != 0 && reg < DATA)
		emit_operand(g, reg);
}

void group_int(struct gen *g)
{
	uint32_t word = draw_insn(g, EXT_I, KIND_ALU);

	refresh(g, rs1_of(word), 30);
	emit(g, EXT_I, word);
}

void group_mul(struct gen *g)
{
	uint32_t word = draw_insn(g, EXT_M, KIND_ALU);

	refresh(g, rs1_of(word), 40);
	refresh(g, rs2_of(word), 30);
	emit(g, EXT_M, word);
	if (chance(g, 50)) /* of the same two */
		emit(g, EXT_M, with_rs1(with_rs2(draw_insn(g, EXT_M, KIND_ALU), rs2_of(word)), rs1_of(word)));
}

/* One to three instructions that a jump passes, or comes back to. */
static void filler(struct gen *g)
{
	g->may_be_passed = true;
	for (int i = between(g, 1, 3); i > 0; i--)
		emit(g, EXT_I, draw_insn(g, EXT_I, KIND_ALU));
	g->may_be_passed = false;
}

static int distance(const struct gen *g, unsigned hole)
{
	return (int)g->at - (int)address_of(g, hole);
}

static void branch_forward(struct gen *g)
{
	uint32_t word = draw_insn(g, EXT_I, KIND_BRANCH);
	unsigned hole;

	if (chance(g, 30))
		word = with_rs2(word, rs1_of(word));
	refresh(g, rs1_of(word), 20);
	hole = emit_hole(g, EXT_I, 4);
	filler(g);
	patch(g, hole, asm_b(word & 0x707f, rs1_of(word), rs2_of(word), distance(g, hole)));
}

/* Over a filler, back to it, and on behind the branch. */
static void branch_back(struct gen *g)
{
	unsigned over = emit_hole(g, EXT_I, 4), out, target = g->at;
	unsigned rs1 = below(g, 32);

	filler(g);
	out = emit_hole(g, EXT_I, 4);
	patch(g, over, asm_jal(0, distance(g, over)));
	emit(g, EXT_I, asm_b(A_BEQ, rs1, rs1, (int)target - (int)g->at));
	patch(g, out, asm_jal(0, distance(g, out)));
}

static void jal_forward(struct gen *g)
{
	unsigned hole = emit_hole(g, EXT_I, 4);

	filler(g);
	patch(g, hole, asm_jal(draw_rd(g), distance(g, hole)));
}

/* bit 0 of the target is dropped */
static void jalr_forward(struct gen *g)
{
	unsigned base = draw_temp(g), start = g->piece_count, hole;

	emit(g, EXT_I, asm_auipc(base, 0));
	hole = emit_hole(g, EXT_I, 4);
	filler(g);
	patch(g, hole, asm_i(A_JALR, draw_rd(g), base, distance(g, start) + between(g, 0, 1)));
}

void group_jump(struct gen *g)
{
	static void (*const jumps[])(struct gen *) = {branch_forward, branch_forward, branch_forward,
						      branch_back,    jal_forward,    jalr_forward};

	jumps[below(g, sizeof jumps / sizeof jumps[0])](g);
}
