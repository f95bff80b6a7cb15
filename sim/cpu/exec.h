/* SPDX-License-Identifier: Apache-2.0
 * exec.h: the interpreter's loop.
 */
#ifndef CPU_EXEC_H
#define CPU_EXEC_H

#include "cpu/cpu.h"

/* cpu_run for a hart that is awake; interrupts have been looked at. */
void exec_run(struct cpu *cpu, uint64_t clocks);
/* The same, for a hart with a profile. */
void exec_run_profiled(struct cpu *cpu, uint64_t clocks);

#endif
