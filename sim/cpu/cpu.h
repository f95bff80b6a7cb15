/* SPDX-License-Identifier: Apache-2.0
 * cpu.h: one RV64GC hart with Zicsr, Zifencei, Zicntr and Sstc, machine, supervisor and user mode, Sv39, Sv48 and 16 PMP
 * entries.
 *
 * Time is counted in clocks: an instruction takes one, plus the wait states of the bus behind it; a trap taken by an
 * instruction takes that instruction's clock; taking an interrupt takes none, and neither does a walk of page tables.
 * cycle is the one count of clocks: the machine around the hart reads it, and adds wait states to it inside the bus
 * callbacks.
 *
 * Misaligned loads and stores are done in DRAM; elsewhere they are access faults. LR, SC and AMO work in DRAM only.
 * Instructions come from DRAM only. A page's accessed and dirty bits are set by the hart.
 */
#ifndef CPU_H
#define CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cpu_cause {
#define EXCEPTION(name, code, what) CPU_CAUSE_##name = (code),
#include "cpu/trap.def"
};

enum cpu_irq {
#define INTERRUPT(name, bit, what) CPU_IRQ_##name = (bit),
#include "cpu/trap.def"
};

enum { CPU_U = 0, CPU_S = 1, CPU_M = 3 }; /* cpu->priv */

#define CPU_CAUSE_INTERRUPT (1ull << 63)
#define CPU_MSTATUS_SIE (1ull << 1)
#define CPU_MSTATUS_MIE (1ull << 3)
#define CPU_MSTATUS_SPIE (1ull << 5)
#define CPU_MSTATUS_MPIE (1ull << 7)
#define CPU_MSTATUS_SPP (1ull << 8)
#define CPU_MSTATUS_MPP (3ull << 11)
#define CPU_MSTATUS_MPP_BIT 11
#define CPU_MSTATUS_FS (3ull << 13) /* 0: off; 3: dirty */
#define CPU_MSTATUS_MPRV (1ull << 17)
#define CPU_MSTATUS_SUM (1ull << 18)
#define CPU_MSTATUS_MXR (1ull << 19)
#define CPU_MSTATUS_TVM (1ull << 20)
#define CPU_MSTATUS_TW (1ull << 21)
#define CPU_MSTATUS_TSR (1ull << 22)
#define CPU_MSTATUS_XL (0xaull << 32) /* UXL and SXL: 64 bits */
#define CPU_MSTATUS_SD (1ull << 63)   /* read only: FS is dirty */
#define CPU_ENVCFG_FIOM (1ull << 0)
#define CPU_ENVCFG_STCE (1ull << 63)

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

enum { CPU_PMP_ENTRIES = 16 };

struct cpu_pmp {
	uint8_t cfg[CPU_PMP_ENTRIES];
	uint64_t addr[CPU_PMP_ENTRIES];
	uint64_t first[CPU_PMP_ENTRIES], last[CPU_PMP_ENTRIES]; /* bytes that an entry covers; first > last: none */
	unsigned count;                                         /* entries up to the last one that is not off */
};

/* What the hart remembers of page tables; see mmu.h. All zero: nothing. */
enum { CPU_TLB_ENTRIES = 1024 };

struct cpu_tlb_entry {
	uint64_t tag;  /* virtual page | 1 */
	uint64_t leaf; /* physical page | low byte of its PTE | level << 8 */
};

struct cpu_tlb {
	struct cpu_tlb_entry code[CPU_TLB_ENTRIES], data[CPU_TLB_ENTRIES];
	uint64_t super[4]; /* superpages remembered, by level: bit (virtual page number of that level) % 64 */
};

struct code_page;
struct cpu_debug;
struct cpu_profile;
struct fast;

enum {
	CPU_CODE = 1,
	CPU_WATCHED = 2,
	CPU_STORES = 4,
	CPU_DEBUGGED = 8
}; /* of a page: code.h, cpu_watch, fast.h, debug.h */

