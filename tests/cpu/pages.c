/* SPDX-License-Identifier: Apache-2.0
 * pages.c: random tables and cases.
 *
 * The tables have few entries, and the addresses of the cases are made of their indices, so that most walks come far.
 * Physical addresses are those of the target pages, or of nothing at all; never those of tables, code or devices.
 */
#include "pages.h"

#include <string.h>
#include "asm.h"
#include "sim.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { SV39 = 8, SV48 = 9, PTES = 512, OF_LEVEL = PAGES_TABLE_COUNT / 4, PERCENT = 100 };

#define SUM (UINT64_C(1) << 18)
#define MXR (UINT64_C(1) << 19)
#define MPRV (UINT64_C(1) << 17)
#define TVM (UINT64_C(1) << 20)
#define TW (UINT64_C(1) << 21)
#define TSR (UINT64_C(1) << 22)
#define SPP (UINT64_C(1) << 8)
#define SPIE (UINT64_C(1) << 5)
#define ECALL_S (UINT64_C(1) << 9)
#define FETCH_ACCESS (UINT64_C(1) << 1)

struct maker {
	uint8_t *dram;
	struct sim_rng rng;
};

/* Indices in use, by level. Entries 2 and 3 of level 2, and 0 of level 3, are the good ways to the gadgets. */
static const uint16_t indices[4][18] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, 511},
	{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 255, 255},
	{4, 4, 4, 4, 4, 255, 255, 255, 255, 256, 256, 256, 511, 511, 511, 511, 5, 5},
	{1, 1, 1, 1, 1, 255, 255, 255, 255, 256, 256, 256, 511, 511, 511, 511, 0, 0},
};

static uint32_t below(struct maker *m, uint32_t n)
{
	return sim_rng_below(&m->rng, n);
}
static bool chance(struct maker *m, unsigned percent)
{
	return below(m, PERCENT) < percent;
}
static uint64_t draw64(struct maker *m)
{
	uint64_t high = sim_rng_next(&m->rng);

	return high << 32 | sim_rng_next(&m->rng);
}
static uint64_t some(struct maker *m, unsigned percent, uint64_t bits)
{
	return chance(m, percent) ? bits : 0;
}

static uint64_t table_at(unsigned level, unsigned index)
{
	return PAGES_TABLES + (level * OF_LEVEL + index) * UINT64_C(4096);
}
static uint64_t page_of(uint64_t offset)
{
	return (IMAGE_BASE + offset) >> 12;
}

static uint64_t leaf_page(struct maker *m, unsigned level)
{
	static const uint64_t holes[4] = {IMAGE_HOLE >> 12, IMAGE_HOLE >> 12, UINT64_C(0x1000000000) >> 12,
					  UINT64_C(0x8000000000) >> 12};

	if (chance(m, 5))
		return holes[level];
	if (level == 0 || chance(m, 15)) /* misaligned above */
		return page_of(PAGES_TARGETS) + below(m, PAGES_TARGET_COUNT);
	return page_of(PAGES_TARGETS) >> 9 * level << 9 * level;
}

/* No table is where nothing is: QEMU would call that a page fault, where 4.3.2, step 2, says access fault. */
static uint64_t draw_pte(struct maker *m, unsigned level)
{
	static const uint8_t permissions[] = {R,     R | W,     R | W,     X,         X, R | X,
					      R | X, R | W | X, R | W | X, R | W | X, W, W | X};
	uint64_t pte = some(m, 96, V) | some(m, 20, G);

	if (level > 0 && chance(m, 75)) {
		pte |= (IMAGE_BASE + table_at(level - 1, below(m, OF_LEVEL))) >> 12 << 10;
		return pte | some(m, 1, U) | some(m, 1, A) | some(m, 1, D) |
		       some(m, 1, UINT64_C(1) << (54 + below(m, 10)));
	}
	pte |= permissions[below(m, sizeof permissions)] | leaf_page(m, level) << 10;
	if (level == 0 && pte >> 10 == IMAGE_HOLE >> 12) /* QEMU ends when an instruction's second half is nowhere */
		pte &= ~(uint64_t)X;
	pte |= some(m, 50, U) | some(m, 60, A) | some(m, 50, D) | below(m, 4) << 8;
	return pte | some(m, 1, UINT64_C(1) << (54 + below(m, 10)));
}

