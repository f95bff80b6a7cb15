/* SPDX-License-Identifier: Apache-2.0
 * csr.c: what each control and status register reads and takes; privileged architecture 1.12, chapters 2 to 4, and
 * Sstc.
 *
 * Counters are offsets to the count of clocks. A write to one is seen by the next instruction as written, hence the
 * + 1 below.
 */
#include "cpu/csr.h"

#include <assert.h>
#include "cpu/fast.h"
#include "cpu/mmu.h"
#include "cpu/pmp.h"
#include "cpu/trap.h"

/* MXL = 2 (64 bits), and a letter a bit. */
#define BIT_OF(letter) (1ull << ((letter) - 'A'))
static const uint64_t MISA = 2ull << 62 | BIT_OF('S') | BIT_OF('U')
#define LETTER(name, bit) | BIT_OF(bit)
#include "cpu/isa.def"
	;

#define S_IRQS (1ull << CPU_IRQ_SSI | 1ull << CPU_IRQ_STI | 1ull << CPU_IRQ_SEI)
#define M_IRQS (1ull << CPU_IRQ_MSI | 1ull << CPU_IRQ_MTI | 1ull << CPU_IRQ_MEI)

/* What of mstatus is written, and what of it sstatus shows and writes. */
#define SSTATUS_BITS \
	(CPU_MSTATUS_SIE | CPU_MSTATUS_SPIE | CPU_MSTATUS_SPP | CPU_MSTATUS_FS | CPU_MSTATUS_SUM | CPU_MSTATUS_MXR)
#define MSTATUS_BITS                                                                                                \
	(SSTATUS_BITS | CPU_MSTATUS_MIE | CPU_MSTATUS_MPIE | CPU_MSTATUS_MPP | CPU_MSTATUS_MPRV | CPU_MSTATUS_TVM | \
	 CPU_MSTATUS_TW | CPU_MSTATUS_TSR)
#define SSTATUS_XL (2ull << 32)

#define SATP_PPN ((1ull << 44) - 1)
enum { SATP_MODE_BIT = 60, SATP_BARE = 0, SATP_SV39 = 8, SATP_SV48 = 9 };
enum { CY = 1, TM = 2, IR = 4 }; /* of mcountinhibit and the counter enables */
enum { FFLAGS = 0x001, FCSR = 0x003, STIMECMP = 0x14d, SATP = 0x180, MIP = 0x344, PMPCFG = 0x3a0, PMPADDR = 0x3b0 };

/* MXR is the one bit that the fast tables have not as a set of their own. MPP has no mode 2. */
static void set_mstatus(struct cpu *cpu, uint64_t value)
{
	if ((value & CPU_MSTATUS_MPP) == 2ull << CPU_MSTATUS_MPP_BIT)
		value = (value & ~CPU_MSTATUS_MPP) | (cpu->mstatus & CPU_MSTATUS_MPP);
	if ((value ^ cpu->mstatus) & CPU_MSTATUS_MXR)
		fast_forget_loads(cpu);
	cpu->mstatus = value;
}

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

static uint64_t sd(const struct cpu *cpu)
{
	return (cpu->mstatus & CPU_MSTATUS_FS) == CPU_MSTATUS_FS ? CPU_MSTATUS_SD : 0;
}

static uint64_t read_mstatus(struct cpu *cpu)
{
	return cpu->mstatus | sd(cpu);
}
static void write_mstatus(struct cpu *cpu, uint64_t value)
{
	set_mstatus(cpu, (value & MSTATUS_BITS) | CPU_MSTATUS_XL);
}

static uint64_t read_sstatus(struct cpu *cpu)
{
	return (cpu->mstatus & SSTATUS_BITS) | SSTATUS_XL | sd(cpu);
}
static void write_sstatus(struct cpu *cpu, uint64_t value)
{
	set_mstatus(cpu, (cpu->mstatus & ~SSTATUS_BITS) | (value & SSTATUS_BITS));
}

static uint64_t read_misa(struct cpu *cpu)
{
	return (void)cpu, MISA;
}
static void write_misa(struct cpu *cpu, uint64_t value)
{
	(void)cpu, (void)value;
}

/* What is not delegated does not exist for S mode. */
static uint64_t read_sie(struct cpu *cpu)
{
	return cpu->mie & cpu->mideleg;
}
static void write_sie(struct cpu *cpu, uint64_t value)
{
	cpu->mie = (cpu->mie & ~cpu->mideleg) | (value & cpu->mideleg);
}