struct cpu {
	/* The state: plain data up to config, and all that a checkpoint needs besides DRAM. */
	uint64_t x[33]; /* x[0] reads 0; decode sends its writes to x[32] */
	uint64_t f[32]; /* a single is boxed: fp.h */
	unsigned frm, fflags;
	uint64_t pc;        /* the next instruction, while cpu_run is not running */
	uint64_t cycle;     /* clocks since power-on */
	uint64_t lost;      /* clocks in which no instruction retired: minstret is cycle - lost */
	bool waiting;       /* in WFI, until mip & mie */
	bool timer_changed; /* stimecmp or its enable was written; cleared by whoever looks at cpu_stimecmp */
	unsigned priv;
	unsigned trap_loops; /* exceptions in a row whose handler is the very instruction that raised them */
	uint64_t mstatus, mie, mtvec, mscratch, mepc, mcause, mtval;
	uint64_t mip;             /* of the two below; written by cpu.c alone */
	uint64_t irqs, soft_irqs; /* levels of cpu_set_irq; bits that software set */
	uint64_t medeleg, mideleg, mcounteren, mcountinhibit, menvcfg;
	uint64_t stvec, sscratch, sepc, scause, stval, scounteren, senvcfg, satp, stimecmp;
	uint64_t mcycle_offset, minstret_offset; /* to the clock; the value itself while mcountinhibit stops it */
	uint64_t reserved_addr;                  /* of LR, physical */
	unsigned reserved_bytes;                 /* 0: no reservation */
	struct cpu_pmp pmp;
	struct cpu_tlb tlb;

	struct cpu_config config;
	uint8_t *code_map;                                      /* of a DRAM page: CPU_CODE and so on */
	struct code_page **codes;                               /* and here it is */
	struct code_page *single;                               /* for an instruction that no page can hold */
	struct code_page *running;                              /* the page that executes */
	uint8_t *code_drops;                                    /* of a DRAM page: how often its code was given up */
	struct fast *fast;                                      /* fast.h */
	void (*stored)(void *ctx, uint64_t addr, unsigned len); /* or NULL: see cpu_watch */
	void *stored_ctx;
	struct cpu_debug *debug;     /* or NULL: debug.h */
	bool halt;                   /* one of its points was hit: cpu_run returned early */
	struct cpu_profile *profile; /* or NULL: profile.h */
};

enum { CPU_TRAP_LOOPS = 1000 };

#define CPU_STATE_BYTES offsetof(struct cpu, config)

/* A hart in reset. Exits with status 2 when memory runs out. */
struct cpu *cpu_new(const struct cpu_config *config);
void cpu_free(struct cpu *cpu);

/* Power-on state, at pc, in M mode, all x 0: so a0 is mhartid. cycle goes on counting. A boot loader's a1 and a2 may be
 * set afterwards. */
void cpu_reset(struct cpu *cpu, uint64_t pc);

/* The first CPU_STATE_BYTES of the hart, or DRAM, were replaced: forget what was derived from them. */
void cpu_restored(struct cpu *cpu);

/* Run clocks > 0. Returns early after an access outside DRAM, a watched store, WFI, a CSR write or a return that
 * lets an interrupt in or moves the timer, so that the caller may look at the world: calling again changes nothing but host time. A hart in WFI
 * with no interrupt pending sleeps through all the clocks. Interrupts are looked at once, before the first instruction. */
void cpu_run(struct cpu *cpu, uint64_t clocks);

/* Takes an interrupt that cpu_run would take before its first instruction. False: there is none. */
bool cpu_take_interrupt(struct cpu *cpu);

/* The level of an interrupt pin. STI is one only while cpu_stimecmp says so. */
void cpu_set_irq(struct cpu *cpu, enum cpu_irq irq, bool level);

/* The time at which STI is due (Sstc); UINT64_MAX when it is not enabled. */
uint64_t cpu_stimecmp(const struct cpu *cpu);

/* Where the current mode's loads would find vaddr, whatever its permissions; false: nowhere. No side effects. */
bool cpu_translate(const struct cpu *cpu, uint64_t vaddr, uint64_t *paddr);

/* Someone else wrote DRAM: forget decoded code and a reservation there. Addresses outside DRAM do no harm. */
void cpu_memory_written(struct cpu *cpu, uint64_t addr, uint64_t len);

/* Tell cpu->stored of every store of the hart to the pages of DRAM that [addr, addr + len) lies on, with its physical
 * address, after the store: cpu->pc and cpu->cycle are the instruction's. It must not change the hart. This costs host
 * time only. */
void cpu_watch(struct cpu *cpu, uint64_t addr, uint64_t len);
void cpu_unwatch(struct cpu *cpu); /* no page any more */

static inline bool cpu_interrupt_pending(const struct cpu *cpu)
{
	return (cpu->mip & cpu->mie) != 0;
}
/* Nothing will ever be executed again: the trap handler cannot be. cpu_run returned as soon as that was clear. */
static inline bool cpu_is_lost(const struct cpu *cpu)
{
	return cpu->trap_loops >= CPU_TRAP_LOOPS;
}
static inline uint64_t cpu_instret(const struct cpu *cpu)
{
	return cpu->cycle - cpu->lost;
}

#endif