static void set_pte(struct maker *m, uint64_t table, unsigned index, uint64_t pte)
{
	memcpy(m->dram + table + index * 8, &pte, 8);
}

static void write_tables(struct maker *m)
{
	const uint64_t good = IMAGE_BASE >> 12 << 10 | V | R | W | X | A | D;

	for (unsigned level = 0; level < 4; level++) {
		for (unsigned i = 0; i < OF_LEVEL; i++) {
			for (unsigned n = 0; n < 18; n++)
				set_pte(m, table_at(level, i), indices[level][n], draw_pte(m, level));
			if (level == 2) {
				set_pte(m, table_at(2, i), 2, good);
				set_pte(m, table_at(2, i), 3, good | U);
			}
			if (level == 3)
				set_pte(m, table_at(3, i), 0,
					(IMAGE_BASE + table_at(2, below(m, OF_LEVEL))) >> 12 << 10 | V);
		}
	}
}

/* A target can be executed at 0, 4, and from its last half-word into the page behind it. */
static void write_targets(struct maker *m)
{
	const uint32_t crossing = asm_i(A_ADDI, 10, 10, 1), call = A_ECALL;

	for (unsigned i = 0; i < PAGES_TARGET_COUNT; i++) {
		uint8_t *page = m->dram + PAGES_TARGETS + i * 4096;
		const uint16_t nop = 1;

		for (unsigned at = 0; at < 4096; at += 8) {
			uint64_t word = draw64(m);

			memcpy(page + at, &word, 8);
		}
		memcpy(page, (const uint8_t *)&crossing + 2, 2);
		memcpy(page + 2, &nop, 2);
		memcpy(page + 4, &call, 4);
		memcpy(page + 4094, &crossing, 2);
	}
}

static uint64_t draw_address(struct maker *m, unsigned mode)
{
	unsigned levels = mode == SV48 ? 4 : 3, bits = 12 + 9 * levels;
	uint64_t vaddr = 0;

	if (mode == 0)
		return IMAGE_BASE + PAGES_TARGETS + below(m, PAGES_TARGET_COUNT) * 4096;
	if (chance(m, 5)) /* S mode's good way */
		return IMAGE_BASE + PAGES_TARGETS + below(m, PAGES_TARGET_COUNT) * 4096;
	for (unsigned level = levels; level-- > 0;)
		vaddr = vaddr << 9 | indices[level][below(m, 18)];
	vaddr <<= 12;
	vaddr = (uint64_t)((int64_t)(vaddr << (64 - bits)) >> (64 - bits));
	return chance(m, 3) ? vaddr ^ UINT64_C(1) << (bits - 1 + below(m, 65 - bits)) : vaddr;
}

/* Of data: aligned, or not, or into the next page; what may be stored to holds no code. */
static uint64_t data_offset(struct maker *m, bool store)
{
	if (!store && chance(m, 15))
		return 4096 - below(m, 8);
	return chance(m, 70) ? 64 + below(m, 480) * 8 : 64 + below(m, 3840);
}

static uint64_t draw_status(struct maker *m, unsigned mpp)
{
	return (uint64_t)mpp << 11 | some(m, 40, SUM) | some(m, 30, MXR) | some(m, 25, TVM) | some(m, 25, TW) |
	       some(m, 25, TSR) | some(m, 50, SPP) | some(m, 50, SPIE) | (uint64_t)below(m, 4) << 13;
}

static uint64_t napot(uint64_t at, uint64_t size)
{
	return (at & ~(size - 1)) >> 2 | (size / 8 - 1);
}

/* Entries 0 to 3, of whole pages. The first is for tables: where they may be read they may be written, for QEMU does not
 * look whether it may set A and D. The others are for targets. A of pmpcfg: 0x08 TOR, 0x18 NAPOT. */
