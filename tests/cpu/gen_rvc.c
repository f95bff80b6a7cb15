/* SPDX-License-Identifier: Apache-2.0
 * gen_rvc.c: C.
 */
#include "gen.h"

#include "asm.h"

enum rvc_kind {
	ALU,
	ALU_RD,
	ALU_RD_NOT_0,
	ALU_NOT_0,
	ALU_IMM_NOT_0,
	ALU_RS2_NOT_0,
	LOAD,
	STORE,
	LOAD_SP,
	LOAD_SP_F,
	STORE_SP,
	J,
	BZ,
	JR
};

struct rvc_row {
	uint16_t mask, match;
	enum rvc_kind kind;
};

static const struct rvc_row rvc_rows[] = {
#define RVC(name, mask, match, kind) {mask, match, kind},
#include "rvc.def"
};
enum { RVC_ROWS = sizeof rvc_rows / sizeof rvc_rows[0], SP = 2 };

static unsigned field(uint32_t half, unsigned high, unsigned low)
{
	return half >> low & ((2u << (high - low)) - 1);
}

/* Not reserved, and of x30 no write. */
static bool is_good(uint32_t half, enum rvc_kind kind)
{
	unsigned rd = field(half, 11, 7), low = field(half, 6, 2);
	bool imm = low || field(half, 12, 12);

	switch (kind) {
	case ALU_NOT_0:
		return field(half, 12, 5) != 0;
	case ALU_RD:
		return rd != DATA;
	case ALU_RD_NOT_0:
	case LOAD_SP:
		return rd != DATA && rd != 0;
	case ALU_IMM_NOT_0:
		return rd != DATA && imm;
	case ALU_RS2_NOT_0:
		return rd != DATA && low != 0;
	default:
		return true;
	}
}

static uint32_t draw_half(struct gen *g, const struct rvc_row *row)
{
	uint32_t half;

	do
		half = row->match | (sim_rng_next(&g->rng) & 0xffff & ~(uint32_t)row->mask);
	while (!is_good(half, row->kind));
	return half;
}

/* Any offset that these have is less than 512. */
static void emit_access(struct gen *g, uint32_t half, unsigned base, bool store)
{
	int at = store ? between(g, 0, 2000) : between(g, -2048, 2000);

	emit_base(g, base, chance(g, 70) ? at & ~7 : at);
	emit(g, EXT_C, half);
}

static void filler(struct gen *g)
{
	const struct rvc_row *row;

	g->may_be_passed = true;
	for (int i = between(g, 1, 3); i > 0; i--) {
		do
			row = &rvc_rows[below(g, RVC_ROWS)];
		while (row->kind > ALU_RS2_NOT_0);
		emit(g, EXT_C, draw_half(g, row));
	}
	g->may_be_passed = false;
}

static void emit_jump(struct gen *g, const struct rvc_row *row)
{
	unsigned hole, start, base, rs1 = 8 + below(g, 8);
	int distance;

	if (row->kind == JR) {
		base = draw_temp(g);
		start = g->piece_count;
		emit(g, EXT_I, asm_auipc(base, 0));
		hole = emit_hole(g, EXT_I, 4);
		emit(g, EXT_C, row->match | base << 7);
		filler(g);
		distance = (int)g->at - (int)address_of(g, start);
		patch(g, hole, asm_i(A_ADDI, base, base, distance + between(g, 0, 1)));
		return;
	}
	if (row->kind == BZ && chance(g, 40))
		emit(g, EXT_C, 0x4001 | rs1 << 7); /* c.li rs1, 0 */
	hole = emit_hole(g, EXT_C, 2);
	filler(g);
	distance = (int)g->at - (int)address_of(g, hole);
	patch(g, hole, row->kind == J ? asm_cj(distance) : asm_cb(row->match, rs1, distance));
}

static void emit_one(struct gen *g, const struct rvc_row *row)
{
	uint32_t half = draw_half(g, row);

	switch (row->kind) {
	case LOAD:
	case STORE:
		emit_access(g, half, 8 + field(half, 9, 7), row->kind == STORE);
		break;
	case LOAD_SP:
	case LOAD_SP_F:
	case STORE_SP:
		emit_access(g, half, SP, row->kind == STORE_SP);
		break;
	case J:
	case BZ:
	case JR:
		emit_jump(g, row);
		break;
	default:
		emit(g, EXT_C, half);
	}
}

void group_compressed(struct gen *g)
{
	for (int i = between(g, 1, 4); i > 0; i--)
		emit_one(g, &rvc_rows[below(g, RVC_ROWS)]);
}
