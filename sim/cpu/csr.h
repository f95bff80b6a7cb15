/* SPDX-License-Identifier: Apache-2.0
 * csr.h: control and status registers.
 */
#ifndef CPU_CSR_H
#define CPU_CSR_H

#include "cpu/cpu.h"

/* The mode may read, or write, the register. None of the calls below may be made otherwise. */
bool csr_allowed(const struct cpu *cpu, unsigned number, bool write);
uint64_t csr_read(struct cpu *cpu, unsigned number);
/* What CSRRS and CSRRC set and clear bits of. */
uint64_t csr_base(struct cpu *cpu, unsigned number);
void csr_write(struct cpu *cpu, unsigned number, uint64_t value);

#endif