static void draw_pmp(struct maker *m, struct pages_case *c)
{
	static const uint8_t of_table[] = {0, 3, 4, 7}, of_target[] = {0, 1, 3, 4, 5, 7, 7, 7};
	static const uint8_t ways[] = {0x00, 0x08, 0x18, 0x18};
	uint64_t tables = IMAGE_BASE + PAGES_TABLES, page = 4096;

	if (chance(m, 60)) {
		c->addr[0] = napot(tables, PAGES_TABLE_COUNT * page);
		c->cfg = 0x1f;
	} else {
		c->addr[0] = napot(tables + below(m, PAGES_TABLE_COUNT) * page, page << below(m, 3));
		c->cfg = 0x18 | of_table[below(m, 4)];
	}
	for (unsigned i = 1; i < 4; i++) {
		uint64_t way = i == 1 ? 0x18 : ways[below(m, 4)];
		uint64_t at = IMAGE_BASE + PAGES_TARGETS + below(m, PAGES_TARGET_COUNT) * page;

		c->addr[i] = way == 0x18 ? napot(at, page << below(m, 5)) : at >> 2;
		c->cfg |= (way | of_target[below(m, 8)]) << 8 * i;
	}
}

static bool is_store(uint32_t word)
{
	return (word & 0x7f) == 0x23 || (word & 0x7f) == 0x27;
}
static bool is_memory(uint32_t word)
{
	return is_store(word) || (word & 0x7f) == 0x03 || (word & 0x7f) == 0x07 || (word & 0x7f) == 0x2f;
}

static struct pages_case draw_case(struct maker *m)
{
	static const unsigned modes[] = {0, SV39, SV39, SV39, SV39, SV48, SV48, SV48, SV48, SV48};
	unsigned mode = modes[below(m, 10)], priv = below(m, 2), gadget, kind = below(m, 10);
	uint64_t root = mode == SV48 ? table_at(3, below(m, OF_LEVEL)) : table_at(2, below(m, OF_LEVEL));
	struct pages_case c = {.medeleg = draw64(m) & 0xb3ff & ~(ECALL_S | FETCH_ACCESS),
			       .mcounteren = below(m, 8),
			       .scounteren = below(m, 8),
			       .a0 = draw64(m)};

	if (chance(m, 60))
		c.medeleg = 0;
	if (mode)
		c.satp = (uint64_t)mode << 60 | page_of(root);
	do
		gadget = below(m, pages_gadgets());
	while (kind < 6 && !is_memory(pages_instruction(gadget)));
	c.a1 = draw_address(m, mode);
	c.a1 += data_offset(m, is_store(pages_instruction(gadget)));
	if ((pages_instruction(gadget) & 0x7f) == 0x2f)
		c.a1 &= ~UINT64_C(7);
	c.status = draw_status(m, priv);
	if (pages_waits(gadget) && priv)
		c.status |= TW;
	c.epc = IMAGE_BASE + pages_gadget(gadget) + (priv == 0 && mode ? PAGES_GIB : 0);
	c.sepc = IMAGE_BASE + pages_gadget(PAGES_CALL) + (!(c.status & SPP) && mode ? PAGES_GIB : 0);
	if (kind >= 8) {
		static const uint16_t entries[] = {0, 4, 4, 4094};

		c.epc = draw_address(m, mode) + entries[below(m, 4)];
	} else if (kind < 2) {
		c.in_m = 1;
		c.epc = IMAGE_BASE + pages_gadget(gadget);
		c.status |= MPRV;
		if (chance(m, 20))
			c.status |= UINT64_C(3) << 11;
	}
	if (chance(m, 30)) {
		draw_pmp(m, &c);
		c.a1 &= ~UINT64_C(7); /* QEMU checks all of a misaligned access at where its first page lies */
	}
	return c;
}

void pages_program(uint8_t *dram, uint64_t seed)
{
	struct maker m = {.dram = dram};

	sim_rng_init(&m.rng, seed);
	pages_stubs(dram);
	write_tables(&m);
	write_targets(&m);
	for (unsigned i = 0; i < PAGES_CASES; i++) {
		struct pages_case c = draw_case(&m);

		memcpy(dram + PAGES_CASE_AT + i * sizeof c, &c, sizeof c);
	}
}
