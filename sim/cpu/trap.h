/* SPDX-License-Identifier: Apache-2.0
 * trap.h: entering and leaving trap handlers.
 */
#ifndef CPU_TRAP_H
#define CPU_TRAP_H

#include "cpu/cpu.h"

/* The instruction at cpu->pc does not retire; cpu->pc becomes its handler. */
void trap_exception(struct cpu *cpu, enum cpu_cause cause, uint64_t tval);

/* An interrupt would be taken before the next instruction. */
bool trap_due(const struct cpu *cpu);

/* Take the most important interrupt that is pending and enabled, if there is one. */
void trap_interrupt(struct cpu *cpu);

/* MRET and SRET: cpu->pc becomes mepc or sepc. */
void trap_return_m(struct cpu *cpu);
void trap_return_s(struct cpu *cpu);

/* Pins, bits of software or the timer's enable changed: mip follows. */
void trap_update_pending(struct cpu *cpu);

#endif
