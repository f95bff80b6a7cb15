/* SPDX-License-Identifier: Apache-2.0
 * hex.c: see hex.h.
 */
#include "gdb/hex.h"

int gdb_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void gdb_hex_put(char *to, const uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
}

bool gdb_hex_get(uint8_t *bytes, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int high = gdb_hex_digit(text[2 * i]), low = high < 0 ? -1 : gdb_hex_digit(text[2 * i + 1]);

		if (low < 0)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool gdb_hex_number(const char **text, uint64_t *value)
{
	const char *at = *text;

	*value = 0;
	for (; gdb_hex_digit(*at) >= 0; at++) {
		if (at - *text == 16)
			return false;
		*value = *value << 4 | (uint64_t)gdb_hex_digit(*at);
	}
	if (at == *text)
		return false;
	*text = at;
	return true;
}
