/* SPDX-License-Identifier: Apache-2.0
 * mem.h: data accesses that the fast path in exec.c leaves: pages that are not in the tables of fast.h, accesses that are not
 * aligned, devices.
 *
 * A misaligned access in one page or across two is done whole or not at all. When it is a trap, the trap names the
 * address where the part of it that failed begins.
 */
#ifndef CPU_MEM_H
#define CPU_MEM_H

#include "cpu/cpu.h"

/* MEM_TRAPPED: a trap was taken, cpu->pc is its handler. MEM_BUS: the batch ends: it went out of DRAM, and may have taken
 * clocks, or was told to cpu->stored, or a debugger stops the hart behind it. */
enum { MEM_DONE = 0, MEM_TRAPPED = 1, MEM_BUS = 2 };

/* len is 1, 2, 4 or 8. The answer is a set of the above. cpu->pc and cpu->cycle are the instruction's. */
unsigned mem_load(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t *data);
unsigned mem_store(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t data);

/* After a store to [offset, offset + len) of DRAM, in one page; cpu->pc and cpu->cycle are the instruction's. MEM_BUS when
 * someone was told of it, and may want to look at the world now; else MEM_DONE. */
unsigned mem_stored(struct cpu *cpu, uint64_t offset, unsigned len);

/* Where in DRAM an LR, or an SC or AMO (store), works; false: a trap was taken. len is 4 or 8. */
bool mem_atomic(struct cpu *cpu, uint64_t vaddr, unsigned len, bool store, uint64_t *offset);

#endif
