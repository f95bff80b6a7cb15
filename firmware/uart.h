/* SPDX-License-Identifier: Apache-2.0
 * uart.h: the 16550 at 0x10000000.
 */
#ifndef UART_H
#define UART_H

#include <stdbool.h>

void uart_putc(char c);

/* The next byte that came, or -1. */
int uart_get(void);

/* A byte that came interrupts, by the PLIC's source 10. */
void uart_interrupts(bool on);

#endif
