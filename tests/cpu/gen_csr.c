/* SPDX-License-Identifier: Apache-2.0
 * gen_csr.c: Zicsr and Zifencei.
 */
#include "gen.h"

#include "asm.h"

enum { SSTATUS = 0x100, FS_DIRTY = 6, READ_ONLY = 0xc00 }; /* FS_DIRTY: of LUI */

static const struct masked {
	unsigned number;
	uint64_t mask;
} masked[] = {
#define MASKED(number, name, mask) {number, mask},
#include "csrs.def"
};
enum { MASKS = sizeof masked / sizeof masked[0] };

unsigned csr_masks(uint64_t *masks)
{
	for (unsigned i = 0; i < MASKS; i++)
		masks[i] = masked[i].mask;
	return MASKS;
}

static unsigned other_temp(struct gen *g, unsigned temp)
{
	unsigned other;

	do
		other = draw_temp(g);
	while (other == temp);
	return other;
}

/* What the rest of the program relies on: FS, and mostly a rounding mode that is one. */
static void settle(struct gen *g, unsigned number, unsigned temp)
{
	if (number == CSR_MSTATUS || number == SSTATUS) {
		emit(g, EXT_I, asm_lui(temp, FS_DIRTY));
		emit(g, EXT_ZICSR, asm_csr(A_CSRRS, 0, CSR_MSTATUS, temp));
	} else if ((number == CSR_FRM || number == CSR_FCSR) && chance(g, 90)) {
		emit(g, EXT_ZICSR, asm_csr(A_CSRRWI, draw_rd(g), CSR_FRM, below(g, 5)));
	}
}

void group_csr(struct gen *g)
{
	unsigned which = below(g, MASKS), number = masked[which].number, value = draw_temp(g), mask;
	uint32_t word = draw_insn(g, EXT_ZICSR, KIND_CSR) & 0xfffff;
	bool immediate = word >> 14 & 1;

	word |= number << 20;
	g->whole++;
	if ((number & READ_ONLY) == READ_ONLY) {
		word = asm_csr(A_CSRRS, word >> 7 & 31, number, 0);
	} else if (immediate) {
		word = with_rs1(word, below(g, 32) & (unsigned)masked[which].mask);
	} else if (chance(g, 20) && (word >> 12 & 3) != 1) {
		word = with_rs1(word, 0); /* reads only */
	} else {
		mask = other_temp(g, value);
		emit_operand(g, value);
		emit(g, EXT_I, asm_i(A_LD, mask, DATA, CSR_MASKS + 8 * (int)which));
		emit(g, EXT_I, asm_r(A_AND, value, value, mask));
		word = with_rs1(word, value);
	}
	emit(g, EXT_ZICSR, word);
	if (chance(g, 60)) /* what it is now */
		emit(g, EXT_ZICSR, asm_csr(A_CSRRS, draw_rd(g), number, 0));
	settle(g, number, value);
	g->whole--;
}

/* Two words of code change places, and one of them is executed. */
static void swap_code(struct gen *g)
{
	unsigned base = draw_temp(g), one = other_temp(g, base), two;
	uint32_t start;
	enum { FIRST = 28, SECOND = 32 };

	do
		two = other_temp(g, base);
	while (two == one);
	g->whole++;
	start = g->at;
	emit(g, EXT_I, asm_auipc(base, 0));
	emit(g, EXT_I, asm_i(A_LW, one, base, FIRST));
	emit(g, EXT_I, asm_i(A_LW, two, base, SECOND));
	emit(g, EXT_I, asm_s(A_SW, base, one, SECOND));
	emit(g, EXT_I, asm_s(A_SW, base, two, FIRST));
	emit(g, EXT_ZIFENCEI, A_FENCE_I);
	emit(g, EXT_I, asm_jal(0, SECOND - (int)(g->at - start)));
	emit_data(g, draw_insn(g, EXT_I, KIND_ALU));
	emit(g, EXT_I, draw_insn(g, EXT_I, KIND_ALU));
	g->whole--;
}

void group_fence_i(struct gen *g)
{
	if (chance(g, 10))
		swap_code(g);
	else /* fields that mean nothing yet are ignored */
		emit(g, EXT_ZIFENCEI, draw_insn(g, EXT_ZIFENCEI, KIND_FENCE_I));
}
