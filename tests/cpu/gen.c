/* SPDX-License-Identifier: Apache-2.0
 * gen.c: programs from groups, and what the groups are made with.
 */
#include "gen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "asm.h"

enum { PIECES = IMAGE_CODE_BYTES / 2, GROUP_BYTES = 1024 }; /* at most; a group's bytes with all dumps */

uint32_t below(struct gen *g, uint32_t n)
{
	return sim_rng_below(&g->rng, n);
}
bool chance(struct gen *g, unsigned percent)
{
	return below(g, 100) < percent;
}
int between(struct gen *g, int low, int high)
{
	return low + (int)below(g, (uint32_t)(high - low + 1));
}
unsigned draw_temp(struct gen *g)
{
	return 1 + below(g, DATA - 1);
}
unsigned draw_rd(struct gen *g)
{
	unsigned rd = below(g, 31);

	return rd == DATA ? LINK : rd;
}
uint64_t draw64(struct gen *g)
{
	uint64_t high = sim_rng_next(&g->rng);

	return high << 32 | sim_rng_next(&g->rng);
}

uint32_t with_rd(uint32_t word, unsigned rd)
{
	return (word & ~(31u << 7)) | rd << 7;
}
uint32_t with_rs1(uint32_t word, unsigned rs1)
{
	return (word & ~(31u << 15)) | rs1 << 15;
}
uint32_t with_rs2(uint32_t word, unsigned rs2)
{
	return (word & ~(31u << 20)) | rs2 << 20;
}
uint32_t with_rm(uint32_t word, unsigned rm)
{
	return (word & ~(7u << 12)) | rm << 12;
}

uint32_t draw_insn(struct gen *g, enum ext ext, enum kind kind)
{
	const struct row *row;
	uint32_t word;

	do
		row = row_any(&g->rng);
	while (row_ext(row) != ext || row_kind(row) != kind);
	word = row->match | (sim_rng_next(&g->rng) & ~row->mask);
	if (row_writes_f(row) || kind == KIND_STORE || kind == KIND_BRANCH)
		return word;
	return with_rd(word, draw_rd(g));
}

static void dump(struct gen *g)
{
	uint32_t word = asm_jal(LINK, (int)(stubs_dump() - IMAGE_BASE) - (int)g->at);

	memcpy(g->dram + g->at, &word, 4);
	g->at += 4;
	g->dumps++;
}

static void append(struct gen *g, uint32_t bits, unsigned bytes)
{
	assert(g->piece_count < PIECES);
	g->pieces[g->piece_count++] = (struct piece){g->at, bits};
	memcpy(g->dram + g->at, &bits, bytes);
	g->at += bytes;
	if (g->fine && !g->whole)
		dump(g);
}

void emit(struct gen *g, enum ext ext, uint32_t bits)
{
	if (!g->may_be_passed)
		g->counts[ext]++;
	append(g, bits, (bits & 3) == 3 ? 4 : 2);
}

unsigned emit_hole(struct gen *g, enum ext ext, unsigned bytes)
{
	if (!g->may_be_passed)
		g->counts[ext]++;
	append(g, 0, bytes);
	return g->piece_count - 1;
}

void patch(struct gen *g, unsigned hole, uint32_t bits)
{
	g->pieces[hole].bits = bits;
	memcpy(g->dram + g->pieces[hole].at, &bits, (bits & 3) == 3 ? 4 : 2);
}

uint32_t address_of(const struct gen *g, unsigned hole)
{
	return g->pieces[hole].at;
}

void emit_data(struct gen *g, uint32_t word)
{
	memcpy(g->dram + g->at, &word, 4);
	g->at += 4;
}

void emit_trap(struct gen *g, enum ext ext, uint32_t bits)
{
	(void)ext;
	g->traps++;
	append(g, bits, (bits & 3) == 3 ? 4 : 2);
}

