/* SPDX-License-Identifier: Apache-2.0
 * print.h: formatted text on the UART.
 */
#ifndef PRINT_H
#define PRINT_H

/* Knows %s, %c, %%, %d, %u, %x (with l or z for 64 bits), a zero-padded width in front of x, and %p as 0x%lx.
 */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
