/* SPDX-License-Identifier: Apache-2.0
 * csr.c: what each control and status register reads and takes; privileged architecture 1.12, chapter 3.
 *
 * Counters are offsets to the count of clocks. A write to one is seen by the next instruction as written, hence the
 * + 1 below.
 */
#include "cpu/csr.h"

#include <assert.h>
#include <stddef.h>

/* MXL = 2 (64 bits), and a letter a bit. */
#define LETTER(c) (1ull << ((c) - 'A'))
#define MISA (2ull << 62 | LETTER('I') | LETTER('M') | LETTER('A') | LETTER('F') | LETTER('D') | LETTER('C'))
#define MIE_BITS (1ull << CPU_IRQ_MSI | 1ull << CPU_IRQ_MTI | 1ull << CPU_IRQ_MEI)

static uint64_t read_fflags(struct cpu *cpu)
{
	return cpu->fflags;
}
static uint64_t read_frm(struct cpu *cpu)
{
	return cpu->frm;
}
static uint64_t read_fcsr(struct cpu *cpu)
{
	return cpu->frm << 5 | cpu->fflags;
}
static uint64_t read_mstatus(struct cpu *cpu)
{
	return cpu->mstatus | ((cpu->mstatus & CPU_MSTATUS_FS) == CPU_MSTATUS_FS ? CPU_MSTATUS_SD : 0);
}
static uint64_t read_misa(struct cpu *cpu)
{
	return (void)cpu, MISA;
}
static uint64_t read_mie(struct cpu *cpu)
{
	return cpu->mie;
}
static uint64_t read_mtvec(struct cpu *cpu)
{
	return cpu->mtvec;
}
static uint64_t read_mscratch(struct cpu *cpu)
{
	return cpu->mscratch;
}
static uint64_t read_mepc(struct cpu *cpu)
{
	return cpu->mepc;
}
static uint64_t read_mcause(struct cpu *cpu)
{
	return cpu->mcause;
}
static uint64_t read_mtval(struct cpu *cpu)
{
	return cpu->mtval;
}
static uint64_t read_mip(struct cpu *cpu)
{
	return cpu->mip;
}
static uint64_t read_mcycle(struct cpu *cpu)
{
	return cpu->cycle + cpu->mcycle_offset;
}
static uint64_t read_minstret(struct cpu *cpu)
{
	return cpu_instret(cpu) + cpu->minstret_offset;
}
static uint64_t read_cycle(struct cpu *cpu)
{
	return read_mcycle(cpu);
}
static uint64_t read_time(struct cpu *cpu)
{
	return cpu->config.bus.time(cpu->config.bus.ctx);
}
static uint64_t read_instret(struct cpu *cpu)
{
	return read_minstret(cpu);
}
static uint64_t read_mvendorid(struct cpu *cpu)
{
	return (void)cpu, 0;
}
static uint64_t read_marchid(struct cpu *cpu)
{
	return (void)cpu, 0;
}
static uint64_t read_mimpid(struct cpu *cpu)
{
	return (void)cpu, 0;
}
static uint64_t read_mhartid(struct cpu *cpu)
{
	return (void)cpu, 0;
}
static uint64_t read_mconfigptr(struct cpu *cpu)
{
	return (void)cpu, 0;
}

static void write_fcsr(struct cpu *cpu, uint64_t value)
{
	cpu->fflags = value & 31;
	cpu->frm = value >> 5 & 7;
	cpu->mstatus |= CPU_MSTATUS_FS;
}
static void write_fflags(struct cpu *cpu, uint64_t value)
{
	write_fcsr(cpu, cpu->frm << 5 | (value & 31));
}
static void write_frm(struct cpu *cpu, uint64_t value)
{
	write_fcsr(cpu, value << 5 | cpu->fflags);
}

static void write_mstatus(struct cpu *cpu, uint64_t value)
{
	cpu->mstatus = (value & (CPU_MSTATUS_MIE | CPU_MSTATUS_MPIE | CPU_MSTATUS_FS)) | CPU_MSTATUS_MPP;
}

static void write_misa(struct cpu *cpu, uint64_t value)
{
	(void)cpu, (void)value;
}
static void write_mie(struct cpu *cpu, uint64_t value)
{
	cpu->mie = value & MIE_BITS;
}

/* Mode 0 is direct, 1 vectored; the reserved ones keep the mode that was there. */
static void write_mtvec(struct cpu *cpu, uint64_t value)
{
	cpu->mtvec = (value & ~3ull) | ((value & 3) < 2 ? value & 3 : cpu->mtvec & 3);
}

static void write_mscratch(struct cpu *cpu, uint64_t value)
{
	cpu->mscratch = value;
}
static void write_mepc(struct cpu *cpu, uint64_t value)
{
	cpu->mepc = value & ~1ull;
}
static void write_mcause(struct cpu *cpu, uint64_t value)
{
	cpu->mcause = value;
}
static void write_mtval(struct cpu *cpu, uint64_t value)
{
	cpu->mtval = value;
}

/* The three bits that exist are wired to CLINT and PLIC. */
static void write_mip(struct cpu *cpu, uint64_t value)
{
	(void)cpu, (void)value;
}
static void write_mcycle(struct cpu *cpu, uint64_t value)
{
	cpu->mcycle_offset = value - (cpu->cycle + 1);
}

static void write_minstret(struct cpu *cpu, uint64_t value)
{
	cpu->minstret_offset = value - (cpu_instret(cpu) + 1);
}

/* Registers that csr_allowed lets nobody write. */
static void write_never(struct cpu *cpu, uint64_t value)
{
	(void)value;
	assert(cpu == NULL); /* nobody may come here */
}

#define write_cycle write_never
#define write_time write_never
#define write_instret write_never
#define write_mvendorid write_never
#define write_marchid write_never
#define write_mimpid write_never
#define write_mhartid write_never
#define write_mconfigptr write_never

/* mhpmcounter3..31, mhpmevent3..31 and hpmcounter3..31 count nothing. */
static bool is_zero_counter(unsigned number)
{
	unsigned block = number & ~31u;

	return (block == 0xb00 || block == 0x320 || block == 0xc00) && (number & 31) >= 3;
}

static bool exists(unsigned number)
{
	switch (number) {
#define CSR(n, name) case n:
#include "cpu/csr.def"
		return true;
	default:
		return is_zero_counter(number);
	}
}

bool csr_allowed(const struct cpu *cpu, unsigned number, bool write)
{
	bool read_only = (number >> 10 & 3) == 3, fp = number >= 1 && number <= 3;

	if (fp && !(cpu->mstatus & CPU_MSTATUS_FS))
		return false;
	return exists(number) && cpu->priv >= (number >> 8 & 3) && !(write && read_only);
}

uint64_t csr_read(struct cpu *cpu, unsigned number)
{
	switch (number) {
#define CSR(n, name) \
	case n:      \
		return read_##name(cpu);
#include "cpu/csr.def"
	default:
		assert(is_zero_counter(number));
		return 0;
	}
}

void csr_write(struct cpu *cpu, unsigned number, uint64_t value)
{
	switch (number) {
#define CSR(n, name)                      \
	case n:                           \
		write_##name(cpu, value); \
		return;
#include "cpu/csr.def"
	default:
		assert(is_zero_counter(number));
	}
}
