/* SPDX-License-Identifier: Apache-2.0
 * uart.h: the 16550 at 0x10000000, sending only.
 */
#ifndef UART_H
#define UART_H

void uart_putc(char c);

#endif
