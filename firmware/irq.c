/* SPDX-License-Identifier: Apache-2.0
 * irq.c: QEMU virt's interrupt map. PLIC context 0 is hart 0 in machine mode.
 */
#include "irq.h"

#include "finish.h"
#include "print.h"
#include "riscv.h"

#define CLINT_MSIP 0x2000000u
#define CLINT_MTIMECMP 0x2004000u
#define CLINT_MTIME 0x200bff8u

#define PLIC_PRIORITY 0xc000000u
#define PLIC_ENABLE 0xc002000u
#define PLIC_THRESHOLD 0xc200000u
#define PLIC_CLAIM 0xc200004u

#define CAUSE_INTERRUPT (1ull << 63)

static irq_handler *handler;

void irq_set_handler(irq_handler *new_handler)
{
	handler = new_handler;
}

uint64_t irq_trap(uint64_t cause, uint64_t epc, uint64_t value)
{
	if ((cause & CAUSE_INTERRUPT) != 0 && handler) {
		handler((unsigned)(cause & 0xff));
		return epc;
	}
	print("FAIL trap: mcause 0x%lx mepc 0x%lx mtval 0x%lx\n", cause, epc, value);
	finish(3);
}

void irq_enable(void)
{
	CSR_SET(mstatus, MSTATUS_MIE);
}

bool irq_disable(void)
{
	bool was = (CSR_READ(mstatus) & MSTATUS_MIE) != 0;

	CSR_CLEAR(mstatus, MSTATUS_MIE);
	return was;
}

static uintptr_t enable_word(unsigned irq)
{
	return PLIC_ENABLE + irq / 32 * 4;
}

void irq_plic_enable(unsigned irq)
{
	riscv_write32(PLIC_PRIORITY + 4 * irq, 1);
	riscv_write32(enable_word(irq), riscv_read32(enable_word(irq)) | 1u << irq % 32);
	riscv_write32(PLIC_THRESHOLD, 0);
	CSR_SET(mie, MIE_EXTERNAL);
}

void irq_plic_disable(unsigned irq)
{
	riscv_write32(enable_word(irq), riscv_read32(enable_word(irq)) & ~(1u << irq % 32));
}

unsigned irq_plic_claim(void)
{
	return riscv_read32(PLIC_CLAIM);
}

void irq_plic_complete(unsigned irq)
{
	riscv_write32(PLIC_CLAIM, irq);
}

uint64_t irq_time(void)
{
	return *(volatile uint64_t *)(uintptr_t)CLINT_MTIME;
}

void irq_timer_set(uint64_t deadline)
{
	*(volatile uint64_t *)(uintptr_t)CLINT_MTIMECMP = deadline;
}

void irq_software_set(bool pending)
{
	riscv_write32(CLINT_MSIP, pending);
}

void irq_delay(uint64_t ticks)
{
	uint64_t start = irq_time();

	while (irq_time() - start < ticks)
		;
}
