/* SPDX-License-Identifier: Apache-2.0
 * uart.c: waits for room in the transmitter, then sends. The line settings that reset leaves are good enough
 * here.
 */
#include "uart.h"

#include <stdint.h>

#define UART_BASE 0x10000000u
#define UART_THR 0
#define UART_LSR 5
#define LSR_THR_EMPTY 0x20u

void uart_putc(char c)
{
	volatile uint8_t *uart = (volatile uint8_t *)(uintptr_t)UART_BASE;

	while ((uart[UART_LSR] & LSR_THR_EMPTY) == 0)
		;
	uart[UART_THR] = (uint8_t)c;
}
