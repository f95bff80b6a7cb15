/* SPDX-License-Identifier: Apache-2.0
 * mem.h: data accesses that the fast path in exec.c leaves: misaligned stores, the end of DRAM, devices.
 */
#ifndef CPU_MEM_H
#define CPU_MEM_H

#include "cpu/cpu.h"

/* len is 1, 2, 4 or 8. false: a trap was taken, cpu->pc is its handler. cpu->pc and cpu->cycle are the instruction's. */
bool mem_load(struct cpu *cpu, uint64_t addr, unsigned len, uint64_t *data);
bool mem_store(struct cpu *cpu, uint64_t addr, unsigned len, uint64_t data);

/* After a store to [offset, offset + len) of DRAM; cpu->pc and cpu->cycle are the instruction's. */
void mem_stored(struct cpu *cpu, uint64_t offset, unsigned len);

/* The bytes that an LR, or an SC or AMO (store), works on; NULL: a trap was taken. len is 4 or 8. */
uint8_t *mem_atomic(struct cpu *cpu, uint64_t addr, unsigned len, bool store);

/* After a store through mem_atomic's pointer. */
void mem_atomic_stored(struct cpu *cpu, uint64_t addr, unsigned len);

#endif
