/* SPDX-License-Identifier: Apache-2.0
 * gen_trap.c: instructions that trap.
 *
 * What QEMU knows and we do not, or the other way, is kept out: performance counters are read by either in its own way.
 */
#include "gen.h"

#include "asm.h"

enum { FS_BITS = 6 }; /* of LUI */

/* A row with a bit of its mask flipped, that is no other row. */
static void illegal_word(struct gen *g)
{
	const struct row *row;
	uint32_t word, flip;

	do {
		row = row_any(&g->rng);
		word = row->match | (sim_rng_next(&g->rng) & ~row->mask);
		flip = 1u << between(g, 2, 31);
		word = chance(g, 80) ? word ^ (flip & row->mask) : sim_rng_next(&g->rng) | 3;
	} while (row_find(word) || (word & 0x1f) == 0x1f); /* longer than 32 bits */
	emit_trap(g, EXT_I, word);
}

/* Reserved encodings of unprivileged 16.8. */
static void illegal_half(struct gen *g)
{
	static const uint16_t halves[] = {0x0000, 0x8000, 0x6101, 0x6001, 0x9c41,
					  0x9c61, 0x4002, 0x6002, 0x8002, 0x000c};
	uint32_t half = halves[below(g, sizeof halves / sizeof halves[0])];

	if (half == 0x8000)
		half |= sim_rng_next(&g->rng) & 0x1ffc;
	else if (half == 0x9c41 || half == 0x9c61)
		half |= sim_rng_next(&g->rng) & 0x039c;
	else if (half == 0x6001)
		half |= sim_rng_next(&g->rng) & 0x0780; /* c.lui of 0 */
	else if (half == 0x4002 || half == 0x6002)
		half |= sim_rng_next(&g->rng) & 0x107c; /* rd 0 */
	emit_trap(g, EXT_C, half);
}

/* No register of this number is anywhere, or it is read-only. */
static void illegal_csr(struct gen *g)
{
	static const unsigned absent[] = {0x000, 0x004, 0x041, 0x0ff, 0x102, 0x107, 0x145, 0x1a0, 0x200, 0x300 + 0x0f,
					  0x3a1, 0x3a3, 0x3c0, 0x400, 0x5c0, 0x680, 0x7b3, 0x7c0, 0x800, 0x9ff,
					  0xaff, 0xbc0, 0xcc0, 0xdff, 0xe12, 0xf10, 0xf16, 0xfff};
	static const unsigned read_only[] = {0xf11, 0xf12, 0xf13, 0xf14, 0xf15, 0xc00, 0xc01, 0xc02};
	uint32_t word = draw_insn(g, EXT_ZICSR, KIND_CSR) & 0xfffff;

	if (chance(g, 60))
		emit_trap(g, EXT_ZICSR, word | absent[below(g, sizeof absent / sizeof absent[0])] << 20);
	else /* x30, and the immediate, are not 0: QEMU takes the value, and not the number, of rs1 for a sign of a write */
		emit_trap(g, EXT_ZICSR, with_rs1(word, DATA) | read_only[below(g, 8)] << 20);
}

static void call(struct gen *g)
{
	static const uint32_t words[] = {A_ECALL, A_EBREAK, 0x9002};

	emit_trap(g, EXT_I, words[below(g, 3)]);
}

/* Where nothing is. The jump's x31 tells the handler where to go on. */
static void access_fault(struct gen *g)
{
	unsigned base = draw_temp(g);
	enum ext ext = below(g, 2) ? EXT_I : EXT_D;
	bool store = chance(g, 50);
	uint32_t word = draw_insn(g, ext, store ? KIND_STORE : KIND_LOAD);

	emit(g, EXT_I, asm_lui(base, IMAGE_HOLE >> 12));
	if (chance(g, 25))
		emit_trap(g, EXT_I, asm_i(A_JALR, LINK, base, between(g, -1024, 1023) * 2));
	else if (store)
		emit_trap(g, ext, asm_s(word & 0x707f, base, word >> 20 & 31, between(g, -256, 255) * 8));
	else
		emit_trap(g, ext, with_rs1((word & 0xfffff) | (uint32_t)between(g, -256, 255) << 23, base));
}

/* Floating point while it is off, or on but not dirty. */
static void fs(struct gen *g)
{
	unsigned temp = draw_temp(g), rd = draw_rd(g);
	enum ext ext = chance(g, 50) ? EXT_F : EXT_D;
	uint32_t word = draw_insn(g, ext, KIND_ALU);

	g->whole++;
	emit(g, EXT_I, asm_lui(temp, FS_BITS));
	emit(g, EXT_ZICSR, asm_csr(A_CSRRC, 0, CSR_MSTATUS, temp));
	if (chance(g, 50)) {
		emit_trap(g, ext, chance(g, 80) ? word : asm_csr(A_CSRRS, rd, CSR_FFLAGS + below(g, 3), 0));
	} else {
		emit(g, EXT_I, asm_lui(temp, chance(g, 50) ? 2 : 4));
		emit(g, EXT_ZICSR, asm_csr(A_CSRRS, 0, CSR_MSTATUS, temp));
		emit_operand_f(g, below(g, 32)); /* QEMU forgets about flags that come with a result in x */
	}
	emit(g, EXT_ZICSR, asm_csr(A_CSRRS, rd, CSR_MSTATUS, 0));
	emit(g, EXT_I, asm_lui(temp, FS_BITS));
	emit(g, EXT_ZICSR, asm_csr(A_CSRRS, 0, CSR_MSTATUS, temp));
	g->whole--;
}

void group_trap(struct gen *g)
{
	static void (*const traps[])(struct gen *) = {illegal_word, illegal_half, illegal_csr, call, access_fault, fs};

	traps[below(g, sizeof traps / sizeof traps[0])](g);
}
