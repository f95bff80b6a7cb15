/* SPDX-License-Identifier: Apache-2.0
 * rvc.c: the C extension. A 16-bit instruction is expanded to the 32-bit one that it stands for (unprivileged 20191213,
 * chapter 16); reserved encodings expand to 0.
 */
#include "cpu/decode.h"

static uint32_t field(uint32_t half, unsigned high, unsigned low)
{
	return half >> low & ((2u << (high - low)) - 1);
}

/* Bit `from` of the instruction as bit `to` of an immediate. */
static uint32_t move(uint32_t half, unsigned from, unsigned to)
{
	return (half >> from & 1) << to;
}

static uint32_t sign_extend(uint32_t value, unsigned width)
{
	uint32_t sign = 1u << (width - 1);

	return (value ^ sign) - sign;
}

static uint32_t type_r(uint32_t base, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
	return base | rd << 7 | rs1 << 15 | rs2 << 20;
}

static uint32_t type_i(uint32_t base, uint32_t rd, uint32_t rs1, uint32_t imm)
{
	return base | rd << 7 | rs1 << 15 | (imm & 0xfff) << 20;
}

static uint32_t type_s(uint32_t base, uint32_t rs1, uint32_t rs2, uint32_t imm)
{
	return base | rs1 << 15 | rs2 << 20 | (imm & 0x1f) << 7 | (imm >> 5 & 0x7f) << 25;
}

static uint32_t type_b(uint32_t base, uint32_t rs1, uint32_t imm)
{
	return base | rs1 << 15 | move(imm, 11, 7) | field(imm, 4, 1) << 8 | field(imm, 10, 5) << 25 |
	       move(imm, 12, 31);
}

static uint32_t type_j(uint32_t rd, uint32_t imm)
{
	return 0x6f | rd << 7 | field(imm, 19, 12) << 12 | move(imm, 11, 20) | field(imm, 10, 1) << 21 |
	       move(imm, 20, 31);
}

enum {
	ADDI = 0x0013,
	ADDIW = 0x001b,
	ANDI = 0x7013,
	BEQ = 0x0063,
	BNE = 0x1063,
	EBREAK = 0x00100073,
	FLD = 0x3007,
	FSD = 0x3027,
	JALR = 0x0067,
	LD = 0x3003,
	LUI = 0x0037,
	LW = 0x2003,
	SD = 0x3023,
	SLLI = 0x1013,
	SRAI = 0x40005013,
	SRLI = 0x5013,
	SW = 0x2023,
	ADD = 0x0033
};

static uint32_t imm_ci(uint32_t h)
{
	return sign_extend(field(h, 12, 12) << 5 | field(h, 6, 2), 6);
}
static uint32_t shamt(uint32_t h)
{
	return field(h, 12, 12) << 5 | field(h, 6, 2);
}
static uint32_t offset_w(uint32_t h)
{
	return field(h, 12, 10) << 3 | move(h, 6, 2) | move(h, 5, 6);
}
static uint32_t offset_d(uint32_t h)
{
	return field(h, 12, 10) << 3 | field(h, 6, 5) << 6;
}

static uint32_t imm_cj(uint32_t h)
{
	return sign_extend(move(h, 12, 11) | move(h, 11, 4) | field(h, 10, 9) << 8 | move(h, 8, 10) | move(h, 7, 6) |
				   move(h, 6, 7) | field(h, 5, 3) << 1 | move(h, 2, 5),
			   12);
}

static uint32_t imm_cb(uint32_t h)
{
	return sign_extend(
		move(h, 12, 8) | field(h, 11, 10) << 3 | field(h, 6, 5) << 6 | field(h, 4, 3) << 1 | move(h, 2, 5), 9);
}

static uint32_t quadrant_0(uint32_t h)
{
	uint32_t rd = 8 + field(h, 4, 2), rs1 = 8 + field(h, 9, 7);
	uint32_t wide = field(h, 10, 7) << 6 | field(h, 12, 11) << 4 | move(h, 5, 3) | move(h, 6, 2);

	switch (field(h, 15, 13)) {
	case 0:
		return wide ? type_i(ADDI, rd, 2, wide) : 0;
	case 1:
		return type_i(FLD, rd, rs1, offset_d(h));
	case 2:
		return type_i(LW, rd, rs1, offset_w(h));
	case 3:
		return type_i(LD, rd, rs1, offset_d(h));
	case 5:
		return type_s(FSD, rs1, rd, offset_d(h));
	case 6:
		return type_s(SW, rs1, rd, offset_w(h));
	case 7:
		return type_s(SD, rs1, rd, offset_d(h));
	default:
		return 0;
	}
}

