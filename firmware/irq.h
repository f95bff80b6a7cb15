/* SPDX-License-Identifier: Apache-2.0
 * irq.h: traps, the PLIC and the CLINT, for hart 0 in machine mode.
 */
#ifndef IRQ_H
#define IRQ_H

#include <stdbool.h>
#include <stdint.h>

#define IRQ_CAUSE_SOFTWARE 3u
#define IRQ_CAUSE_TIMER 7u
#define IRQ_CAUSE_EXTERNAL 11u

/* Called with an interrupt's cause (IRQ_CAUSE_*). It must remove the cause, or the interrupt is taken again
 * at once. */
typedef void irq_handler(unsigned cause);

/* The handler of all interrupts; without one an interrupt ends the run. */
void irq_set_handler(irq_handler *handler);

/* Called by start.S. Returns the address to resume at. An exception that nobody expects ends the run. */
uint64_t irq_trap(uint64_t cause, uint64_t epc, uint64_t value);

/* mstatus.MIE. Disabling returns whether it was enabled. */
void irq_enable(void);
bool irq_disable(void);

/* Source `irq` at priority 1 for hart 0, threshold 0; and mie.MEIE. */
void irq_plic_enable(unsigned irq);
void irq_plic_disable(unsigned irq);

/* The pending source of highest priority, or 0. A claimed source stays silent until it is completed. */
unsigned irq_plic_claim(void);
void irq_plic_complete(unsigned irq);

/* The CLINT. Time is in ticks of the machine's timer. */
uint64_t irq_time(void);
void irq_timer_set(uint64_t deadline);
void irq_software_set(bool pending);

/* Waits this many ticks, polling. */
void irq_delay(uint64_t ticks);

#endif
