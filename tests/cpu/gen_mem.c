/* SPDX-License-Identifier: Apache-2.0
 * gen_mem.c: loads and stores of x and f, and A.
 */
#include "gen.h"

#include "asm.h"

/* An offset to base that stays in the data: base is x30 + at; stores come no lower than x30. */
static int offset_from(struct gen *g, int at, bool store)
{
	int low = store ? -at : -4000 - at, high = 4000 - at;

	return between(g, low < -2048 ? -2048 : low, high > 2047 ? 2047 : high);
}

/* Half of them aligned to 8. */
static int align(struct gen *g, int offset)
{
	return chance(g, 50) ? offset & ~7 : offset;
}

void group_memory(struct gen *g)
{
	static const enum ext exts[] = {EXT_I, EXT_I, EXT_F, EXT_D};
	enum ext ext = exts[below(g, 4)];
	bool store = chance(g, 50);
	uint32_t word = draw_insn(g, ext, store ? KIND_STORE : KIND_LOAD);
	unsigned base = DATA;
	int at = 0;

	if (chance(g, 60)) {
		base = draw_temp(g);
		at = align(g, store ? between(g, 0, 2000) : between(g, -2048, 2000));
		emit_base(g, base, at);
	}
	at = offset_from(g, at, store);
	if (chance(g, 50))
		at &= ~7;
	if (store)
		emit(g, ext, asm_s(word & 0x707f, base, word >> 20 & 31, at));
	else
		emit(g, ext, with_rs1((word & 0xfffff) | (uint32_t)at << 20, base));
}

/* Misaligned it is LR alone that both machines agree about: QEMU tells of the load of an AMO (unprivileged 8.4 and
 * privileged 3.7.1 want the store's cause), and fails an SC without a look at its address. */
static void amo(struct gen *g)
{
	unsigned base = draw_temp(g);
	bool wide = chance(g, 50), misaligned = chance(g, 2);
	uint32_t word;

	do
		word = draw_insn(g, EXT_A, misaligned ? KIND_LR : KIND_AMO);
	while ((word >> 12 & 1) != wide);
	emit_base(g, base,
		  between(g, 0, 250) * 8 + (wide || chance(g, 50) ? 0 : 4) + (misaligned ? between(g, 1, 3) : 0));
	if (misaligned)
		emit_trap(g, EXT_A, with_rs1(word, base));
	else
		emit(g, EXT_A, with_rs1(word, base));
}

/* A store conditional without a reservation for its address fails. Nothing is stored between the two: machines may or
 * may not give up the reservation for that. */
static void reservation(struct gen *g)
{
	unsigned base, rd;
	int at = between(g, 0, 250) * 8;
	uint32_t lr, sc;

	do {
		lr = draw_insn(g, EXT_A, KIND_LR);
		sc = draw_insn(g, EXT_A, KIND_SC);
	} while ((lr ^ sc) >> 12 & 1);
	rd = lr >> 7 & 31;
	do
		base = draw_temp(g);
	while (base == (sc >> 7 & 31));
	g->whole++;
	emit_base(g, base, at);
	if (chance(g, 90))
		emit(g, EXT_A, with_rs1(lr, base));
	for (int i = between(g, 0, 2); i > 0; i--)
		emit(g, EXT_I, draw_insn(g, EXT_I, KIND_ALU));
	emit_base(g, base, chance(g, 80) ? at : at ^ 8);
	emit(g, EXT_A, with_rs1(chance(g, 30) ? with_rs2(sc, rd) : sc, base));
	g->whole--;
	if (chance(g, 50))
		emit(g, EXT_A, with_rs1(sc, base)); /* there is none any more */
}

void group_atomic(struct gen *g)
{
	if (chance(g, 70))
		amo(g);
	else
		reservation(g);
}
