/* SPDX-License-Identifier: Apache-2.0
 * pages_stubs.c: the driver in M mode, and the gadgets.
 *
 * mscratch is x31 of the driver: the address of the case that comes next; x30 the end of the log.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>
#include "asm.h"
#include "pages.h"

enum { RESET = 0, TRAP = 0x100, DRIVER = 0x200, END = 0x500, CASE = 31, LOG = 30, STRIDE = 8 };
enum {
	STVEC = 0x105,
	SCOUNTEREN = 0x106,
	SEPC = 0x141,
	SCAUSE = 0x142,
	STVAL = 0x143,
	SATP = 0x180,
	MEDELEG = 0x302,
	MCOUNTEREN = 0x306,
	PMPCFG0 = 0x3a0,
	PMPADDR0 = 0x3b0
};

static const uint32_t instructions[] = {
	[PAGES_CALL] = A_ECALL,
	0x00058503, /* lb a0, 0(a1), and the other loads */
	0x00059503,
	0x0005a503,
	0x0005b503,
	0x0005c503,
	0x0005d503,
	0x0005e503,
	0x00a58023, /* sb a0, 0(a1), and the other stores */
	0x00a59023,
	0x00a5a023,
	0x00a5b023,
	0x0005b507, /* fld fa0, 0(a1) */
	0x00a5b027, /* fsd fa0, 0(a1) */
	0x1005b52f, /* lr.d a0, (a1) */
	0x18002573, /* csrr a0, satp */
	0x18001073, /* csrw satp, zero */
	0x12000073, /* sfence.vma */
	0x12b58073, /* sfence.vma a1, a1 */
	0x10200073, /* sret */
	0x30200073, /* mret */
	0x10500073, /* wfi */
	0x10002573, /* csrr a0, sstatus */
	0x10602573, /* csrr a0, scounteren */
	0x14002573, /* csrr a0, sscratch */
	0x34002573, /* csrr a0, mscratch */
	0x30002573, /* csrr a0, mstatus */
	0xc0002073, /* csrr zero, cycle */
	0xc0202073, /* csrr zero, instret */
	0x14d02573, /* csrr a0, stimecmp */
	0x0000100f, /* fence.i */
	A_EBREAK,
	0x00000000,
	0x00302573, /* csrr a0, fcsr */
};

unsigned pages_gadgets(void)
{
	return sizeof instructions / sizeof instructions[0];
}
uint64_t pages_gadget(unsigned index)
{
	return PAGES_GADGETS + STRIDE * index;
}
uint32_t pages_instruction(unsigned index)
{
	return instructions[index];
}
bool pages_waits(unsigned index)
{
	return instructions[index] == 0x10500073;
}

struct writer {
	uint8_t *dram;
	uint32_t at;
};

static void put(struct writer *w, uint32_t word)
{
	memcpy(w->dram + w->at, &word, sizeof word);
	w->at += 4;
}

static void write_reset(struct writer *w)
{
	w->at = RESET;
	put(w, asm_auipc(X5, 0));
	put(w, asm_i(A_ADDI, X6, X5, TRAP));
	put(w, asm_csr(A_CSRRW, X0, CSR_MTVEC, X6));
	put(w, asm_lui(X6, PAGES_CASE_AT >> 12));
	put(w, asm_r(0x33, CASE, X5, X6));
	put(w, asm_lui(X6, PAGES_LOG >> 12));
	put(w, asm_r(0x33, LOG, X5, X6));
	put(w, asm_i(A_ADDI, X6, X0, 0x1f)); /* of what the entries of the case leave, all is allowed */
	put(w, asm_csr(A_CSRRW, X0, PMPCFG0 + 2, X6));
	put(w, asm_i(A_ADDI, X6, X0, -1));
	put(w, asm_i(0x5013, X6, X6, 10)); /* srli */
	put(w, asm_csr(A_CSRRW, X0, PMPADDR0 + 8, X6));
	put(w, asm_i(A_ADDI, X6, X5, 0));
	put(w, asm_lui(X7, 1));
	put(w, asm_r(0x33, X6, X6, X7));
	put(w, asm_csr(A_CSRRW, X0, STVEC, X6)); /* the first gadget */
	put(w, asm_jal(X0, DRIVER - (int)w->at));
	assert(w->at <= TRAP);
}

static void put_csr(struct writer *w, unsigned csr, size_t at)
{
	put(w, asm_i(A_LD, X5, CASE, (int)at));
	put(w, asm_csr(A_CSRRW, X0, csr, X5));
}

