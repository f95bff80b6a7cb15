/* SPDX-License-Identifier: Apache-2.0
 * cpu.h: one RV64IMAC_Zicsr_Zifencei hart in machine mode.
 *
 * Time is counted in clocks: an instruction takes one, plus the wait states of the bus behind it; a trap taken by an
 * instruction takes that instruction's clock; taking an interrupt takes none. cycle is the one count of clocks: the
 * machine around the hart reads it, and adds wait states to it inside the bus callbacks.
 *
 * Misaligned loads and stores are done in DRAM; elsewhere they are access faults. LR, SC and AMO work in DRAM only.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stdint.h>

enum cpu_cause {
#define EXCEPTION(name, code, what) CPU_CAUSE_##name = (code),
#include "cpu/trap.def"
};

enum cpu_irq {
#define INTERRUPT(name, bit, what) CPU_IRQ_##name = (bit),
#include "cpu/trap.def"
};

#define CPU_CAUSE_INTERRUPT (1ull << 63)
#define CPU_MSTATUS_MIE (1ull << 3)
#define CPU_MSTATUS_MPIE (1ull << 7)
#define CPU_MSTATUS_MPP (3ull << 11)

/* What lies outside DRAM. len is 1, 2, 4 or 8 bytes and addr is a multiple of it. false: access fault. When called,
 * cpu->pc is the instruction's and cpu->cycle its first clock; the callee adds the wait states to cpu->cycle. */
struct cpu_bus {
	void *ctx;
	bool (*load)(void *ctx, uint64_t addr, unsigned len, uint64_t *data);
	bool (*store)(void *ctx, uint64_t addr, unsigned len, uint64_t data);
	uint64_t (*time)(void *ctx); /* the time CSR, at cpu->cycle */
};

struct cpu_config {
	uint64_t dram_base; /* a multiple of 4096 */
	uint64_t dram_size; /* bytes, a multiple of 4096, not 0 */
	uint8_t *dram;      /* owned by the caller */
	struct cpu_bus bus;
};

struct code_page;
struct cpu_debug;

/* It has decoded code; its stores are told; a debugger looks at some of it. */
enum { CPU_CODE = 1, CPU_WATCHED = 2, CPU_DEBUGGED = 4 };

struct cpu {
	uint64_t x[33]; /* x[0] reads 0; decode sends its writes to x[32] */
	uint64_t pc;    /* the next instruction, while cpu_run is not running */
	uint64_t cycle; /* clocks since power-on */
	uint64_t lost;  /* clocks in which no instruction retired: minstret is cycle - lost */
	bool waiting;   /* in WFI, until mip & mie */
	unsigned priv;  /* 3: machine mode */
	uint64_t mstatus, mie, mip, mtvec, mscratch, mepc, mcause, mtval;
	uint64_t mcycle_offset, minstret_offset;
	uint64_t reserved_addr;  /* of LR */
	unsigned reserved_bytes; /* 0: no reservation */
	struct cpu_config config;
	uint8_t *code_map;        /* of a DRAM page: CPU_CODE, CPU_WATCHED, CPU_DEBUGGED */
	struct code_page **codes; /* and here it is */
	struct code_page *cross;  /* for an instruction that lies on two pages */
	void (*stored)(void *ctx, uint64_t addr, unsigned len); /* or NULL: see cpu_watch */
	void *stored_ctx;
	struct cpu_debug *debug; /* or NULL: debug.h */
	bool halt;               /* one of its points was hit: cpu_run returned early */
};

/* A hart in reset. Exits with status 2 when memory runs out. */
struct cpu *cpu_new(const struct cpu_config *config);
void cpu_free(struct cpu *cpu);

/* Power-on state, at pc, with a0 = mhartid. cycle goes on counting. */
void cpu_reset(struct cpu *cpu, uint64_t pc);

/* Run clocks > 0. Returns early after an access outside DRAM, a CSR write, MRET and WFI, so that the caller may look at
 * the world: calling again changes nothing but host time. A hart in WFI with no interrupt pending sleeps through all
 * the clocks. Interrupts are looked at once, before the first instruction. */
void cpu_run(struct cpu *cpu, uint64_t clocks);

/* Takes an interrupt that cpu_run would take before its first instruction. False: there is none. */
bool cpu_take_interrupt(struct cpu *cpu);

void cpu_set_irq(struct cpu *cpu, enum cpu_irq irq, bool level);

/* Someone else wrote DRAM: forget decoded code and a reservation there. Addresses outside DRAM do no harm. */
void cpu_memory_written(struct cpu *cpu, uint64_t addr, uint64_t len);

/* Tell cpu->stored of every store of the hart to the pages of DRAM that [addr, addr + len) lies on, after the store: cpu->pc
 * and cpu->cycle are the instruction's. It must not change the hart. This costs host time only. */
void cpu_watch(struct cpu *cpu, uint64_t addr, uint64_t len);
void cpu_unwatch(struct cpu *cpu); /* no page any more */

static inline bool cpu_interrupt_pending(const struct cpu *cpu)
{
	return (cpu->mip & cpu->mie) != 0;
}
static inline uint64_t cpu_instret(const struct cpu *cpu)
{
	return cpu->cycle - cpu->lost;
}

#endif