static uint32_t arithmetic(uint32_t h)
{
	static const uint32_t base[8] = {0x40000033, 0x4033, 0x6033, 0x7033, 0x4000003b, 0x003b, 0, 0};
	uint32_t rd = 8 + field(h, 9, 7), rs2 = 8 + field(h, 4, 2), which;

	switch (field(h, 11, 10)) {
	case 0:
		return type_i(SRLI, rd, rd, shamt(h));
	case 1:
		return type_i(SRAI, rd, rd, shamt(h));
	case 2:
		return type_i(ANDI, rd, rd, imm_ci(h));
	default:
		which = field(h, 12, 12) << 2 | field(h, 6, 5);
		return base[which] ? type_r(base[which], rd, rd, rs2) : 0;
	}
}

static uint32_t lui_or_addi16sp(uint32_t h)
{
	uint32_t rd = field(h, 11, 7);
	uint32_t imm =
		sign_extend(move(h, 12, 9) | move(h, 6, 4) | move(h, 5, 6) | field(h, 4, 3) << 7 | move(h, 2, 5), 10);

	if (imm_ci(h) == 0)
		return 0;
	if (rd == 2)
		return type_i(ADDI, 2, 2, imm);
	return LUI | rd << 7 | imm_ci(h) << 12;
}

static uint32_t quadrant_1(uint32_t h)
{
	uint32_t rd = field(h, 11, 7);

	switch (field(h, 15, 13)) {
	case 0:
		return type_i(ADDI, rd, rd, imm_ci(h));
	case 1:
		return rd ? type_i(ADDIW, rd, rd, imm_ci(h)) : 0;
	case 2:
		return type_i(ADDI, rd, 0, imm_ci(h));
	case 3:
		return lui_or_addi16sp(h);
	case 4:
		return arithmetic(h);
	case 5:
		return type_j(0, imm_cj(h));
	case 6:
		return type_b(BEQ, 8 + field(h, 9, 7), imm_cb(h));
	default:
		return type_b(BNE, 8 + field(h, 9, 7), imm_cb(h));
	}
}

/* C.JR, C.MV, C.EBREAK, C.JALR and C.ADD. */
static uint32_t jump_or_move(uint32_t h)
{
	uint32_t rd = field(h, 11, 7), rs2 = field(h, 6, 2);

	if (field(h, 12, 12) == 0) {
		if (rs2)
			return type_r(ADD, rd, 0, rs2);
		return rd ? type_i(JALR, 0, rd, 0) : 0;
	}
	if (rs2)
		return type_r(ADD, rd, rd, rs2);
	return rd ? type_i(JALR, 1, rd, 0) : EBREAK;
}

static uint32_t quadrant_2(uint32_t h)
{
	uint32_t rd = field(h, 11, 7), rs2 = field(h, 6, 2);
	uint32_t load_w = move(h, 12, 5) | field(h, 6, 4) << 2 | field(h, 3, 2) << 6;
	uint32_t load_d = move(h, 12, 5) | field(h, 6, 5) << 3 | field(h, 4, 2) << 6;
	uint32_t store_w = field(h, 12, 9) << 2 | field(h, 8, 7) << 6;
	uint32_t store_d = field(h, 12, 10) << 3 | field(h, 9, 7) << 6;

	switch (field(h, 15, 13)) {
	case 0:
		return type_i(SLLI, rd, rd, shamt(h));
	case 1:
		return type_i(FLD, rd, 2, load_d);
	case 2:
		return rd ? type_i(LW, rd, 2, load_w) : 0;
	case 3:
		return rd ? type_i(LD, rd, 2, load_d) : 0;
	case 4:
		return jump_or_move(h);
	case 5:
		return type_s(FSD, 2, rs2, store_d);
	case 6:
		return type_s(SW, 2, rs2, store_w);
	default:
		return type_s(SD, 2, rs2, store_d);
	}
}

uint32_t rvc_expand(uint16_t half)
{
	switch (half & 3) {
	case 0:
		return quadrant_0(half);
	case 1:
		return quadrant_1(half);
	case 2:
		return quadrant_2(half);
	default:
		return 0;
	}
}