/* Mode 0 is direct, 1 vectored; the reserved ones keep the mode that was there. */
static uint64_t tvec(uint64_t old, uint64_t value)
{
	return (value & ~3ull) | ((value & 3) < 2 ? value & 3 : old & 3);
}

static uint64_t read_mtvec(struct cpu *cpu)
{
	return cpu->mtvec;
}
static void write_mtvec(struct cpu *cpu, uint64_t value)
{
	cpu->mtvec = tvec(cpu->mtvec, value);
}
static uint64_t read_stvec(struct cpu *cpu)
{
	return cpu->stvec;
}
static void write_stvec(struct cpu *cpu, uint64_t value)
{
	cpu->stvec = tvec(cpu->stvec, value);
}

/* The bits of M mode are pins only; STIP is the timer's while Sstc is enabled. */
static void set_soft(struct cpu *cpu, uint64_t writable, uint64_t value)
{
	if (cpu->menvcfg & CPU_ENVCFG_STCE)
		writable &= ~(1ull << CPU_IRQ_STI);
	cpu->soft_irqs = (cpu->soft_irqs & ~writable) | (value & writable);
	trap_update_pending(cpu);
}

static uint64_t read_mip(struct cpu *cpu)
{
	return cpu->mip;
}
static void write_mip(struct cpu *cpu, uint64_t value)
{
	set_soft(cpu, S_IRQS, value);
}
static uint64_t read_sip(struct cpu *cpu)
{
	return cpu->mip & cpu->mideleg;
}
static void write_sip(struct cpu *cpu, uint64_t value)
{
	set_soft(cpu, 1ull << CPU_IRQ_SSI & cpu->mideleg, value);
}

static uint64_t read_menvcfg(struct cpu *cpu)
{
	return cpu->menvcfg;
}
static void write_menvcfg(struct cpu *cpu, uint64_t value)
{
	cpu->menvcfg = value & (CPU_ENVCFG_FIOM | CPU_ENVCFG_STCE);
	cpu->timer_changed = true;
	trap_update_pending(cpu);
}

static uint64_t read_stimecmp(struct cpu *cpu)
{
	return cpu->stimecmp;
}
static void write_stimecmp(struct cpu *cpu, uint64_t value)
{
	cpu->stimecmp = value;
	cpu->timer_changed = true;
}

/* A write of a mode that there is not has no effect at all. */
static uint64_t read_satp(struct cpu *cpu)
{
	return cpu->satp;
}
static void write_satp(struct cpu *cpu, uint64_t value)
{
	uint64_t mode = value >> SATP_MODE_BIT;

	if (mode != SATP_BARE && mode != SATP_SV39 && mode != SATP_SV48)
		return;
	cpu->satp = mode << SATP_MODE_BIT | (value & SATP_PPN);
	mmu_forget(cpu);
}

static uint64_t counter(const struct cpu *cpu, unsigned bit, uint64_t count, uint64_t offset)
{
	return cpu->mcountinhibit & bit ? offset : count + offset;
}

static uint64_t counter_offset(const struct cpu *cpu, unsigned bit, uint64_t count, uint64_t value)
{
	return cpu->mcountinhibit & bit ? value : value - (count + 1);
}

static uint64_t read_mcycle(struct cpu *cpu)
{
	return counter(cpu, CY, cpu->cycle, cpu->mcycle_offset);
}
static void write_mcycle(struct cpu *cpu, uint64_t value)
{
	cpu->mcycle_offset = counter_offset(cpu, CY, cpu->cycle, value);
}
static uint64_t read_minstret(struct cpu *cpu)
{
	return counter(cpu, IR, cpu_instret(cpu), cpu->minstret_offset);
}
static void write_minstret(struct cpu *cpu, uint64_t value)
{
	cpu->minstret_offset = counter_offset(cpu, IR, cpu_instret(cpu), value);
}

static uint64_t read_mcountinhibit(struct cpu *cpu)
{
	return cpu->mcountinhibit;
}

