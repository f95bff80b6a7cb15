/* SPDX-License-Identifier: Apache-2.0
 * decode.c: 32-bit instruction words to ops, by the table insn.def.
 */
#include "cpu/decode.h"

#include <stdbool.h>

/* FR and FI are R and I with a floating-point rd. */
enum format { FMT_R, FMT_I, FMT_S, FMT_B, FMT_U, FMT_J, FMT_SHIFT, FMT_CSR, FMT_NONE, FMT_FR, FMT_FI };

struct row {
	uint32_t mask, match;
	uint16_t code;
	uint8_t format;
};

static const struct row rows[] = {
#define INSN(name, mask, match, format) {mask, match, OP_##name##_4, FMT_##format},
#include "cpu/insn.def"
};

static int32_t sign_extend(uint32_t value, unsigned width)
{
	uint32_t sign = 1u << (width - 1);

	return (int32_t)((value ^ sign) - sign);
}

static uint32_t bits(uint32_t word, unsigned high, unsigned low)
{
	return word >> low & ((2u << (high - low)) - 1);
}

static int32_t immediate(uint32_t w, enum format format)
{
	switch (format) {
	case FMT_I:
	case FMT_FI:
		return sign_extend(bits(w, 31, 20), 12);
	case FMT_S:
		return sign_extend(bits(w, 31, 25) << 5 | bits(w, 11, 7), 12);
	case FMT_B:
		return sign_extend(
			bits(w, 31, 31) << 12 | bits(w, 7, 7) << 11 | bits(w, 30, 25) << 5 | bits(w, 11, 8) << 1, 13);
	case FMT_U:
		return (int32_t)(w & 0xfffff000);
	case FMT_J:
		return sign_extend(bits(w, 31, 31) << 20 | bits(w, 19, 12) << 12 | bits(w, 20, 20) << 11 |
					   bits(w, 30, 21) << 1,
				   21);
	case FMT_SHIFT:
		return (int32_t)bits(w, 25, 20);
	case FMT_CSR:
		return (int32_t)bits(w, 31, 20);
	case FMT_R:
	case FMT_FR: /* rm, where there is one */
		return (int32_t)bits(w, 14, 12);
	case FMT_NONE:
		break;
	}
	return 0;
}

static bool has_imm(enum format format)
{
	return format != FMT_R && format != FMT_FR && format != FMT_S && format != FMT_B;
}

/* Rows by bits 6:2 of the word, which no mask leaves out. Chains are made once. */
static const struct row *find_row(uint32_t word)
{
	enum { ROWS = sizeof rows / sizeof rows[0], CHAINS = 32 };
	static uint16_t first[CHAINS], next[ROWS + 1]; /* 1 + index of a row; 0 ends */
	static bool made;

	for (unsigned i = ROWS; !made && i-- > 0;) {
		next[i + 1] = first[rows[i].match >> 2 & 31];
		first[rows[i].match >> 2 & 31] = (uint16_t)(i + 1);
	}
	made = true;
	if ((word & 3) != 3)
		return 0;
	for (unsigned i = first[word >> 2 & 31]; i; i = next[i])
		if ((word & rows[i - 1].mask) == rows[i - 1].match)
			return &rows[i - 1];
	return 0;
}

struct op op_decode(uint32_t word)
{
	unsigned is_short = (unsigned)op_is_short(word);
	uint32_t full = is_short ? rvc_expand((uint16_t)word) : word;
	const struct row *row = find_row(full);
	struct op op = {.code = is_short ? OP_ILLEGAL_2 : OP_ILLEGAL_4};

	if (!row)
		return op;
	op.code = (uint16_t)(row->code + is_short);
	op.rd = (uint8_t)bits(full, 11, 7);
	if (op.rd == 0 && row->format != FMT_FR && row->format != FMT_FI)
		op.rd = 32;
	op.rs1 = (uint8_t)bits(full, 19, 15);
	if (has_imm(row->format)) {
		op.imm = immediate(full, row->format);
	} else {
		op.offset = (int16_t)immediate(full, row->format);
		op.rs2 = (uint8_t)bits(full, 24, 20);
		op.rs3 = (uint8_t)bits(full, 31, 27);
	}
	return op;
}
