/* SPDX-License-Identifier: Apache-2.0
 * qtest_words.c: see qtest_words.h.
 */
#include "qtest_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NO_DIGIT = 255 };

const char qtest_base64_digits[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool qtest_number(const char *word, uint64_t *value)
{
	char *end;

	if (!word || !isdigit((unsigned char)word[0]))
		return false;
	errno = 0;
	*value = strtoull(word, &end, 0);
	return !*end && !errno;
}

static unsigned digit_of(const char *digits, char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (unsigned)(at - digits) : NO_DIGIT;
}

bool qtest_hex(const char *text, uint8_t *to, uint64_t len)
{
	unsigned high, low;

	for (uint64_t i = 0; i < len && text[2 * i] && text[2 * i + 1]; i++) {
		high = digit_of("0123456789abcdef", (char)tolower((unsigned char)text[2 * i]));
		low = digit_of("0123456789abcdef", (char)tolower((unsigned char)text[2 * i + 1]));
		if (high == NO_DIGIT || low == NO_DIGIT)
			return false;
		to[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool qtest_base64(const char *text, uint8_t *to, uint64_t len)
{
	uint64_t count = 0;
	uint32_t bits = 0;
	unsigned have = 0, digit;

	for (; *text && *text != '='; text++) {
		digit = digit_of(qtest_base64_digits, *text);
		if (digit == NO_DIGIT)
			return false;
		bits = bits << 6 | digit;
		have += 6;
		if (have >= 8 && count < len)
			to[count++] = (uint8_t)(bits >> (have -= 8));
		else if (have >= 8)
			have -= 8;
	}
	return true;
}
