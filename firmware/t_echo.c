/* SPDX-License-Identifier: Apache-2.0
 * t_echo: tells each byte that comes over the UART, first by polling, then by interrupts, and ends at a `q`. It is no
 * test by itself: tests/system/console.sh types.
 */
#include "check.h"
#include "irq.h"
#include "print.h"
#include "riscv.h"
#include "uart.h"

#define UART_IRQ 10u
#define POLLED 4u /* bytes before the interrupts take over */

static volatile unsigned got;
static volatile bool quit;

static void tell(unsigned byte)
{
	got++;
	quit |= byte == 'q';
	print("byte %u is 0x%x\n", got, byte);
}

static void handler(unsigned cause)
{
	unsigned irq;
	int byte;

	if (cause != IRQ_CAUSE_EXTERNAL)
		check_give_up("an interrupt of an unknown cause");
	while ((irq = irq_plic_claim()) != 0) {
		while ((byte = uart_get()) >= 0)
			tell((unsigned)byte);
		irq_plic_complete(irq);
	}
}

int main(void)
{
	int byte;

	print("type\n");
	while (!quit && got < POLLED)
		if ((byte = uart_get()) >= 0)
			tell((unsigned)byte);
	irq_set_handler(handler);
	irq_plic_enable(UART_IRQ);
	uart_interrupts(true);
	while (!quit) {
		irq_disable();
		if (!quit)
			riscv_wfi();
		irq_enable();
	}
	return 0;
}
