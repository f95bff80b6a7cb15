/* SPDX-License-Identifier: Apache-2.0
 * rows.c: what a generator of programs must know of the instructions in sim/cpu/insn.def, by their opcodes
 * (unprivileged 24).
 */
#include "gen.h"

#include <stddef.h>

static const struct row rows[] = {
#define INSN(name, mask, match, format) {#name, mask, match},
#include "cpu/insn.def"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *const ext_names[EXTS] = {"I", "M", "A", "F", "D", "C", "Zicsr", "Zifencei"};

static unsigned funct3(const struct row *row)
{
	return row->match >> 12 & 7;
}
static unsigned funct5(const struct row *row)
{
	return row->match >> 27;
}
static unsigned opcode(const struct row *row)
{
	return row->match & 0x7f;
}

static bool is_fp_arithmetic(const struct row *row)
{
	unsigned op = opcode(row);

	return op == 0x53 || op == 0x43 || op == 0x47 || op == 0x4b || op == 0x4f;
}

static bool is_fp(const struct row *row)
{
	return is_fp_arithmetic(row) || opcode(row) == 0x07 || opcode(row) == 0x27;
}

enum kind row_kind(const struct row *row)
{
	if (is_fp_arithmetic(row))
		return KIND_ALU;
	switch (opcode(row)) {
	case 0x37:
	case 0x17:
	case 0x13:
	case 0x1b:
	case 0x33:
	case 0x3b:
		return KIND_ALU;
	case 0x03:
	case 0x07:
		return KIND_LOAD;
	case 0x23:
	case 0x27:
		return KIND_STORE;
	case 0x63:
		return KIND_BRANCH;
	case 0x6f:
		return KIND_JAL;
	case 0x67:
		return KIND_JALR;
	case 0x2f:
		return funct5(row) == 2 ? KIND_LR : funct5(row) == 3 ? KIND_SC : KIND_AMO;
	case 0x0f:
		return funct3(row) ? KIND_FENCE_I : KIND_ALU;
	case 0x73:
		return funct3(row) ? KIND_CSR : KIND_OTHER;
	default:
		return KIND_OTHER;
	}
}

enum ext row_ext(const struct row *row)
{
	if (is_fp_arithmetic(row)) /* fcvt.d.s is D, and so is fcvt.s.d */
		return (row->match >> 25 & 3) || (row->match & 0xfff0007f) == 0x40100053 ? EXT_D : EXT_F;
	if (is_fp(row))
		return funct3(row) == 3 ? EXT_D : EXT_F;
	if ((opcode(row) == 0x33 || opcode(row) == 0x3b) && row->match >> 25 == 1)
		return EXT_M;
	if (opcode(row) == 0x2f)
		return EXT_A;
	if (row_kind(row) == KIND_CSR)
		return EXT_ZICSR;
	return row_kind(row) == KIND_FENCE_I ? EXT_ZIFENCEI : EXT_I;
}

/* Comparisons, conversions to integers, moves to x and classes write x. */
bool row_writes_f(const struct row *row)
{
	unsigned f5 = funct5(row);

	if (opcode(row) == 0x07)
		return true;
	return is_fp_arithmetic(row) && !(opcode(row) == 0x53 && (f5 == 0x14 || f5 == 0x18 || f5 == 0x1c));
}

const struct row *row_find(uint32_t word)
{
	for (unsigned i = 0; i < ROWS; i++)
		if ((word & rows[i].mask) == rows[i].match)
			return &rows[i];
	return NULL;
}

const struct row *row_any(struct sim_rng *rng)
{
	return &rows[sim_rng_below(rng, ROWS)];
}
