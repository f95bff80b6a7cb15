/* SPDX-License-Identifier: Apache-2.0
 * mmu.h: from virtual to physical addresses; privileged architecture 1.12, 4.3 to 4.5. Sv39, Sv48 and Bare; no ASIDs.
 *
 * Accesses of M mode, and all when satp is Bare, go to the physical address of the same number; PMP is asked for every
 * access. A walk reads page tables in DRAM only. It sets a leaf's A bit, and D for stores.
 *
 * cpu->tlb holds what walks found, fetches and data apart, until SFENCE.VMA, satp, PMP, or another page takes the place.
 * It is part of the machine: what is in it follows from the instructions alone, so that a driver of page tables that
 * forgets a fence has the same run each time. An entry that does not allow an access is walked again.
 */
#ifndef CPU_MMU_H
#define CPU_MMU_H

#include "cpu/cpu.h"
#include "cpu/pmp.h"

/* Where an access to [vaddr, vaddr + len), which is in one page, goes. 0, or the cause of the trap that it is. */
unsigned mmu_translate(struct cpu *cpu, uint64_t vaddr, unsigned len, enum access access, uint64_t *paddr);

/* The same answer, without side effects. */
unsigned mmu_probe(struct cpu *cpu, uint64_t vaddr, unsigned len, enum access access, uint64_t *paddr);

unsigned mmu_access_fault(enum access access);

/* The page that a fetch from cpu->pc, which translates to paddr, allows to be kept as a whole. */
bool mmu_whole_page(const struct cpu *cpu, uint64_t paddr, enum access access);

/* SFENCE.VMA of all, or of one page. */
void mmu_forget(struct cpu *cpu);
void mmu_forget_page(struct cpu *cpu, uint64_t vaddr);

#endif