/* The counters go on, or stop, with the values that they have after this instruction. */
static void write_mcountinhibit(struct cpu *cpu, uint64_t value)
{
	uint64_t cycle = read_mcycle(cpu), instret = read_minstret(cpu);

	cycle += !(cpu->mcountinhibit & CY);
	instret += !(cpu->mcountinhibit & IR);
	cpu->mcountinhibit = value & (CY | IR);
	write_mcycle(cpu, cycle);
	write_minstret(cpu, instret);
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

/* Registers that csr_allowed lets nobody write. */
static void write_never(struct cpu *cpu, uint64_t value)
{
	(void)value;
	assert(cpu == NULL); /* nobody may come here */
}

#define write_cycle write_never
#define write_time write_never
#define write_instret write_never

/* mhpmcounter3..31, mhpmevent3..31 and hpmcounter3..31 count nothing. */
static bool is_zero_counter(unsigned number)
{
	unsigned block = number & ~31u;

	return (block == 0xb00 || block == 0x320 || block == 0xc00) && (number & 31) >= 3;
}

/* RV64 has the even ones of pmpcfg. */
static bool is_pmp(unsigned number)
{
	return (number - PMPCFG < CPU_PMP_ENTRIES / 4 && number % 2 == 0) || number - PMPADDR < CPU_PMP_ENTRIES;
}

static bool exists(unsigned number)
{
	switch (number) {
#define CSR(n, name) case n:
#define PLAIN(n, name, writable) case n:
#define ZERO(n, name) case n:
#include "cpu/csr.def"
		return true;
	default:
		return is_zero_counter(number) || is_pmp(number);
	}
}

/* Counters are shown to S mode by mcounteren, to U mode by scounteren as well; floating point to nobody while FS is off. */
static bool enabled(const struct cpu *cpu, unsigned number)
{
	unsigned bit = 1u << (number & 31);

	if (number >= FFLAGS && number <= FCSR)
		return cpu->mstatus & CPU_MSTATUS_FS;
	if (cpu->priv == CPU_M)
		return true;
	if (number == SATP)
		return !(cpu->mstatus & CPU_MSTATUS_TVM);
	if (number == STIMECMP)
		return cpu->menvcfg & CPU_ENVCFG_STCE && cpu->mcounteren & TM;
	if ((number & ~31u) == 0xc00)
		return cpu->mcounteren & bit && (cpu->priv == CPU_S || cpu->scounteren & bit);
	return true;
}

bool csr_allowed(const struct cpu *cpu, unsigned number, bool write)
{
	bool read_only = (number >> 10 & 3) == 3;

	return exists(number) && cpu->priv >= (number >> 8 & 3) && !(write && read_only) && enabled(cpu, number);
}

static uint64_t read_range(const struct cpu *cpu, unsigned number)
{
	if (!is_pmp(number))
		return 0;
	return number < PMPADDR ? pmp_read_cfg(cpu, number - PMPCFG) : cpu->pmp.addr[number - PMPADDR];
}

static void write_range(struct cpu *cpu, unsigned number, uint64_t value)
{
	if (!is_pmp(number))
		return;
	if (number < PMPADDR)
		pmp_write_cfg(cpu, number - PMPCFG, value);
	else
		pmp_write_addr(cpu, number - PMPADDR, value);
	mmu_forget(cpu);
	fast_forget(cpu);
}

uint64_t csr_read(struct cpu *cpu, unsigned number)
{
	switch (number) {
#define CSR(n, name) \
	case n:      \
		return read_##name(cpu);
#define PLAIN(n, name, writable) \
	case n:                  \
		return cpu->name;
#define ZERO(n, name) \
	case n:       \
		return 0;
#include "cpu/csr.def"
	default:
		return read_range(cpu, number);
	}
}

/* The external interrupt's pin is not among them (3.1.9). */
uint64_t csr_base(struct cpu *cpu, unsigned number)
{
	const uint64_t sei = 1ull << CPU_IRQ_SEI;

	if (number == MIP)
		return (cpu->mip & ~sei) | (cpu->soft_irqs & sei);
	return csr_read(cpu, number);
}

static void set_bits(uint64_t *field, uint64_t writable, uint64_t value)
{
	*field = (*field & ~writable) | (value & writable);
}

void csr_write(struct cpu *cpu, unsigned number, uint64_t value)
{
	switch (number) {
#define CSR(n, name)                      \
	case n:                           \
		write_##name(cpu, value); \
		return;
#define PLAIN(n, name, writable)                       \
	case n:                                        \
		set_bits(&cpu->name, writable, value); \
		return;
#define ZERO(n, name) \
	case n:       \
		return;
#include "cpu/csr.def"
	default:
		write_range(cpu, number, value);
	}
}
