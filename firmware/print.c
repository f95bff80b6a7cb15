/* SPDX-License-Identifier: Apache-2.0
 * print.c: a small printf.
 */
#include "print.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include "uart.h"

static void put_text(const char *text)
{
	while (*text != '\0')
		uart_putc(*text++);
}

static void put_number(uint64_t value, unsigned base, unsigned width)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value != 0);
	while (width > n && width-- > 0)
		uart_putc('0');
	while (n > 0)
		uart_putc(digits[--n]);
}

static void put_signed(int64_t value)
{
	if (value < 0)
		uart_putc('-');
	put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, 0);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (const char *f = format; *f != '\0'; f++) {
		unsigned width = 0;
		bool wide = false;

		if (*f != '%') {
			uart_putc(*f);
			continue;
		}
		for (f++; *f >= '0' && *f <= '9'; f++)
			width = width * 10 + (unsigned)(*f - '0');
		for (; *f == 'l' || *f == 'z'; f++)
			wide = true;
		switch (*f) {
		case 's':
			put_text(va_arg(args, const char *));
			break;
		case 'c':
			uart_putc((char)va_arg(args, int));
			break;
		case 'd':
			put_signed(wide ? va_arg(args, int64_t) : va_arg(args, int));
			break;
		case 'u':
		case 'x':
			put_number(wide ? va_arg(args, uint64_t) : va_arg(args, unsigned), *f == 'x' ? 16 : 10, width);
			break;
		case 'p':
			put_text("0x");
			put_number((uintptr_t)va_arg(args, void *), 16, 0);
			break;
		default:
			uart_putc(*f);
			break;
		}
	}
	va_end(args);
}
