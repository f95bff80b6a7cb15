/* SPDX-License-Identifier: Apache-2.0
 * uart.c: waits for room in the transmitter, then sends. The line settings that reset leaves are good enough
 * here.
 */
#include "uart.h"

#include <stdint.h>

#define UART_BASE 0x10000000u
#define UART_RBR_THR 0
#define UART_IER 1
#define UART_LSR 5
#define IER_RECEIVED 0x01u
#define LSR_DATA 0x01u
#define LSR_THR_EMPTY 0x20u

static volatile uint8_t *const uart = (volatile uint8_t *)(uintptr_t)UART_BASE;

void uart_putc(char c)
{
	while ((uart[UART_LSR] & LSR_THR_EMPTY) == 0)
		;
	uart[UART_RBR_THR] = (uint8_t)c;
}

int uart_get(void)
{
	return uart[UART_LSR] & LSR_DATA ? uart[UART_RBR_THR] : -1;
}

void uart_interrupts(bool on)
{
	uart[UART_IER] = on ? IER_RECEIVED : 0;
}
