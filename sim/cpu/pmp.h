/* SPDX-License-Identifier: Apache-2.0
 * pmp.h: physical memory protection; privileged architecture 1.12, 3.7. Granularity: 4 bytes.
 */
#ifndef CPU_PMP_H
#define CPU_PMP_H

#include "cpu/cpu.h"

enum access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };

/* Whether mode priv may access all of [addr, addr + len), len > 0. If so it may access every part of it; if not, it may
 * still be allowed parts of it. */
bool pmp_allows(const struct cpu *cpu, uint64_t addr, uint64_t len, enum access access, unsigned priv);

/* pmpaddr<index> and the even pmpcfg<index>: what is locked keeps its value. */
void pmp_write_addr(struct cpu *cpu, unsigned index, uint64_t value);
void pmp_write_cfg(struct cpu *cpu, unsigned index, uint64_t value);
uint64_t pmp_read_cfg(const struct cpu *cpu, unsigned index);

#endif
