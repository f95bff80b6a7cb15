/* SPDX-License-Identifier: Apache-2.0
 * fast.h: the short way from virtual addresses to the host's memory.
 *
 * Three direct-mapped tables for each way in which the hart may look at memory: pages that loads, that stores, and that
 * fetches reach. An entry says: all accesses to this page, in this mode, are allowed, lie in DRAM and need no one's
 * attention. So a page with decoded code or watched stores is in no store table, and one of a debugger's watchpoints in none
 * for data. Each entry could be made again from
 * cpu->tlb, satp and PMP at any time without a walk: it costs or saves host time and can change nothing else.
 *
 * The tables are keyed by virtual page. M mode's own accesses, which are physical, have a set like the others.
 */
#ifndef CPU_FAST_H
#define CPU_FAST_H

#include "cpu/cpu.h"

enum { FAST_M, FAST_S, FAST_S_SUM, FAST_U, FAST_SETS };
enum { FAST_ENTRIES = 256, FAST_PAGE = 4096, FAST_NONE = 1 }; /* FAST_NONE: a tag of no page */

struct fast_data {
	uint64_t tag;    /* virtual page */
	uint64_t addend; /* host address - virtual address */
};

struct fast_code {
	uint64_t tag;
	struct code_page *page;
};

struct fast {
	struct fast_data load[FAST_SETS][FAST_ENTRIES], store[FAST_SETS][FAST_ENTRIES];
	struct fast_code code[FAST_SETS][FAST_ENTRIES];
};

static inline unsigned fast_index(uint64_t vaddr)
{
	return (unsigned)(vaddr / FAST_PAGE % FAST_ENTRIES);
}

/* The page of vaddr, and 1s below it that say that an access of len bytes there is not aligned: equal to a tag only for
 * what an entry stands for. */
static inline uint64_t fast_tag(uint64_t vaddr, unsigned len)
{
	return vaddr & (~(uint64_t)(FAST_PAGE - 1) | (len - 1));
}

/* The mode of loads and stores: with MPRV M mode's are those of MPP. */
static inline unsigned fast_data_priv(const struct cpu *cpu)
{
	if (cpu->mstatus & CPU_MSTATUS_MPRV)
		return (unsigned)(cpu->mstatus >> CPU_MSTATUS_MPP_BIT & 3);
	return cpu->priv;
}

/* The sets of the hart as it is. */
unsigned fast_data_set(const struct cpu *cpu);
unsigned fast_code_set(const struct cpu *cpu);

/* vaddr's page is the DRAM page at offset, or code, for all accesses of the mode; one that needs attention is not
 * taken. */
void fast_add_load(struct cpu *cpu, uint64_t vaddr, uint64_t offset);
void fast_add_store(struct cpu *cpu, uint64_t vaddr, uint64_t offset);
void fast_add_code(struct cpu *cpu, uint64_t vaddr, struct code_page *page);

/* No entry holds any more: all of them; those of pages that are translated (S and U); of them loads; those of one index
 * for data, or for code; stores to the DRAM page; fetches from code. */
void fast_forget(struct cpu *cpu);
void fast_forget_translated(struct cpu *cpu);
void fast_forget_loads(struct cpu *cpu);
void fast_forget_data_at(struct cpu *cpu, unsigned index);
void fast_forget_code_at(struct cpu *cpu, unsigned index);
void fast_forget_stores(struct cpu *cpu, uint64_t page);
void fast_forget_code(struct cpu *cpu, const struct code_page *code);

#endif