static void write_driver(struct writer *w)
{
	w->at = DRIVER;
	put(w, asm_i(A_LD, X5, CASE, offsetof(struct pages_case, epc)));
	put(w, asm_b(A_BEQ, X5, X0, END - (int)w->at));
	put_csr(w, CSR_MEPC, offsetof(struct pages_case, epc));
	put_csr(w, SATP, offsetof(struct pages_case, satp));
	put_csr(w, MEDELEG, offsetof(struct pages_case, medeleg));
	put_csr(w, SEPC, offsetof(struct pages_case, sepc));
	put_csr(w, MCOUNTEREN, offsetof(struct pages_case, mcounteren));
	put_csr(w, SCOUNTEREN, offsetof(struct pages_case, scounteren));
	for (unsigned i = 0; i < 4; i++)
		put_csr(w, PMPADDR0 + i, offsetof(struct pages_case, addr) + 8 * i);
	put_csr(w, PMPCFG0, offsetof(struct pages_case, cfg));
	put(w, asm_csr(A_CSRRW, X0, SCAUSE, X0));
	put(w, asm_csr(A_CSRRW, X0, STVAL, X0));
	put(w, A_SFENCE_VMA);
	put(w, asm_i(A_LD, 10, CASE, offsetof(struct pages_case, a0)));
	put(w, asm_i(A_LD, 11, CASE, offsetof(struct pages_case, a1)));
	put(w, asm_i(A_LD, X7, CASE, offsetof(struct pages_case, epc)));
	put(w, asm_i(A_LD, X6, CASE, offsetof(struct pages_case, in_m)));
	put(w, asm_i(A_LD, X5, CASE, offsetof(struct pages_case, status)));
	put(w, asm_i(A_ADDI, CASE, CASE, sizeof(struct pages_case)));
	put(w, asm_csr(A_CSRRW, X0, CSR_MSTATUS, X5)); /* from here on loads may be another mode's */
	put(w, asm_b(A_BNE, X6, X0, 8));
	put(w, A_MRET);
	put(w, asm_i(A_JALR, X0, X7, 0));
	assert(w->at <= END);
}

/* MPP is M, or MPRV was cleared on the way out: stores are M mode's. */
static void write_trap(struct writer *w)
{
	static const struct {
		unsigned csr;
		size_t at;
	} saved[] = {
		{CSR_MCAUSE, offsetof(struct pages_result, cause)},
		{CSR_MEPC, offsetof(struct pages_result, epc)},
		{CSR_MTVAL, offsetof(struct pages_result, tval)},
		{CSR_MSTATUS, offsetof(struct pages_result, status)},
		{SCAUSE, offsetof(struct pages_result, scause)},
		{SEPC, offsetof(struct pages_result, sepc)},
		{STVAL, offsetof(struct pages_result, stval)},
	};

	w->at = TRAP;
	for (unsigned i = 0; i < sizeof saved / sizeof saved[0]; i++) {
		put(w, asm_csr(A_CSRRS, X5, saved[i].csr, X0));
		put(w, asm_s(A_SD, LOG, X5, (int)saved[i].at));
	}
	put(w, asm_s(A_SD, LOG, 10, offsetof(struct pages_result, a0)));
	put(w, asm_i(A_ADDI, LOG, LOG, sizeof(struct pages_result)));
	put(w, asm_lui(X5, 0x20)); /* MPRV */
	put(w, asm_csr(A_CSRRC, X0, CSR_MSTATUS, X5));
	put(w, asm_jal(X0, DRIVER - (int)w->at));
	assert(w->at <= DRIVER);
}

static void write_end(struct writer *w)
{
	w->at = END;
	put(w, asm_lui(X6, IMAGE_FINISHER >> 12));
	put(w, asm_lui(X7, 5));
	put(w, asm_i(A_ADDI, X7, X7, 0x555));
	put(w, asm_s(A_SW, X6, X7, 0));
	put(w, asm_jal(X0, 0));
}

void pages_stubs(uint8_t *dram)
{
	struct writer w = {.dram = dram};

	write_reset(&w);
	write_driver(&w);
	write_trap(&w);
	write_end(&w);
	w.at = PAGES_GADGETS;
	for (unsigned i = 0; i < pages_gadgets(); i++) {
		put(&w, instructions[i]);
		put(&w, A_ECALL);
	}
}
