/* SPDX-License-Identifier: Apache-2.0
 * asm.h: instruction words (unprivileged 2.2, 2.5). Offsets and immediates are the numbers that an assembler takes.
 */
#ifndef CPU_ASM_H
#define CPU_ASM_H

#include <stdint.h>

enum { X0 = 0, X1, X2, X5 = 5, X6, X7 };

enum {
	A_ADDI = 0x0013,
	A_ANDI = 0x7013,
	A_AND = 0x7033,
	A_JALR = 0x0067,
	A_LW = 0x2003,
	A_LD = 0x3003,
	A_LHU = 0x5003,
	A_SW = 0x2023,
	A_SD = 0x3023,
	A_FLD = 0x3007,
	A_FLW = 0x2007,
	A_FSD = 0x3027,
	A_BEQ = 0x0063,
	A_BNE = 0x1063,
	A_CSRRW = 0x1073,
	A_CSRRS = 0x2073,
	A_CSRRC = 0x3073,
	A_CSRRWI = 0x5073,
	A_MRET = 0x30200073,
	A_SRET = 0x10200073,
	A_ECALL = 0x00000073,
	A_EBREAK = 0x00100073,
	A_FENCE_I = 0x0000100f,
	A_SFENCE_VMA = 0x12000073,
	A_NOP = 0x00000013
};

enum {
	CSR_FFLAGS = 0x001,
	CSR_FRM = 0x002,
	CSR_FCSR = 0x003,
	CSR_MSTATUS = 0x300,
	CSR_MTVEC = 0x305,
	CSR_MSCRATCH = 0x340,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343
};

static inline uint32_t asm_r(uint32_t base, unsigned rd, unsigned rs1, unsigned rs2)
{
	return base | rd << 7 | rs1 << 15 | rs2 << 20;
}
static inline uint32_t asm_i(uint32_t base, unsigned rd, unsigned rs1, int imm)
{
	return base | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}
static inline uint32_t asm_s(uint32_t base, unsigned rs1, unsigned rs2, int imm)
{
	return base | ((uint32_t)imm & 31) << 7 | rs1 << 15 | rs2 << 20 | ((uint32_t)imm >> 5 & 127) << 25;
}
static inline uint32_t asm_b(uint32_t base, unsigned rs1, unsigned rs2, int offset)
{
	uint32_t o = (uint32_t)offset;

	return base | rs1 << 15 | rs2 << 20 | (o >> 11 & 1) << 7 | (o >> 1 & 15) << 8 | (o >> 5 & 63) << 25 |
	       (o >> 12 & 1) << 31;
}
static inline uint32_t asm_jal(unsigned rd, int offset)
{
	uint32_t o = (uint32_t)offset;

	return 0x6f | rd << 7 | (o >> 12 & 255) << 12 | (o >> 11 & 1) << 20 | (o >> 1 & 1023) << 21 |
	       (o >> 20 & 1) << 31;
}
static inline uint32_t asm_lui(unsigned rd, uint32_t pages)
{
	return 0x37 | rd << 7 | pages << 12;
}
static inline uint32_t asm_auipc(unsigned rd, uint32_t pages)
{
	return 0x17 | rd << 7 | pages << 12;
}
static inline uint32_t asm_csr(uint32_t base, unsigned rd, unsigned csr, unsigned rs1)
{
	return base | rd << 7 | rs1 << 15 | csr << 20;
}

/* 16 bits: c.j and c.beqz, c.bnez (unprivileged 16.4). */
static inline uint16_t asm_cj(int offset)
{
	uint32_t o = (uint32_t)offset;

	return (uint16_t)(0xa001 | (o >> 11 & 1) << 12 | (o >> 4 & 1) << 11 | (o >> 8 & 3) << 9 | (o >> 10 & 1) << 8 |
			  (o >> 6 & 1) << 7 | (o >> 7 & 1) << 6 | (o >> 1 & 7) << 3 | (o >> 5 & 1) << 2);
}
static inline uint16_t asm_cb(uint16_t base, unsigned rs1, int offset)
{
	uint32_t o = (uint32_t)offset;

	return (uint16_t)(base | (o >> 8 & 1) << 12 | (o >> 3 & 3) << 10 | (rs1 & 7) << 7 | (o >> 6 & 3) << 5 |
			  (o >> 1 & 3) << 3 | (o >> 5 & 1) << 2);
}

#endif
