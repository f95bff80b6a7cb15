/* SPDX-License-Identifier: Apache-2.0
 * stubs.c: the part of a random program that is not random.
 *
 * mscratch holds the end of the log, except in DUMP and the trap handler, where x31 does and mscratch keeps x31.
 */
#include "image.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include "asm.h"

enum { RESET = 0, DUMP = 0x100, TRAP = 0x300, END = 0x700, NEXT = 0x800 }; /* offsets to IMAGE_BASE */

struct writer {
	uint8_t *dram;
	uint32_t at;
};

static void put(struct writer *w, uint32_t word)
{
	memcpy(w->dram + w->at, &word, sizeof word);
	w->at += 4;
}

static int x_at(unsigned i)
{
	return (int)(offsetof(struct record, x) + 8 * i);
}
static int f_at(unsigned i)
{
	return (int)(offsetof(struct record, f) + 8 * i);
}

static void write_reset(struct writer *w)
{
	w->at = RESET;
	put(w, asm_auipc(X5, 0));
	put(w, asm_i(A_ADDI, X6, X5, TRAP));
	put(w, asm_csr(A_CSRRW, X0, CSR_MTVEC, X6));
	put(w, asm_lui(X6, 6)); /* mstatus.FS: dirty */
	put(w, asm_csr(A_CSRRS, X0, CSR_MSTATUS, X6));
	put(w, asm_lui(X6, IMAGE_LOG >> 12));
	put(w, asm_r(0x33, X6, X6, X5));
	put(w, asm_csr(A_CSRRW, X0, CSR_MSCRATCH, X6));
	put(w, asm_lui(X6, IMAGE_MTIMECMP >> 12)); /* QEMU's timer never comes */
	put(w, asm_i(A_ADDI, X7, X0, -1));
	put(w, asm_s(A_SD, X6, X7, 0));
	put(w, asm_jal(X0, NEXT - (int)w->at));
	assert(w->at <= DUMP);
}

static void write_dump(struct writer *w)
{
	w->at = DUMP;
	put(w, asm_csr(A_CSRRW, LINK, CSR_MSCRATCH, LINK));
	for (unsigned i = 1; i < LINK; i++)
		put(w, asm_s(A_SD, LINK, i, x_at(i)));
	for (unsigned i = 0; i < 32; i++)
		put(w, asm_s(A_FSD, LINK, i, f_at(i)));
	put(w, asm_csr(A_CSRRS, X5, CSR_FCSR, X0));
	put(w, asm_s(A_SD, LINK, X5, x_at(0)));
	put(w, asm_csr(A_CSRRS, X5, CSR_MSCRATCH, X0));
	put(w, asm_s(A_SD, LINK, X5, x_at(LINK)));
	put(w, asm_i(A_LD, X5, LINK, x_at(X5)));
	put(w, asm_i(A_ADDI, LINK, LINK, sizeof(struct record)));
	put(w, asm_csr(A_CSRRW, LINK, CSR_MSCRATCH, LINK));
	put(w, asm_i(A_JALR, X0, LINK, 0));
	assert(w->at <= TRAP);
}

static void save_csr(struct writer *w, unsigned csr, size_t at)
{
	put(w, asm_csr(A_CSRRS, X5, csr, X0));
	put(w, asm_s(A_SD, LINK, X5, (int)at));
}

