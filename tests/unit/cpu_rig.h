/* SPDX-License-Identifier: Apache-2.0
 * cpu_rig.h: a hart with a little DRAM and one word of device memory, for tests of single instructions.
 *
 * Instructions are words; those in tables come from an assembler that is not ours. The device word is at RIG_DEVICE;
 * each access to it takes RIG_WAIT wait states.
 */
#ifndef CPU_RIG_H
#define CPU_RIG_H

#include "unit.h"
#include "cpu/cpu.h"
#include "cpu/pmp.h"

#define RIG_BASE 0x80000000ull
#define RIG_SIZE 0x8000ull
#define RIG_DATA (RIG_BASE + 0x2000)
#define RIG_END (RIG_BASE + RIG_SIZE)
#define RIG_DEVICE 0x1000ull

enum { RA = 1, SP = 2, A0 = 10, A1 = 11, A2 = 12, RIG_WAIT = 5 };

struct rig {
	uint8_t dram[RIG_SIZE];
	struct cpu *cpu;
	uint64_t device; /* the word */
	unsigned accesses;
};

static inline bool rig_load(void *ctx, uint64_t addr, unsigned len, uint64_t *data)
{
	struct rig *rig = ctx;

	(void)len;
	if (addr != RIG_DEVICE)
		return false;
	*data = rig->device;
	rig->accesses++;
	rig->cpu->cycle += RIG_WAIT;
	return true;
}

static inline bool rig_store(void *ctx, uint64_t addr, unsigned len, uint64_t data)
{
	struct rig *rig = ctx;

	(void)len;
	if (addr != RIG_DEVICE)
		return false;
	rig->device = data;
	rig->accesses++;
	rig->cpu->cycle += RIG_WAIT;
	return true;
}

static inline uint64_t rig_time(void *ctx)
{
	struct rig *rig = ctx;

	return rig->cpu->cycle / 10;
}

static inline struct rig *rig_new(void)
{
	struct rig *rig = calloc(1, sizeof *rig);
	struct cpu_config config = {RIG_BASE, RIG_SIZE, NULL, {NULL, rig_load, rig_store, rig_time}};

	assert_non_null(rig);
	config.dram = rig->dram;
	config.bus.ctx = rig;
	rig->cpu = cpu_new(&config);
	return rig;
}

static inline void rig_free(struct rig *rig)
{
	cpu_free(rig->cpu);
	free(rig);
}

/* PMP entry 15 lets every mode do everything. */
static inline void rig_open_pmp(struct rig *rig)
{
	pmp_write_addr(rig->cpu, CPU_PMP_ENTRIES - 1, UINT64_MAX);
	pmp_write_cfg(rig->cpu, 2, 0x1full << 56); /* NAPOT, X, W, R */
}

/* Put a word of len bytes at addr, as someone else than the hart would. */
static inline void rig_put(struct rig *rig, uint64_t addr, uint64_t data, unsigned len)
{
	memcpy(rig->dram + (addr - RIG_BASE), &data, len);
	cpu_memory_written(rig->cpu, addr, len);
}

static inline uint64_t rig_get(const struct rig *rig, uint64_t addr, unsigned len)
{
	uint64_t data = 0;

	memcpy(&data, rig->dram + (addr - RIG_BASE), len);
	return data;
}

/* Execute one 4-byte instruction at pc. */
static inline void rig_do_at(struct rig *rig, uint64_t pc, uint32_t word)
{
	rig_put(rig, pc, word, 4);
	rig->cpu->pc = pc;
	cpu_run(rig->cpu, 1);
}

static inline void rig_do(struct rig *rig, uint32_t word)
{
	rig_do_at(rig, RIG_BASE, word);
}

/* The hart took an exception: where it was, why, and what with. Handlers are at mtvec. */
static inline void rig_trapped(const struct rig *rig, enum cpu_cause cause, uint64_t epc, uint64_t tval)
{
	assert_int_equal(rig->cpu->mcause, cause);
	assert_int_equal(rig->cpu->mepc, epc);
	assert_int_equal(rig->cpu->mtval, tval);
	assert_int_equal(rig->cpu->pc, rig->cpu->mtvec & ~3ull);
}

/* Encoders, unprivileged 2.2. */
static inline uint32_t enc_i(uint32_t base, uint32_t rd, uint32_t rs1, int32_t imm)
{
	return base | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

static inline uint32_t enc_s(uint32_t base, uint32_t rs1, uint32_t rs2, int32_t imm)
{
	return base | ((uint32_t)imm & 31) << 7 | rs1 << 15 | rs2 << 20 | ((uint32_t)imm >> 5 & 127) << 25;
}

static inline uint32_t enc_addi(uint32_t rd, uint32_t rs1, int32_t imm)
{
	return enc_i(0x13, rd, rs1, imm);
}
static inline uint32_t enc_csrrw(uint32_t rd, uint32_t csr, uint32_t rs1)
{
	return enc_i(0x1073, rd, rs1, (int32_t)csr);
}
static inline uint32_t enc_csrrs(uint32_t rd, uint32_t csr, uint32_t rs1)
{
	return enc_i(0x2073, rd, rs1, (int32_t)csr);
}

enum { ECALL = 0x00000073, EBREAK = 0x00100073, MRET = 0x30200073, WFI = 0x10500073, NOP = 0x00000013 };

#endif
