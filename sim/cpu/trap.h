/* SPDX-License-Identifier: Apache-2.0
 * trap.h: entering and leaving trap handlers.
 */
#ifndef CPU_TRAP_H
#define CPU_TRAP_H

#include "cpu/cpu.h"

/* The instruction at cpu->pc does not retire; cpu->pc becomes its handler. */
void trap_exception(struct cpu *cpu, enum cpu_cause cause, uint64_t tval);

/* Take the most important interrupt that is pending and enabled, if there is one. */
void trap_interrupt(struct cpu *cpu);

/* MRET: cpu->pc becomes mepc. */
void trap_return(struct cpu *cpu);

#endif
