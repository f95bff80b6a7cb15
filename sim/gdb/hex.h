/* SPDX-License-Identifier: Apache-2.0
 * hex.h: hexadecimal digits as GDB's remote protocol has them.
 */
#ifndef GDB_HEX_H
#define GDB_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The digit's value, or -1. */
int gdb_hex_digit(char c);

/* Two digits a byte, no terminator. */
void gdb_hex_put(char *to, const uint8_t *bytes, size_t count);

/* Exactly count bytes from 2 * count digits; false when there are fewer. */
bool gdb_hex_get(uint8_t *bytes, const char *text, size_t count);

/* A number of 1 to 16 digits at *text, which moves behind it. False: there is none, or it is longer. */
bool gdb_hex_number(const char **text, uint64_t *value);

#endif