/* Above CSR_MASKS there are operands up to x30, and what the program stored behind it. */
static int operand_offset(struct gen *g)
{
	return chance(g, 85) ? between(g, CSR_MASKS / 8 + 64, -1) * 8 : between(g, 0, 255) * 8;
}

void emit_operand(struct gen *g, unsigned reg)
{
	emit(g, EXT_I, asm_i(A_LD, reg, DATA, operand_offset(g)));
}

void emit_operand_f(struct gen *g, unsigned reg)
{
	if (chance(g, 80))
		emit(g, EXT_D, asm_i(A_FLD, reg, DATA, operand_offset(g)));
	else
		emit(g, EXT_F, asm_i(A_FLW, reg, DATA, operand_offset(g)));
}

void emit_base(struct gen *g, unsigned reg, int offset)
{
	emit(g, EXT_I, asm_i(A_ADDI, reg, DATA, offset));
}

/* How often each group comes; with them each extension has its share. */
static const struct {
	unsigned weight;
	void (*group)(struct gen *g);
} groups[] = {
	{6, group_int},     {16, group_mul},     {6, group_jump},   {6, group_memory},
	{20, group_atomic}, {12, group_single},  {9, group_double}, {14, group_compressed},
	{16, group_csr},    {20, group_fence_i}, {2, group_trap},
};

static void draw_group(struct gen *g)
{
	unsigned total = 0, draw;

	for (unsigned i = 0; i < sizeof groups / sizeof groups[0]; i++)
		total += groups[i].weight;
	draw = below(g, total);
	for (unsigned i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		if (draw < groups[i].weight) {
			groups[i].group(g);
			return;
		}
		draw -= groups[i].weight;
	}
}

static bool has_room(const struct gen *g)
{
	uint64_t log = g->iterations * (g->dumps * sizeof(struct record) + g->traps * sizeof(struct trap));

	return g->at + GROUP_BYTES < IMAGE_CODE + IMAGE_CODE_BYTES && g->piece_count + GROUP_BYTES < PIECES &&
	       log + g->iterations * GROUP_BYTES * sizeof(struct record) / 8 < IMAGE_LOG_BYTES;
}

static void write_seeds(struct gen *g)
{
	for (unsigned i = 0; i < g->iterations; i++) {
		struct record seed;
		uint64_t words[IMAGE_DATA_BYTES / 8];
		uint32_t data = IMAGE_DATA + i * IMAGE_DATA_BYTES;

		for (unsigned n = 0; n < 32; n++) {
			seed.x[n] = draw_operand(g);
			seed.f[n] = draw_operand(g);
		}
		seed.fcsr = below(g, 5) << 5 | below(g, 32);
		seed.x[DATA] = IMAGE_BASE + data + IMAGE_DATA_BYTES / 2;
		for (unsigned n = 0; n < IMAGE_DATA_BYTES / 8; n++)
			words[n] = draw_operand(g);
		csr_masks(words + (IMAGE_DATA_BYTES / 2 + CSR_MASKS) / 8);
		memcpy(g->dram + IMAGE_SEEDS + i * sizeof seed, &seed, sizeof seed);
		memcpy(g->dram + data, words, sizeof words);
	}
}

void gen_program(struct gen *g, uint8_t *dram, uint64_t seed, unsigned iterations, bool fine)
{
	assert(iterations > 0 && iterations <= IMAGE_ITERATIONS);
	*g = (struct gen){.dram = dram, .fine = fine, .iterations = iterations, .at = IMAGE_CODE};
	g->pieces = sim_alloc(PIECES * sizeof g->pieces[0]);
	sim_rng_init(&g->rng, seed);
	stubs_write(dram, iterations);
	write_seeds(g);
	dump(g);
	while (has_room(g)) {
		draw_group(g);
		if (chance(g, 60) && !fine)
			dump(g);
	}
	dump(g);
	append(g, asm_jal(0, (int)(stubs_next() - IMAGE_BASE) - (int)g->at), 4);
}