/* Goes on behind the instruction; where none was fetched, the program called from x31. */
static void write_trap(struct writer *w)
{
	w->at = TRAP;
	put(w, asm_csr(A_CSRRW, LINK, CSR_MSCRATCH, LINK));
	put(w, asm_s(A_SD, LINK, X5, offsetof(struct trap, x5)));
	put(w, asm_s(A_SD, LINK, X6, offsetof(struct trap, x6)));
	put(w, asm_i(A_ADDI, X5, X0, -1));
	put(w, asm_s(A_SD, LINK, X5, offsetof(struct trap, mark)));
	save_csr(w, CSR_MSTATUS, offsetof(struct trap, status));
	save_csr(w, CSR_MTVAL, offsetof(struct trap, tval));
	save_csr(w, CSR_MEPC, offsetof(struct trap, epc));
	save_csr(w, CSR_MCAUSE, offsetof(struct trap, cause));
	put(w, asm_i(A_ADDI, X6, X5, -3));
	put(w, asm_b(A_BNE, X6, X0, 12));
	put(w, asm_s(A_SD, LINK, X0, offsetof(struct trap, tval)));
	put(w, asm_csr(A_CSRRW, X0, CSR_MTVAL, X0));
	put(w, asm_csr(A_CSRRS, X6, CSR_MSCRATCH, X0));
	put(w, asm_i(A_ADDI, X5, X5, -1));
	put(w, asm_b(A_BEQ, X5, X0, 32));
	put(w, asm_csr(A_CSRRS, X6, CSR_MEPC, X0));
	put(w, asm_i(A_LHU, X5, X6, 0));
	put(w, asm_i(A_ADDI, X6, X6, 2));
	put(w, asm_i(A_ANDI, X5, X5, 3));
	put(w, asm_i(A_ADDI, X5, X5, -3));
	put(w, asm_b(A_BNE, X5, X0, 8));
	put(w, asm_i(A_ADDI, X6, X6, 2));
	put(w, asm_csr(A_CSRRW, X0, CSR_MEPC, X6));
	put(w, asm_i(A_LD, X5, LINK, offsetof(struct trap, x5)));
	put(w, asm_i(A_LD, X6, LINK, offsetof(struct trap, x6)));
	put(w, asm_i(A_ADDI, LINK, LINK, sizeof(struct trap)));
	put(w, asm_csr(A_CSRRW, LINK, CSR_MSCRATCH, LINK));
	put(w, A_MRET);
	assert(w->at <= END);
}

/* All registers from the iteration's seeds. */
static void write_next(struct writer *w)
{
	w->at = NEXT;
	put(w, asm_auipc(X5, 0));
	put(w, asm_i(A_ADDI, X5, X5, IMAGE_STATE - NEXT));
	put(w, asm_i(A_LD, X6, X5, offsetof(struct image_state, left)));
	put(w, asm_b(A_BEQ, X6, X0, END - (int)w->at));
	put(w, asm_i(A_ADDI, X6, X6, -1));
	put(w, asm_s(A_SD, X5, X6, offsetof(struct image_state, left)));
	put(w, asm_i(A_LD, LINK, X5, offsetof(struct image_state, seed)));
	put(w, asm_i(A_ADDI, X6, LINK, sizeof(struct record)));
	put(w, asm_s(A_SD, X5, X6, offsetof(struct image_state, seed)));
	put(w, asm_i(A_LD, X5, LINK, x_at(0)));
	put(w, asm_csr(A_CSRRW, X0, CSR_FCSR, X5));
	for (unsigned i = 0; i < 32; i++)
		put(w, asm_i(A_FLD, i, LINK, f_at(i)));
	for (unsigned i = 1; i < 32; i++)
		put(w, asm_i(A_LD, i, LINK, x_at(i)));
	put(w, asm_jal(X0, IMAGE_CODE - (int)w->at));
	assert(w->at <= IMAGE_STATE);
}

/* x5 is the state. */
static void write_end(struct writer *w)
{
	w->at = END;
	put(w, asm_csr(A_CSRRS, X6, CSR_MSCRATCH, X0));
	put(w, asm_s(A_SD, X5, X6, offsetof(struct image_state, log_end)));
	put(w, asm_lui(X6, IMAGE_FINISHER >> 12));
	put(w, asm_lui(X7, 5));
	put(w, asm_i(A_ADDI, X7, X7, 0x555));
	put(w, asm_s(A_SW, X6, X7, 0));
	put(w, asm_jal(X0, 0));
	assert(w->at <= NEXT);
}

void stubs_write(uint8_t *dram, unsigned iterations)
{
	struct writer w = {.dram = dram};
	struct image_state state = {.left = iterations, .seed = IMAGE_BASE + IMAGE_SEEDS};

	write_reset(&w);
	write_dump(&w);
	write_trap(&w);
	write_next(&w);
	write_end(&w);
	memcpy(dram + IMAGE_STATE, &state, sizeof state);
}

uint64_t stubs_dump(void)
{
	return IMAGE_BASE + DUMP;
}
uint64_t stubs_next(void)
{
	return IMAGE_BASE + NEXT;
}
