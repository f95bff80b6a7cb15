/* SPDX-License-Identifier: Apache-2.0
 * qtest_words.h: numbers and bytes as the qtest protocol writes them. false: the word is none.
 */
#ifndef QTEST_WORDS_H
#define QTEST_WORDS_H

#include <stdbool.h>
#include <stdint.h>

extern const char qtest_base64_digits[65];

/* As in C: decimal, octal or hexadecimal, unsigned. word may be NULL. */
bool qtest_number(const char *word, uint64_t *value);

/* Two digits a byte, and four for three. At most len bytes are taken; those that text does not give are left alone. */
bool qtest_hex(const char *text, uint8_t *to, uint64_t len);
bool qtest_base64(const char *text, uint8_t *to, uint64_t len);

#endif
